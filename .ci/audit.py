"""Report the findings of pip-audit in the pinned dependencies: `pip-audit ... --format json | python .ci/audit.py`.

The exit code is 1 if a dependency has a known vulnerability. If the advisory database could not be reached, or does not
know a dependency, a line says so and the exit code is 0, since a machine without a network must be able to build.
"""

import json
import sys


def main() -> int:
    """Read the report from standard input, print a summary and return the exit code."""
    text = sys.stdin.read()
    dependencies = json.loads(text)["dependencies"] if text.strip() else []
    skipped = [dependency["name"] for dependency in dependencies if "skip_reason" in dependency]
    vulnerable = [(dependency, flaw) for dependency in dependencies for flaw in dependency.get("vulns", ())]
    for dependency, flaw in vulnerable:
        fixed = ", ".join(flaw["fix_versions"]) or "none yet"
        sys.stdout.write(f"{dependency['name']} {dependency['version']}: {flaw['id']}, fixed in: {fixed}\n")
    audited = len(dependencies) - len(skipped)
    sys.stdout.write(f"{audited} dependencies audited, {len(vulnerable)} known vulnerabilities\n")
    if not audited:
        sys.stdout.write("AUDIT SKIPPED: the database of advisories could not be reached; NOTHING was audited\n")
    elif skipped:
        sys.stdout.write(f"NOT AUDITED, unknown to the database: {', '.join(skipped)}\n")
    return 1 if vulnerable else 0


if __name__ == "__main__":
    sys.exit(main())
