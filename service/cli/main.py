"""The command line. For a fast start, modules that load FAISS, a model or a web framework are imported on demand."""
# ruff: noqa: PLC0415 - imports inside the commands keep --help fast

import io
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from wherefrom.index.errors import InvalidQuestion, WherefromError
from wherefrom.service.cli import options
from wherefrom.service.cli.ask_commands import ask, mcp, serve, tools
from wherefrom.service.cli.options import with_settings
from wherefrom.service.cli.usage import AskCommand, Command, Commands, IndexCommand
from wherefrom.service.settings import CLUSTER_SETTINGS, InvalidSetting, Settings, UnknownVariable

USAGE_ERROR = 2
INTERRUPTED = 130

app = typer.Typer(cls=Commands, pretty_exceptions_enable=False, rich_markup_mode=None)


class NoOutput(io.TextIOBase):
    """What takes the place of a closed output."""

    def write(self, text: str) -> int:
        """Drop the text."""
        return len(text)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `wherefrom` and exit: with 0 on success, 1 on failure, 2 if the command line is invalid."""
    _prepare_output()
    try:
        app(args=arguments)
    except (InvalidSetting, UnknownVariable) as error:
        _fail(str(error), USAGE_ERROR)
    except InvalidQuestion as error:
        _fail(f"{_flag(error.field)}: {error.reason}", USAGE_ERROR)
    except WherefromError as error:
        _fail(str(error), 1)
    except OSError as error:
        _fail(": ".join(filter(None, (str(error.filename or ""), error.strerror or str(error)))), 1)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _flag(field: str) -> str:
    """Return the flag of `ask` for a field of the API; the question itself has none."""
    return field if field == "question" else f"--{field.removeprefix('filters.').replace('_', '-')}"


def _prepare_output() -> None:
    """Let the output take every text: characters that its encoding lacks are escaped; if it is closed, all is lost."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, NoOutput())
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _fail(message: str, code: int) -> None:
    typer.echo(f"wherefrom: {message}", err=True)
    sys.exit(code)


def _show_version(wanted: bool) -> None:  # noqa: FBT001
    if wanted:
        typer.echo(f"wherefrom {version('wherefrom')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def wherefrom(
    context: typer.Context,
    *,
    _: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Ask a folder of articles a question; get passages that answer it."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@with_settings(
    "data", *CLUSTER_SETTINGS, "model", "models", "encoder", "lock_seconds", "reading_seconds", "reading_mib"
)
def index(  # noqa: PLR0913 - a flag each
    paths: options.Paths = None,
    *,
    follow_links: options.FollowLinks = False,
    prune: options.Prune = False,
    allow_private_addresses: options.AllowPrivateAddresses = False,
    max_pages: options.MaxPages = 1_000,
    rebuild: options.Rebuild = False,
    ray: options.Ray = None,
    verbose: options.Verbose = False,
    settings: Settings,
) -> None:
    """Add or update files, folders and pages of the web."""
    if verbose:
        logging.getLogger("wherefrom").setLevel(logging.DEBUG)
    if rebuild and (paths or prune or ray):
        raise typer.BadParameter("takes no files and no --ray: it reads the stored sources", param_hint="--rebuild")
    if rebuild:
        from wherefrom.service.cli import index_commands

        raise typer.Exit(index_commands.rebuild(settings))
    from wherefrom.service.cli import folder_commands

    choices = folder_commands.Choices(
        follow_links=follow_links,
        prune=prune,
        allow_private_addresses=allow_private_addresses,
        max_pages=max_pages,
        ray=ray,
    )
    raise typer.Exit(folder_commands.index(settings, paths or [], choices))


@with_settings(
    "data", *CLUSTER_SETTINGS, "model", "models", "encoder", "lock_seconds", "reading_seconds", "reading_mib"
)
def watch(
    folders: options.Folders,
    *,
    follow_links: options.FollowLinks = False,
    poll: options.Poll = False,
    settings: Settings,
) -> None:
    """Keep the index in step with folders, until it is stopped."""
    from wherefrom.service.cli import folder_commands

    raise typer.Exit(folder_commands.watch(settings, [*map(Path, folders)], follow_links=follow_links, poll=poll))


