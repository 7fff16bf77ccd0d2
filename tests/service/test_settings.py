from dataclasses import fields
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from wherefrom.service.cli.settings_table import replace_table
from wherefrom.service.settings import (
    InvalidSetting,
    Settings,
    UnknownVariable,
    explanation,
    from_environment,
    secret_names,
    setting_names,
    variable,
)


def test_an_empty_environment_gives_the_defaults() -> None:
    settings = from_environment({})
    assert settings == Settings()
    assert (settings.data, settings.host, settings.port) == (Path("var"), "127.0.0.1", 8000)


def test_every_setting_is_read_from_its_variable(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.write_text("editor:0123456789abcdeh  # the desk\n")
    reading_keys = tmp_path / "reading-keys"
    reading_keys.write_text("archive:0123456789abcdei\n")
    writer_key = tmp_path / "writer-key"
    writer_key.write_text("sk-from-the-file\n")
    dsn = tmp_path / "dsn"
    dsn.write_text("postgresql://other\n")
    given = {
        "WHEREFROM_DATA": "/srv/news",
        "WHEREFROM_ENGINE": "cluster",
        "WHEREFROM_MILVUS_URI": "http://milvus:19530",
        "WHEREFROM_MILVUS_SHARDS": "4",
        "WHEREFROM_POSTGRES_DSN": "postgresql://database",
        "WHEREFROM_POSTGRES_DSN_FILE": str(dsn),
        "WHEREFROM_MODEL": "some/model",
        "WHEREFROM_MODELS": "/srv/models",
        "WHEREFROM_ENCODER": "reference",
        "WHEREFROM_RERANKER": "some/reranker",
        "WHEREFROM_RERANKER_SECONDS": "0.2",
        "WHEREFROM_READER": "no",
        "WHEREFROM_THRESHOLD": "0.25",
        "WHEREFROM_WRITER": "OpenAI",
        "WHEREFROM_WRITER_URL": "http://127.0.0.1:11434/v1",
        "WHEREFROM_WRITER_MODEL": "llama",
        "WHEREFROM_WRITER_KEY": "sk-writer",
        "WHEREFROM_WRITER_KEY_FILE": str(writer_key),
        "WHEREFROM_WRITER_PROMPT": "short",
        "WHEREFROM_WRITER_SECONDS": "7",
        "WHEREFROM_HOST": "0.0.0.0",  # noqa: S104 - read, not bound
        "WHEREFROM_PORT": "9000",
        "WHEREFROM_API_KEYS": "0123456789abcdef",
        "WHEREFROM_API_KEYS_FILE": str(keys),
        "WHEREFROM_READ_KEYS": "reader:0123456789abcdeg",
        "WHEREFROM_READ_KEYS_FILE": str(reading_keys),
        "WHEREFROM_PRIVATE": "yes",
        "WHEREFROM_RATE_LIMIT": "10/second; 300/minute",
        "WHEREFROM_ALLOWED_HOSTS": "a.example, b.example",
        "WHEREFROM_CORS_ORIGINS": "https://a.example,http://localhost:3000",
        "WHEREFROM_TRUSTED_PROXIES": "10.0.0.1",
        "WHEREFROM_ROOT_PATH": "/kb/",
        "WHEREFROM_REMEMBERED": "0",
        "WHEREFROM_REQUEST_SECONDS": "1.5",
        "WHEREFROM_MAX_BODY_BYTES": "10",
        "WHEREFROM_MAX_DOCUMENT_BYTES": "15",
        "WHEREFROM_READING_SECONDS": "7.5",
        "WHEREFROM_READING_MIB": "512",
        "WHEREFROM_MAX_UPLOAD_BYTES": "20",
        "WHEREFROM_MAX_BATCH": "3",
        "WHEREFROM_THREADS": "2",
        "WHEREFROM_MAX_WAITING": "7",
        "WHEREFROM_LOCK_SECONDS": "2.5",
        "WHEREFROM_SHUTDOWN_SECONDS": "1",
        "WHEREFROM_LOG_LEVEL": "WARNING",
        "WHEREFROM_LOG_FORMAT": "JSON",
        "WHEREFROM_ACCESS_LOG": "true",
        "WHEREFROM_TRACES": "1",
    }
    assert set(given) == {variable(field.name) for field in fields(Settings)}
    settings = from_environment(given)
    assert (settings.data, settings.model, settings.threshold) == (Path("/srv/news"), "some/model", 0.25)
    assert (settings.port, settings.log_level, settings.access_log) == (9000, "warning", True)
    assert all(getattr(settings, field.name) != field.default for field in fields(Settings))


def test_every_secret_setting_can_be_read_from_a_file() -> None:
    assert secret_names() == ("postgres_dsn", "writer_key", "api_keys", "read_keys")
    assert {f"{name}_file" for name in secret_names()} <= set(setting_names())
    for name in setting_names():
        assert ("_key" not in name) or name.removesuffix("_file") in secret_names()


def test_a_file_of_read_keys_gives_readers_and_no_writers(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text("0123456789abcdef\narchive:0123456789abcdeg\n")
    settings = from_environment({"WHEREFROM_READ_KEYS_FILE": str(file)})
    assert [key.name for key in settings.read_only_keys] == ["reader-1", "archive"]
    assert settings.write_keys == ()
    assert settings.needs_key(writing=False)
    assert settings.needs_key(writing=True)
    assert from_environment({"WHEREFROM_READ_KEYS_FILE": str(file), "WHEREFROM_PRIVATE": "true"}).private


def test_a_command_parses_the_variables_of_its_own_settings_only() -> None:
    environment = {"WHEREFROM_PORT": "eighty", "WHEREFROM_MAX_BATCH": "0", "WHEREFROM_MODEL": "some/model"}
    assert from_environment(environment, {"data": "news", "model": None}) == Settings(
        data=Path("news"), model="some/model"
    )
    with pytest.raises(InvalidSetting, match=r"WHEREFROM_PORT \(--port\): 'eighty'"):
        from_environment(environment, {"port": None})


def test_a_flag_overrides_its_variable_and_an_empty_one_unsets_it() -> None:
    environment = {"WHEREFROM_PORT": "1", "WHEREFROM_MODEL": "some/model"}
    assert from_environment(environment, {"port": "2", "model": ""}) == Settings(port=2)


def test_the_address_that_kubernetes_sets_is_ignored_as_a_variable_and_refused_as_a_flag() -> None:
    environment = {"WHEREFROM_PORT": "tcp://10.96.0.12:8000"}
    assert from_environment(environment) == Settings()
    assert from_environment(environment, {"port": "9000"}) == Settings(port=9000)
    with pytest.raises(InvalidSetting, match="is not a whole number"):
        from_environment({}, {"port": "tcp://10.96.0.12:8000"})


def test_variables_that_are_no_settings_are_refused_with_the_nearest_and_without_their_values() -> None:
    with pytest.raises(UnknownVariable) as refused:
        from_environment({"WHEREFROM_PRIVAT": "true", "WHEREFROM_APIKEYS": "a-secret-of-someone"}, {"data": None})
    assert str(refused.value) == (
        "WHEREFROM_APIKEYS is no setting; the nearest is WHEREFROM_API_KEYS; "
        "WHEREFROM_PRIVAT is no setting; the nearest is WHEREFROM_PRIVATE"
    )


def test_an_empty_variable_leaves_the_default() -> None:
    assert from_environment({"WHEREFROM_MODEL": "", "WHEREFROM_PORT": ""}) == Settings()


def test_other_variables_are_ignored() -> None:
    assert from_environment({"PATH": "/bin", "PORT": "1"}) == Settings()


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("WHEREFROM_PORT", "eighty", "'eighty' is not a whole number"),
        ("WHEREFROM_PORT", "70000", "70000 is not between 0 and 65535"),
        ("WHEREFROM_THRESHOLD", "high", "'high' is not a number"),
        ("WHEREFROM_THRESHOLD", "nan", "nan is not between 0 and 1"),
        ("WHEREFROM_MAX_BATCH", "0", "0 is not between 1 and 10000"),
        ("WHEREFROM_LOG_LEVEL", "loud", "'loud' is none of critical, error, warning, info, debug"),
        ("WHEREFROM_PRIVATE", "true", "nobody could read, since there are no keys"),
        ("WHEREFROM_RATE_LIMIT", "fast", "'fast' is no limit such as 10/second; 300/minute"),
        ("WHEREFROM_CORS_ORIGINS", "*", "'*' is no origin such as https://news.example"),
        ("WHEREFROM_API_KEYS_FILE", "/nowhere", "/nowhere cannot be read: No such file or directory"),
        ("WHEREFROM_TRUSTED_PROXIES", "proxy", "'proxy' is no address or network such as 10.0.0.0/8"),
        ("WHEREFROM_ROOT_PATH", "kb", "'kb' is no path such as /kb"),
        ("WHEREFROM_ROOT_PATH", "//evil.example", "'//evil.example' is no path such as /kb"),
        ("WHEREFROM_ROOT_PATH", "/a/../b", "'/a/../b' is no path such as /kb"),
        ("WHEREFROM_MILVUS_URI", "milvus:19530", "is no address such as http://milvus:19530"),
        ("WHEREFROM_MILVUS_URI", "http://user:secret@:19530", "is no address such as http://milvus:19530"),
        ("WHEREFROM_MILVUS_URI", "http://milvus:195300", "is no address such as http://milvus:19530"),
        ("WHEREFROM_ENCODER", "onnx", "'onnx' is none of exported, reference"),
        ("WHEREFROM_ACCESS_LOG", "maybe", "'maybe' is neither true nor false"),
    ],
)
def test_an_invalid_value_is_refused_by_variable_and_flag(name: str, text: str, reason: str) -> None:
    with pytest.raises(InvalidSetting) as refused:
        from_environment({name: text})
    flag = "--" + name.removeprefix("WHEREFROM_").lower().replace("_", "-")
    assert str(refused.value) == f"{name} ({flag}): {reason}"


