from dataclasses import fields
from pathlib import Path

import pytest

from service.settings import InvalidSetting, Settings, explanation, from_environment, variable


def test_an_empty_environment_gives_the_defaults() -> None:
    settings = from_environment({})
    assert settings == Settings()
    assert (settings.data, settings.host, settings.port) == (Path("var"), "127.0.0.1", 8000)


def test_every_setting_is_read_from_its_variable() -> None:
    given = {
        "WHEREFROM_DATA": "/srv/news",
        "WHEREFROM_MODEL": "some/model",
        "WHEREFROM_THRESHOLD": "0.25",
        "WHEREFROM_HOST": "0.0.0.0",  # noqa: S104 - read, not bound
        "WHEREFROM_PORT": "9000",
        "WHEREFROM_MAX_BODY_BYTES": "10",
        "WHEREFROM_MAX_UPLOAD_BYTES": "20",
        "WHEREFROM_MAX_BATCH": "3",
        "WHEREFROM_THREADS": "2",
        "WHEREFROM_MAX_WAITING": "7",
        "WHEREFROM_SHUTDOWN_SECONDS": "1",
        "WHEREFROM_LOG_LEVEL": "WARNING",
        "WHEREFROM_ACCESS_LOG": "true",
    }
    assert set(given) == {variable(field.name) for field in fields(Settings)}
    settings = from_environment(given)
    assert (settings.data, settings.model, settings.threshold) == (Path("/srv/news"), "some/model", 0.25)
    assert (settings.port, settings.log_level, settings.access_log) == (9000, "warning", True)
    assert all(getattr(settings, field.name) != field.default for field in fields(Settings))


def test_an_empty_variable_leaves_the_default() -> None:
    assert from_environment({"WHEREFROM_MODEL": "", "WHEREFROM_PORT": ""}) == Settings()


def test_variables_of_others_are_ignored() -> None:
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
        ("WHEREFROM_ACCESS_LOG", "maybe", "'maybe' is neither true nor false"),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_variable_and_flag(name: str, text: str, reason: str) -> None:
    with pytest.raises(InvalidSetting) as refused:
        from_environment({name: text})
    flag = "--" + name.removeprefix("WHEREFROM_").lower().replace("_", "-")
    assert str(refused.value) == f"{name} ({flag}): {reason}"


def test_every_setting_has_a_line_of_explanation_that_names_its_variable() -> None:
    for field in fields(Settings):
        assert f"[env: {variable(field.name)}" in explanation(field.name)
        assert "\n" not in explanation(field.name)