def inspect(files: options.Files, *, as_json: options.AsJson = False) -> None:
    """Show what cleaning keeps and drops."""
    from wherefrom.service.cli.inspect import inspect as run

    raise typer.Exit(run([*map(Path, files)], as_json=as_json))


@with_settings("data", *CLUSTER_SETTINGS)
def list_documents(
    words: options.Words = None,
    *,
    sort: options.Sort = "document_id",
    limit: options.Limit = None,
    as_json: options.AsJson = False,
    settings: Settings,
) -> None:
    """List the documents of the index."""
    from wherefrom.service.cli import collection_commands

    raise typer.Exit(collection_commands.list_documents(settings, words or [], sort=sort, limit=limit, as_json=as_json))


@with_settings("data", *CLUSTER_SETTINGS)
def status(*, as_json: options.AsJson = False, settings: Settings) -> None:
    """Show what the index holds and how it was made."""
    from wherefrom.service.cli import collection_commands

    raise typer.Exit(collection_commands.status(settings, as_json=as_json))


@with_settings("data", *CLUSTER_SETTINGS)
def verify(*, settings: Settings) -> None:
    """Check every source and every citation."""
    from wherefrom.service.cli import index_commands

    raise typer.Exit(index_commands.verify(settings))


@with_settings("data", *CLUSTER_SETTINGS, "lock_seconds")
def remove(ids: options.DocumentIds, *, settings: Settings) -> None:
    """Remove documents, all of them or none."""
    from wherefrom.service.cli import index_commands

    raise typer.Exit(index_commands.remove(settings, ids))


@with_settings("data", "engine")
def backup(file: options.BackupTarget, *, settings: Settings) -> None:
    """Copy the index to one file, while it is in use."""
    from wherefrom.service.cli import index_commands

    raise typer.Exit(index_commands.back_up(settings, file))


@with_settings("data", "engine", "lock_seconds")
def restore(file: options.BackupFile, *, replace: options.Replace = False, settings: Settings) -> None:
    """Restore a backup into the data folder."""
    from wherefrom.service.cli import index_commands

    raise typer.Exit(index_commands.restore(settings, file, replace=replace))


@with_settings("data", *CLUSTER_SETTINGS)
def export(folder: options.ExportTarget, *, settings: Settings) -> None:
    """Write the index as Parquet files, while it is in use."""
    from wherefrom.service.cli import transfer_commands

    raise typer.Exit(transfer_commands.export(settings, folder))


@with_settings("data", "engine", "model", "models", "encoder", "lock_seconds", "reading_seconds", "reading_mib")
def import_(
    folder: options.ExportFolder,
    *,
    replace: options.Replace = False,
    reindex: options.Reindex = False,
    settings: Settings,
) -> None:
    """Put exported Parquet files into the data folder."""
    from wherefrom.service.cli import transfer_commands

    raise typer.Exit(transfer_commands.import_(settings, folder, replace=replace, reindex=reindex))


@with_settings("data", *CLUSTER_SETTINGS, "model", "models", "encoder", "lock_seconds")
def move(*, to: options.MoveTarget, replace: options.ReplaceInCluster = False, settings: Settings) -> None:
    """Copy the index to another place while it is in use, and check it."""
    from wherefrom.service.cli import transfer_commands

    raise typer.Exit(transfer_commands.move(settings, to, replace=replace))


COMMANDS: Mapping[str, Callable[..., None]] = {
    "index": index,
    "watch": watch,
    "serve": serve,
    "ask": ask,
    "list": list_documents,
    "status": status,
    "mcp": mcp,
    "tools": tools,
    "inspect": inspect,
    "verify": verify,
    "remove": remove,
    "backup": backup,
    "restore": restore,
    "export": export,
    "import": import_,
    "move": move,
}
"""The commands by name, in the order of the help."""
CLASSES: Mapping[str, type[Command]] = {"index": IndexCommand, "ask": AskCommand}
for name, command in COMMANDS.items():
    app.command(name, cls=CLASSES.get(name, Command))(command)


if __name__ == "__main__":
    main()
