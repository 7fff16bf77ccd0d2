"""Flags and arguments of the command line; `with_settings` makes the flags of settings from their declaration."""

import inspect
import os
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import wraps
from inspect import Parameter
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from wherefrom.index import types
from wherefrom.index.collection.document_query import DocumentSort
from wherefrom.service.settings import (
    Settings,
    explanation,
    flag,
    from_environment,
    metavar,
    setting_names,
)

Command = Callable[..., None]
SETTINGS_PARAMETER = "settings"
DAY_FORMAT = "%Y-%m-%d"
URL_STARTS = ("http://", "https://")
"""The beginnings of a path that is the address of a page."""


def named_path(text: str) -> str:
    """Return the name of a file or folder. Raise BadParameter if it is empty, as an unset variable of a shell is."""
    if not text:
        raise typer.BadParameter("it is empty; name a file or a folder, such as . for the current one")
    return text


def day(text: str) -> date:
    """Return the day that a text such as 2024-03-31 names. Raise BadParameter if it is none."""
    try:
        return datetime.strptime(text, DAY_FORMAT).date()  # noqa: DTZ007 - a day has no time zone
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a day such as 2024-03-31") from error


Question = Annotated[
    str | None,
    typer.Argument(
        metavar="QUESTION",
        help='The question, in plain words. "A phrase" in quotation marks must occur, -word must not.',
        show_default=False,
    ),
]
Interactive = Annotated[
    bool,
    typer.Option(
        "--interactive", "-i", help="Ask one question after another; the default in a terminal without a question."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
TopK = Annotated[int, typer.Option(metavar="NUMBER", help="Maximum number of passages to return.")]
Publisher = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="Only documents of this publisher; may be repeated.", show_default=False),
]
Agency = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="Only documents of this news agency; may be repeated.", show_default=False),
]
Author = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="Only documents by this author; may be repeated.", show_default=False),
]
Title = Annotated[
    list[str] | None,
    typer.Option(
        metavar="WORDS",
        help="Only documents whose title contains all of these words; may be repeated.",
        show_default=False,
    ),
]
Language = Annotated[
    list[str] | None,
    typer.Option(
        metavar="TAG", help="Only documents in this language, such as en; may be repeated.", show_default=False
    ),
]
Extra = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=VALUE",
        help="Only documents with this extra field, also NAME>=NUMBER or NAME<=NUMBER; may be repeated.",
        show_default=False,
    ),
]
Prefer = Annotated[
    Literal["newest"] | None,
    typer.Option(metavar="newest", help="Rank later publication dates higher.", show_default=False),
]
HalfLifeDays = Annotated[
    float,
    typer.Option(
        metavar="NUMBER", help="With --prefer: age, in days, at which the bonus of a date is half of the newest."
    ),
]
DocumentId = Annotated[
    list[str] | None, typer.Option(metavar="ID", help="Only this document; may be repeated.", show_default=False)
]
Written = Annotated[
    bool,
    typer.Option(
        "--written", help="Also answer in sentences that a language model writes, each checked; see --writer."
    ),
]
Effort = Annotated[
    types.Effort | None,
    typer.Option(
        metavar="fast|careful",
        help="Rank by searches alone (fast, the default) or with a reader too (careful).",
        show_default=False,
    ),
]
PublishedFrom = Annotated[
    date | None,
    typer.Option(parser=day, metavar="DATE", help="Only documents published on this day or later.", show_default=False),
]
PublishedTo = Annotated[
    date | None,
    typer.Option(
        parser=day, metavar="DATE", help="Only documents published on this day or earlier.", show_default=False
    ),
]
MaxPerDocument = Annotated[
    int | None,
    typer.Option(metavar="NUMBER", help="Maximum number of passages from one document.", show_default=False),
]
Explain = Annotated[bool, typer.Option("--explain", help="Show the scores of each passage.")]
Paths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PATH",
        parser=named_path,
        help="Files, folders, patterns, - for standard input, or addresses of pages, feeds and sitemaps;"
        " without any, the files that were indexed before.",
        show_default=False,
    ),
]
AllowPrivateAddresses = Annotated[
    bool,
    typer.Option("--allow-private-addresses", help="Also fetch from hosts of this machine and of private networks."),
]
MaxPages = Annotated[int, typer.Option(metavar="NUMBER", min=1, help="Maximum number of pages of one feed or sitemap.")]
Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="WORD",
        help="Only documents with all of these words in id, title, publisher, agency, authors, source or URL.",
        show_default=False,
    ),
]
Sort = Annotated[
    DocumentSort,
    typer.Option(
        metavar="FIELD",
        help="Sort by document_id, title, publisher or published; with - before it, from the last to the first.",
    ),
]
Limit = Annotated[
    int | None, typer.Option(metavar="NUMBER", min=1, help="Maximum number of documents.", show_default=False)
]
ServedPaths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PATH",
        parser=named_path,
        help="Files and folders to add or update before they are served.",
        show_default=False,
    ),
]
Verbose = Annotated[
    bool, typer.Option("--verbose", help="Also log how the model was prepared, and the time that it took.")
]
FollowLinks = Annotated[
    bool, typer.Option("--follow-links", help="Also read files and folders outside that links in a folder point to.")
]
Folders = Annotated[
    list[str],
    typer.Argument(
        metavar="FOLDER",
        parser=named_path,
        help="Folders to keep in step with; documents whose file is deleted are removed.",
        show_default=False,
    ),
]
Poll = Annotated[
    bool,
    typer.Option("--poll", help="Scan the folders periodically, for file systems that do not report changes."),
]
Prune = Annotated[
    bool,
    typer.Option(
        "--prune",
        help="Remove documents under the paths whose file is gone, or that are no longer in their file;"
        " never documents that were added over HTTP.",
    ),
]
Rebuild = Annotated[
    bool,
    typer.Option(
        "--rebuild", help="Extract and embed every stored source again, for another model or new cleaning rules."
    ),
]
Ray = Annotated[
    str | None,
    typer.Option(
        "--ray",
        metavar="[ADDRESS]",
        help="Read, clean and embed on the workers of the Ray cluster at this address; by default on this machine.",
        show_default=False,
    ),
]
DocumentIds = Annotated[list[str], typer.Argument(metavar="ID", help="Ids of documents.", show_default=False)]
BackupTarget = Annotated[
    Path, typer.Argument(metavar="FILE", help="A file that does not exist yet.", show_default=False)
]
BackupFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="A file written by `wherefrom backup`.", show_default=False)
]
Replace = Annotated[bool, typer.Option("--replace", help="Overwrite the data folder; its current index is lost.")]
ReplaceInCluster = Annotated[
    bool,
    typer.Option(
        "--replace", help="With --to cluster: replace its documents that differ from those of the data folder."
    ),
]
ExportTarget = Annotated[
    Path, typer.Argument(metavar="DIR", help="A folder that does not exist yet, or is empty.", show_default=False)
]
ExportFolder = Annotated[
    Path, typer.Argument(metavar="DIR", help="A folder written by `wherefrom export`.", show_default=False)
]
Reindex = Annotated[
    bool,
    typer.Option(
        "--reindex",
        help="Extract and embed every source again from its bytes, for an export of another model or cleaning rules.",
    ),
]
MoveTarget = Annotated[
    str,
    typer.Option(
        metavar="DIR",
        help="A new or empty data folder, or the word `cluster` for the cluster of the settings.",
        show_default=False,
    ),
]
Files = Annotated[
    list[str],
    typer.Argument(metavar="FILE", parser=named_path, help="Files, or - for standard input.", show_default=False),
]


