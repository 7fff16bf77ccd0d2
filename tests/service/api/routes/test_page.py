import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.support.library_samples import seeds_library
from tests.support.paths import PAGE
from wherefrom.service.api.app import create_app
from wherefrom.service.settings import Settings

FIRST_VIEW = 100_000


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    data = tmp_path_factory.mktemp("data")
    with TestClient(create_app(Settings(), lambda: seeds_library(data))) as opened:
        yield opened


def named(html: str) -> list[str]:
    """The files that a page asks for by itself."""
    return re.findall(r'<(?:link|script)\b[^>]* (?:href|src)="([^"]+)"', html)


def test_the_root_is_the_page(client: TestClient) -> None:
    response = client.get("/?q=anything")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.text == (PAGE / "index.html").read_text(encoding="utf-8")


def test_a_file_that_did_not_change_is_not_sent_again(client: TestClient) -> None:
    for path in ("/", "/page/main.js", "/docs/swagger-ui.css"):
        first = client.get(path)
        assert first.headers["cache-control"] == "no-cache"
        again = client.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_every_file_that_the_page_and_the_viewer_name_is_there(client: TestClient) -> None:
    for path in ("/", "/docs"):
        files = named(client.get(path).text)
        assert files
        assert [file for file in files if client.get(file).status_code != 200] == []


def test_scripts_are_sent_as_scripts(client: TestClient) -> None:
    assert client.get("/page/main.js").headers["content-type"].startswith("text/javascript")
    assert client.get("/docs/swagger-ui-bundle.js").headers["content-type"].startswith("text/javascript")
    assert client.get("/page/icon.svg").headers["content-type"].startswith("image/svg+xml")


def imported(script: str, *, also_later: bool) -> set[str]:
    """The scripts that one imports, with those they import; those that are imported later are left out or followed."""
    pattern = r'(?:from |import\()"\./([\w.]+)"' if also_later else r'from "\./([\w.]+)"'
    found, waiting = {script}, [script]
    while waiting:
        text = (PAGE / waiting.pop()).read_text(encoding="utf-8")
        new = set(re.findall(pattern, text)) - found
        found |= new
        waiting += new
    return found


def test_every_script_of_the_first_view_is_preloaded() -> None:
    html = (PAGE / "index.html").read_text(encoding="utf-8")
    scripts = {f"page/{name}" for name in imported("main.js", also_later=False)}
    assert {file for file in named(html) if file.endswith(".js")} == scripts


def test_every_script_of_the_page_is_used() -> None:
    assert imported("main.js", also_later=True) == {path.name for path in PAGE.glob("*.js")} - {"viewer.js"}


def test_the_first_view_is_small(client: TestClient) -> None:
    html = client.get("/").text
    weight = len(html) + sum(len(client.get(file).content) for file in named(html))
    weight += len(client.get("/v1/documents").content)
    assert weight <= FIRST_VIEW


def test_no_file_of_the_page_has_code_or_style_that_a_strict_policy_forbids() -> None:
    for path in PAGE.glob("*.html"):
        html = path.read_text(encoding="utf-8")
        assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:|<script>", html) == []
    for path in PAGE.glob("*.js"):
        assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|\beval\(|document\.write", path.read_text()) == []


def test_a_file_outside_the_page_is_not_there(client: TestClient) -> None:
    for path in ("/page/none.js", "/page/..%2fapp.py", "/page/%2e%2e%2fapp.py", "/docs/__init__.pyc", "/page/"):
        response = client.get(path)
        assert response.status_code == 404
        assert response.headers["content-type"] == "application/problem+json"


def test_the_page_answers_to_head_too(client: TestClient) -> None:
    response = client.head("/")
    assert (response.status_code, response.content) == (200, b"")
