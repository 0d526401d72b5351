"""Does one of our packages have a known hole? Asked of the OSV database, where it can be reached.

    python -m tests.tools.audit [ADDRESS]

Ends with 1 when there is one, which is to be mended before anything else. Where nobody answers within a
moment, it says so and ends well: work goes on without a network.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

LOCKED = Path(__file__).parents[2] / "requirements" / "run.txt"
# Seconds for one answer, and for all of them.
ONE, ALL = 5, 60


def main(where: Sequence[str] = (), locked: Path = LOCKED) -> int:
    """Of what the application runs on; what only the tests need meets no stranger."""
    printed = _asked(where, locked)
    try:
        found = [package for package in json.loads(printed)["dependencies"] if package.get("vulns")]
    except (ValueError, KeyError):
        print("known holes in our packages were not looked up: nobody answered")
        return 0
    for package in found:
        for hole in package["vulns"]:
            mended = ", ".join(hole["fix_versions"]) or "not yet"
            print(f"{package['name']} {package['version']}: {hole['id']}, mended in: {mended}")
    return int(bool(found))


def _asked(where: Sequence[str], locked: Path) -> str:
    options = ["--requirement", locked, "--disable-pip", "--require-hashes", "--vulnerability-service", "osv"]
    options += ["--format", "json", "--progress-spinner", "off", "--timeout", str(ONE)]
    address = ["--osv-url", *where] if where else []
    command = [sys.executable, "-m", "pip_audit", *options, *address]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=ALL).stdout
    except subprocess.TimeoutExpired:
        return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
