"""Clients that generators make from the API description use a running service as a person would write it.

`make clients` installs the generators. Each test generates a client and runs a program of `tests/support` with it,
which asks, reads, lists, puts and removes, and looks at what the client has parsed.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx2
import pytest

from tests.support.paths import ROOT
from tests.support.servers.word_server import word_server

KEY = "the-key-of-the-test"
TOOLS = ROOT / ".venv-clients"
PROGRAMS = ROOT / "tests" / "support" / "generated_clients"
PYTHON = TOOLS / "bin" / "python"
PYTHON_CLIENT = TOOLS / "bin" / "openapi-python-client"
GENERATOR = TOOLS / "bin" / "openapi-generator-cli"
TSC = TOOLS / "node_modules" / ".bin" / "tsc"
TIMEOUT_SECONDS = 120
TYPESCRIPT = {
    "compilerOptions": {
        "target": "es2022",
        "module": "commonjs",
        "lib": ["es2022", "dom"],
        "strict": True,
        "types": [],
        "outDir": "compiled",
    },
    "include": ["*.ts", "made_by_generator/**/*.ts"],
}


class Service(NamedTuple):
    """A running service and a file with its description."""

    url: str
    description: Path


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    missing = [str(tool) for tool in (PYTHON_CLIENT, GENERATOR, TSC) if not tool.exists()]
    missing += [tool for tool in ("java", "node") if shutil.which(tool) is None]
    if missing:
        reason = f"not on this machine: {', '.join(missing)}; see `make clients`"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("described")
    with word_server(folder / "data", WHEREFROM_API_KEYS=KEY) as served:
        description = folder / "openapi.json"
        description.write_bytes(httpx2.get(f"{served.url}/openapi.json").raise_for_status().content)
        yield Service(served.url, description)


def run(folder: Path, *command: str | Path) -> str:
    path = f"{TOOLS / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"PATH": path}
    done = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def use(folder: Path, service: Service, program: str) -> None:
    shutil.copy(PROGRAMS / program, folder)
    run(folder, PYTHON, program, service.url, KEY)


def generate(folder: Path, service: Service, *options: str | Path) -> None:
    run(folder, GENERATOR, "generate", "-i", service.description, *options)


def operations(service: Service) -> set[str]:
    paths = json.loads(service.description.read_bytes())["paths"]
    return {operation["operationId"] for methods in paths.values() for operation in methods.values()}


def test_a_client_of_openapi_python_client_uses_the_service(tmp_path: Path, service: Service) -> None:
    output = tmp_path / "made_by_python_client"
    command = ("generate", "--path", service.description, "--output-path", output, "--meta", "none")
    printed = run(tmp_path, PYTHON_CLIENT, *command)
    assert "will not be generated" not in printed
    assert "Unable to process schema" not in printed
    assert operations(service) == {path.stem for path in output.glob("api/*/*.py")} - {"__init__"}
    use(tmp_path, service, "by_openapi_python_client.py")


def test_a_python_client_of_openapi_generator_uses_the_service(tmp_path: Path, service: Service) -> None:
    generate(tmp_path, service, "-g", "python", "-o", tmp_path, "--package-name", "made_by_generator")
    use(tmp_path, service, "by_openapi_generator.py")


def test_a_typescript_client_of_openapi_generator_compiles_and_uses_the_service(
    tmp_path: Path, service: Service
) -> None:
    generate(tmp_path, service, "-g", "typescript-fetch", "-o", tmp_path / "made_by_generator")
    shutil.copy(PROGRAMS / "by_typescript_fetch.ts", tmp_path)
    (tmp_path / "tsconfig.json").write_text(json.dumps(TYPESCRIPT), encoding="utf-8")
    run(tmp_path, TSC, "--project", "tsconfig.json")
    run(tmp_path, "node", Path("compiled") / "by_typescript_fetch.js", service.url, KEY)
