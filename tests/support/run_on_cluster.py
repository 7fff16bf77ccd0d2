"""Runs a command with a PostgreSQL and a Milvus Lite of its own, whose addresses it finds in its environment.

    python -m tests.support.run_on_cluster [--milvus-python PYTHON] COMMAND ...

WHEREFROM_POSTGRES_DSN names an empty database and WHEREFROM_MILVUS_URI the Milvus. With `--milvus-python`, a Python in
whose environment a Milvus server is installed (`pip install milvus==2.3.5`), DENSE_MILVUS_URI names such a server too.
That one listens on every interface, so all of it runs in a network namespace with no interface but loopback.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.support.cluster import cluster_servers, milvus_server

INSIDE = "INSIDE_NAMESPACE"
NAMESPACE = ("unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command of the command line, and return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--milvus-python", type=Path, metavar="PYTHON", help="Python with the package `milvus`")
    parser.add_argument("command", nargs=argparse.REMAINDER, metavar="COMMAND", help="what is run")
    options = parser.parse_args(arguments)
    command = [part for at, part in enumerate(options.command) if at or part != "--"]
    if options.milvus_python is not None and not os.environ.get(INSIDE):
        again = [sys.executable, "-m", "tests.support.run_on_cluster", "--milvus-python", str(options.milvus_python)]
        inside = [*NAMESPACE, *again, "--", *command]
        return subprocess.run(inside, env=os.environ | {INSIDE: "1"}, check=False).returncode
    with ExitStack() as stack:
        servers = stack.enter_context(cluster_servers())
        environment = {
            "WHEREFROM_POSTGRES_DSN": servers.postgres.new_database(),
            "WHEREFROM_MILVUS_URI": servers.milvus.uri,
        }
        if options.milvus_python is not None:
            environment["DENSE_MILVUS_URI"] = stack.enter_context(milvus_server(options.milvus_python)).uri
        return subprocess.run(command, env=os.environ | environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