def test_every_setting_has_one_line_of_help_with_its_variable() -> None:
    for field in fields(Settings):
        assert f"[env: {variable(field.name)}" in explanation(field.name)
        assert "\n" not in explanation(field.name)


def test_the_guide_holds_the_table_of_settings() -> None:
    guide = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert replace_table(guide) == guide
    rows = [line for line in guide.splitlines() if line.startswith("| `WHEREFROM_") and line.count("|") == 4]
    assert rows[: len(fields(Settings))] == [guide_row(field.name) for field in fields(Settings)]


def guide_row(name: str) -> str:
    text, _, default = explanation(name).removesuffix("]").rpartition(" [env: ")
    value = default.partition("default: ")[2]
    return f"| `{variable(name)}` | {f'`{value}`' if value else ''} | {text} |"


def test_a_page_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="begin settings"):
        replace_table("# Running it\n")


def test_no_part_of_a_key_is_shown() -> None:
    key = "ThisIsTheSecretItself"
    settings = from_environment({"WHEREFROM_API_KEYS": f"desk:{key}", "WHEREFROM_READ_KEYS": key})
    for text in (repr(settings), str(settings), explanation("api_keys")):
        assert key not in text
        assert settings.api_keys[0].digest.hex() not in text
    with pytest.raises(InvalidSetting) as refused:
        from_environment({"WHEREFROM_API_KEYS": f"{key}!"})
    assert key not in str(refused.value)


