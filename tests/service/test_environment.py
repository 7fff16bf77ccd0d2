"""Variables that are no settings: Kubernetes' own, those of the tests, mistyped ones."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx2
import pytest

from tests.support.library_samples import QUESTION, seeds_library
from tests.support.paths import ROOT
from tests.support.servers.word_server import word_server
from wherefrom.service.environment import TEST_VARIABLES, port_warning, set_by_kubernetes, unknown_variables
from wherefrom.service.settings import setting_names, variable

SETTINGS = [variable(name) for name in setting_names()]
ADDRESS = "tcp://10.96.0.12:8000"
SERVICE = {
    "WHEREFROM_SERVICE_HOST": "10.96.0.12",
    "WHEREFROM_SERVICE_PORT": "8000",
    "WHEREFROM_SERVICE_PORT_HTTP": "8000",
    "WHEREFROM_SERVICE_PORT_HTTP_METRICS": "9000",
    "WHEREFROM_PORT": ADDRESS,
    "WHEREFROM_PORT_8000_TCP": ADDRESS,
    "WHEREFROM_PORT_8000_TCP_ADDR": "10.96.0.12",
    "WHEREFROM_PORT_8000_TCP_PORT": "8000",
    "WHEREFROM_PORT_8000_TCP_PROTO": "tcp",
}
"""What Kubernetes sets in every pod of a namespace that has a Service named wherefrom."""
OTHER_SERVICE = {name.replace("WHEREFROM_", "WHEREFROM_API_2_", 1): text for name, text in SERVICE.items()}
"""And for one named wherefrom-api-2."""
WITHOUT_MODEL = """
import sys
from wherefrom.service import bootstrap
from tests.support.library_samples import WordEmbedder

