"""Tells what pip-audit found of the pinned dependencies: `pip-audit ... --format json | python .ci/audit.py`.

Exit 1 where a dependency has a known vulnerability. Where the database of advisories could not be reached, or knows a
dependency not at all, it says so on its own line and passes: a machine without a network must still build.
"""

import json
import sys


def main() -> int:
    """Read the report and tell it."""
    text = sys.stdin.read()
    found = json.loads(text)["dependencies"] if text.strip() else []
    skipped = [each["name"] for each in found if "skip_reason" in each]
    vulnerable = [(each, flaw) for each in found for flaw in each.get("vulns", ())]
    for each, flaw in vulnerable:
        fixed = ", ".join(flaw["fix_versions"]) or "none yet"
        sys.stdout.write(f"{each['name']} {each['version']}: {flaw['id']}, fixed in: {fixed}\n")
    audited = len(found) - len(skipped)
    sys.stdout.write(f"{audited} dependencies audited, {len(vulnerable)} known vulnerabilities\n")
    if not audited:
        sys.stdout.write("AUDIT SKIPPED: the database of advisories could not be reached; NOTHING was audited\n")
    elif skipped:
        sys.stdout.write(f"NOT AUDITED, unknown to the database: {', '.join(skipped)}\n")
    return 1 if vulnerable else 0


if __name__ == "__main__":
    sys.exit(main())