def test_the_key_of_the_writer_is_read_from_a_file_and_shown_nowhere(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("sk-secret\n")
    given = {
        "WHEREFROM_WRITER": "openai",
        "WHEREFROM_WRITER_MODEL": "m",
        "WHEREFROM_WRITER_URL": "https://w.example/v1",
    }
    settings = from_environment(given | {"WHEREFROM_WRITER_KEY_FILE": str(file)})
    assert settings.writer_secret == "sk-secret"  # noqa: S105 - the one above
    assert "sk-secret" not in repr(settings) + str(settings)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"WRITER": "gpt"}, "WHEREFROM_WRITER (--writer): 'gpt' is none of openai, local"),
        ({"WRITER": "local"}, "WHEREFROM_WRITER_MODEL (--writer-model): the writer local needs a model"),
        ({"WRITER": "openai", "WRITER_MODEL": "m"}, "WHEREFROM_WRITER_URL (--writer-url): the writer openai needs"),
        ({"WRITER_URL": "file:///etc/passwd"}, "WHEREFROM_WRITER_URL (--writer-url): is no address such as"),
        ({"WRITER_URL": "http://user:sk-secret@w.example"}, "without a user or password in it"),
        ({"WRITER_KEY": "sk secret"}, "WHEREFROM_WRITER_KEY (--writer-key): has characters that no header can hold"),
        ({"WRITER_KEY_FILE": "/none"}, "WHEREFROM_WRITER_KEY_FILE (--writer-key-file): '/none' cannot be read"),
    ],
)
def test_a_writer_that_cannot_be_set_up_is_refused_by_name(given: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidSetting) as refused:
        from_environment({f"WHEREFROM_{name}": text for name, text in given.items()})
    assert message in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("given", ["0/second", "1/second; 0/hour"])
def test_a_rate_limit_that_allows_nothing_is_refused(given: str) -> None:
    with pytest.raises(InvalidSetting, match=r"RATE_LIMIT.*allows nothing"):
        from_environment({"WHEREFROM_RATE_LIMIT": given})


def test_a_cluster_without_an_address_is_refused_at_once() -> None:
    cluster = {"WHEREFROM_ENGINE": "cluster"}
    with pytest.raises(InvalidSetting, match=r"WHEREFROM_POSTGRES_DSN.*the cluster engine needs it"):
        from_environment(cluster)
    with pytest.raises(InvalidSetting, match=r"WHEREFROM_MILVUS_URI.*the cluster engine needs it"):
        from_environment({**cluster, "WHEREFROM_POSTGRES_DSN": "postgresql://db/wherefrom"})


@pytest.mark.parametrize(
    "uri", ["http://milvus:19530", "https://u:p@milvus", "tcp://[::1]:1", "unix:/run/m", "lite.db"]
)
def test_every_form_of_an_address_of_milvus_is_taken(uri: str) -> None:
    assert from_environment({"WHEREFROM_MILVUS_URI": uri}).milvus_uri == uri
