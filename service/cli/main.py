"""The command line. It starts fast: what loads FAISS, a model or a web framework is imported when it runs."""
# ruff: noqa: PLC0415 - imports inside the commands are why --help is fast

import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Annotated

import typer

from wherefrom.index.errors import InvalidQuestion, WherefromError
from wherefrom.service.cli import options
from wherefrom.service.cli.ask_commands import ask, mcp, serve, tools
from wherefrom.service.settings import InvalidSetting

USAGE = 2
INTERRUPTED = 130

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, rich_markup_mode=None)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `wherefrom` and exit: 0 when it did its work, 1 when it could not, 2 when it was asked wrongly."""
    try:
        app(args=arguments)
    except (InvalidSetting, InvalidQuestion) as error:
        _fail(str(error), USAGE)
    except WherefromError as error:
        _fail(str(error), 1)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _fail(message: str, code: int) -> None:
    typer.echo(f"wherefrom: {message}", err=True)
    sys.exit(code)


def _show_version(wanted: bool) -> None:  # noqa: FBT001
    if wanted:
        typer.echo(f"wherefrom {version('wherefrom')}")
        raise typer.Exit


@app.callback()
def wherefrom(
    *,
    _: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Ask a folder of articles a question; get passages that answer it."""


def index(
    paths: options.Paths = None,
    *,
    rebuild: options.Rebuild = False,
    data: options.Data = None,
    model: options.Model = None,
    models: options.Models = None,
    encoder: options.Encoder = None,
    lock_seconds: options.LockSeconds = None,
) -> None:
    """Add or update files and folders."""
    if paths and rebuild:
        raise typer.BadParameter("takes no files: it reads what the index stores", param_hint="--rebuild")
    settings = options.read_settings(data=data, model=model, models=models, encoder=encoder, lock_seconds=lock_seconds)
    from wherefrom.service.cli import index_commands

    raise typer.Exit(index_commands.rebuild(settings) if rebuild else index_commands.index(settings, paths or []))


def inspect(files: options.Files, *, as_json: options.AsJson = False) -> None:
    """Show what cleaning keeps and drops."""
    from wherefrom.service.cli.inspect import inspect as run

    raise typer.Exit(run(files, as_json=as_json))


def verify(*, data: options.Data = None) -> None:
    """Check every source and every citation."""
    from wherefrom.service.cli import index_commands

    raise typer.Exit(index_commands.verify(options.read_settings(data=data)))


def remove(ids: options.Ids, *, data: options.Data = None, lock_seconds: options.LockSeconds = None) -> None:
    """Remove documents, all of them or none."""
    settings = options.read_settings(data=data, lock_seconds=lock_seconds)
    from wherefrom.service.cli import keeping

    raise typer.Exit(keeping.remove(settings, ids))


def backup(file: options.BackupFile, *, data: options.Data = None) -> None:
    """Copy the index to one file, while it is used."""
    settings = options.read_settings(data=data)
    from wherefrom.service.cli import keeping

    raise typer.Exit(keeping.back_up(settings, file))


def restore(
    file: options.BackedUp,
    *,
    replace: options.Replace = False,
    data: options.Data = None,
    lock_seconds: options.LockSeconds = None,
) -> None:
    """Make the data folder of a backup."""
    settings = options.read_settings(data=data, lock_seconds=lock_seconds)
    from wherefrom.service.cli import keeping

    raise typer.Exit(keeping.restore(settings, file, replace=replace))


COMMANDS: Sequence[Callable[..., None]] = (index, serve, ask, mcp, tools, inspect, verify, remove, backup, restore)
"""In the order that the help shows them."""
for command in COMMANDS:
    app.command()(command)


if __name__ == "__main__":
    main()