def with_settings(*names: str) -> Callable[[Command], Command]:
    """Give a command a flag for each of these settings, or for all of them if no name is given.

    The flags replace the command's parameter `settings`, which receives the `Settings` read from them and from their
    variables; variables of other settings are ignored.
    """
    settings = names or setting_names()

    def decorate(command: Command) -> Command:
        @wraps(command)
        def run(**arguments: Any) -> None:  # noqa: ANN401 - whatever the command takes
            flags = {name: arguments.pop(name) for name in settings}
            command(**arguments, settings=read_settings(flags))

        parameters: list[Parameter] = []
        for parameter in inspect.signature(command).parameters.values():
            if parameter.name == SETTINGS_PARAMETER:
                parameters += [_flag_parameter(name) for name in settings]
            else:
                parameters.append(parameter)
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        return run

    return decorate


def read_settings(flags: Mapping[str, str | None]) -> Settings:
    """Read the settings of a command from its flags and the environment. Raise InvalidSetting, UnknownVariable."""
    return from_environment(os.environ, flags)


def _flag_parameter(name: str) -> Parameter:
    """Return the parameter for a setting's flag, whose value is parsed like that of the variable."""
    option = typer.Option(flag(name), metavar=metavar(name), help=explanation(name), show_default=False)
    return Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[str | None, option])