bootstrap.load_embedder = lambda *_, **__: WordEmbedder()
from wherefrom.service.cli.main import main
main(sys.argv[1:])
"""


def command(arguments: Sequence[str], variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the command line, without a model, in an environment with these variables."""
    environment = os.environ | variables
    process = [sys.executable, "-c", WITHOUT_MODEL, *arguments]
    return subprocess.run(process, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A data folder with the seeds."""
    folder = tmp_path_factory.mktemp("data")
    seeds_library(folder).close()
    return str(folder)


@pytest.mark.parametrize(("name", "text"), [*SERVICE.items(), *OTHER_SERVICE.items()])
def test_variables_of_a_service_are_known(name: str, text: str) -> None:
    assert set_by_kubernetes(name, text)
    assert unknown_variables({name: text}, SETTINGS) == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("WHEREFROM_PORT", "8000"),
        ("WHEREFROM_PORT", ""),
        ("WHEREFROM_PORT", "http://10.96.0.12:8000"),
        ("WHEREFROM_API_PORT", "8000"),
        ("WHEREFROM_HOST", ADDRESS),
        ("WHEREFROM_PORTS", ADDRESS),
        ("WHEREFROM_SERVICE_KEY", "10.96.0.12"),
        ("WHEREFROM_PORT_8000", ADDRESS),
        ("WHEREFROMPORT", ADDRESS),
        ("PORT", ADDRESS),
    ],
)
def test_other_variables_and_values_are_not_those_of_kubernetes(name: str, text: str) -> None:
    assert not set_by_kubernetes(name, text)


def test_there_is_a_warning_only_if_kubernetes_has_set_the_port() -> None:
    assert port_warning({}) is None
    assert port_warning({"WHEREFROM_PORT": "8000"}) is None
    assert port_warning(OTHER_SERVICE) is None
    assert str(port_warning(SERVICE)).startswith(f"WHEREFROM_PORT={ADDRESS} is ignored: Kubernetes sets it")


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("WHEREFROM_APIKEYS", "WHEREFROM_API_KEYS"),
        ("WHEREFROM_API_KEY", "WHEREFROM_API_KEYS"),
        ("WHEREFROM_API_KEY_FILE", "WHEREFROM_API_KEYS_FILE"),
        ("WHEREFROM_READKEYS_FILE", "WHEREFROM_READ_KEYS_FILE"),
        ("WHEREFROM_PRIVAT", "WHEREFROM_PRIVATE"),
        ("WHEREFROM_RATELIMIT", "WHEREFROM_RATE_LIMIT"),
        ("wherefrom_api_keys", "WHEREFROM_API_KEYS"),
        ("Wherefrom_Private", "WHEREFROM_PRIVATE"),
    ],
)
def test_a_mistyped_variable_has_the_setting_nearest_in_name(name: str, nearest: str) -> None:
    for text in ("x", ""):
        assert unknown_variables({name: text}, SETTINGS) == {name: nearest}


def test_any_other_variable_of_ours_has_some_nearest_setting() -> None:
    for name in ("WHEREFROM_", "WHEREFROM_ZZZZZZZZZZZZ", "WHEREFROM_\u00fc"):
        assert unknown_variables({name: ""}, SETTINGS)[name] in SETTINGS


def test_settings_and_variables_of_others_are_known() -> None:
    names = [*SETTINGS, *TEST_VARIABLES, "PATH", "OTEL_SERVICE_NAME", "MY_WHEREFROM_KEY", "WHEREFROMAGE"]
    assert unknown_variables(dict.fromkeys(names, "x"), SETTINGS) == {}


def test_every_variable_that_code_and_makefile_read_is_a_setting_or_is_known() -> None:
    read = set()
    for folder in ("index", "service", "eval", "tests", "examples"):
        for path in (ROOT / folder).rglob("*.py"):
            lines = path.read_text(encoding="utf-8").splitlines()
            read |= {name for line in lines if "environ." in line for name in re.findall(r'"(WHEREFROM_\w+)"', line)}
    for name in ("Makefile", "Dockerfile", "compose.yaml"):
        read |= set(re.findall(r"WHEREFROM_\w+", (ROOT / name).read_text(encoding="utf-8")))
    assert set(TEST_VARIABLES) <= read
    assert read <= {*SETTINGS, *TEST_VARIABLES}


def test_a_server_in_a_pod_ignores_what_kubernetes_sets_with_one_warning(data: str) -> None:
    process = [sys.executable, "-c", WITHOUT_MODEL, "serve", "--data", data, "--port", "0"]
    environment = os.environ | SERVICE | OTHER_SERVICE
    with subprocess.Popen(process, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as running:
        try:
            lines = []
            for line in running.stderr or ():
                lines.append(line)
                if address := re.search(r"Serving on (http://\S+)", line):
                    assert httpx2.get(f"{address[1]}/v1/index").json()["documents"] == 5
                    running.send_signal(signal.SIGTERM)
            assert running.wait(timeout=10) == 0
        finally:
            running.kill()
    warnings = [line for line in lines if "WARNING" in line]
    assert len(warnings) == 1
    assert f"WHEREFROM_PORT={ADDRESS} is ignored" in warnings[0]


def test_the_port_that_kubernetes_sets_leaves_the_default() -> None:
    script = (
        "import os; from wherefrom.service.settings import from_environment; print(from_environment(os.environ).port)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=os.environ | SERVICE, capture_output=True, text=True, check=True
    )
    assert done.stdout == "8000\n"


@pytest.mark.parametrize(
    "arguments", [["ask", QUESTION], ["ask", QUESTION, "--json"], ["verify"], ["index"], ["remove", "none"]]
)
def test_a_command_in_a_pod_says_nothing_of_the_port(data: str, arguments: list[str]) -> None:
    in_a_pod = command([*arguments, "--data", data], SERVICE)
    outside = command([*arguments, "--data", data], {})
    assert (in_a_pod.returncode, in_a_pod.stderr) == (outside.returncode, outside.stderr)
    assert "WHEREFROM_" not in in_a_pod.stderr


@pytest.mark.parametrize("arguments", [["serve"], ["ask", "x"], ["index"], ["verify"], ["mcp"], ["backup", "b.sqlite"]])
def test_a_mistyped_variable_stops_every_command_that_has_settings(tmp_path: Path, arguments: list[str]) -> None:
    done = command(
        [*arguments, "--data", str(tmp_path)], {"WHEREFROM_APIKEYS": "a-secret-of-someone", "WHEREFROM_PRIVAT": "true"}
    )
    assert done.returncode == 2
    assert done.stderr == (
        "wherefrom: WHEREFROM_APIKEYS is no setting; the nearest is WHEREFROM_API_KEYS; "
        "WHEREFROM_PRIVAT is no setting; the nearest is WHEREFROM_PRIVATE\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_mistyped_variable_stops_no_help() -> None:
    for arguments in (["--help"], ["serve", "--help"], ["--version"]):
        assert command(arguments, {"WHEREFROM_APIKEYS": "x"}).returncode == 0


def test_variables_of_the_tests_do_not_stop_their_servers(tmp_path: Path) -> None:
    with word_server(tmp_path, **dict.fromkeys(TEST_VARIABLES, "1")) as served:
        assert httpx2.get(f"{served.url}/livez").status_code == 200
