import pytest
import typer

from wherefrom.service.cli.usage import Command, Commands, with_ray_address

app = typer.Typer(cls=Commands, rich_markup_mode=None)


@app.command(cls=Command)
def count(number: int = typer.Argument(metavar="NUMBER"), *, names: list[str] = typer.Option([])) -> None:  # noqa: B008
    """Count."""
    typer.echo(number + len(names))


@app.callback()
def root() -> None:
    """Do sums."""


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        app(arguments)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_a_wrong_value_is_told_without_the_words_of_pydantic(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("count", "many") == 2
    assert capsys.readouterr().err.endswith("Invalid value for 'NUMBER': must be a whole number\n")


def test_a_right_value_is_passed_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("count", "2", "--names", "a") == 0
    assert capsys.readouterr().out == "3\n"


def test_an_argument_is_shown_by_its_placeholder_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("count", "--help") == 0
    assert "<int>" not in capsys.readouterr().out


def test_ray_takes_an_address_and_leaves_a_path_that_follows_to_the_paths() -> None:
    assert with_ray_address(["--ray", "articles"]) == ["--ray=local", "articles"]
    assert with_ray_address(["articles", "--ray"]) == ["articles", "--ray=local"]
    assert with_ray_address(["--ray", "--prune", "a"]) == ["--ray=local", "--prune", "a"]
    for address in ("auto", "ray://head:10001", "10.0.0.1:6379", "[::1]:6379"):
        assert with_ray_address(["--ray", address, "articles"]) == ["--ray", address, "articles"]
    assert with_ray_address(["--ray=head:6379", "a"]) == ["--ray=head:6379", "a"]
    assert with_ray_address(["--", "--ray"]) == ["--", "--ray"]


def test_no_arguments_stay_none() -> None:
    assert with_ray_address([]) == []
