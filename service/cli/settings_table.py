"""The table of settings in docs/operations.md: `python -m wherefrom.service.cli.settings_table docs/operations.md`."""

import sys
from pathlib import Path

from wherefrom.service.settings import default_text, description, setting_names, variable

START = "<!-- begin settings -->\n"
END = "<!-- end settings -->"


def settings_table() -> str:
    """Return the table in Markdown, a line for each setting."""
    rows = ["| variable | default | what it does |", "| --- | --- | --- |"]
    for name in setting_names():
        default = f"`{text}`" if (text := default_text(name)) else ""
        rows.append(f"| `{variable(name)}` | {default} | {description(name)} |")
    return "\n".join(rows) + "\n"


def replace_table(page: str) -> str:
    """Return a page with the present table between its markers. Raise ValueError if it has no markers."""
    before, start, rest = page.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise ValueError(f"the page has no part between {START.strip()} and {END}")
    return f"{before}{START}\n{settings_table()}\n{END}{after}"


def main() -> None:
    """Write the table into the page that the command line names."""
    path = Path(sys.argv[1])
    path.write_text(replace_table(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
