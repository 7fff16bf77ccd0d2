"""Help and usage errors without the names of Python types that Typer and pydantic add."""

import re
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup

from wherefrom.service.schemas.validation_messages import message

RAY_FLAG = "--ray"
RAY_ADDRESS = re.compile(r"local|auto|ray://\S+|[\w.-]+:\d+|\[[0-9a-fA-F:]+\]:\d+")
"""The form of addresses of Ray clusters; any other text after --ray is a path."""


class Command(TyperCommand):
    """A command whose help shows only the placeholder of each argument."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:  # noqa: ANN401 - those of Typer
        super().__init__(*arguments, **keywords)
        for parameter in self.params:
            if isinstance(parameter, TyperArgument):
                vars(parameter)["display_type_rich"] = _no_type


class IndexCommand(Command):
    """The command `index`, whose flag --ray may be given without an address."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - that of Typer
        """Parse the arguments; a path after --ray is a path."""
        return list(super().parse_args(ctx, with_ray_address(args)))


def with_ray_address(arguments: Sequence[str]) -> list[str]:
    """Return arguments in which --ray has a value: "local" unless an address of a Ray cluster follows."""
    result: list[str] = []
    for argument, following in zip_longest(arguments, arguments[1:], fillvalue=""):
        is_bare = argument == RAY_FLAG and "--" not in result and not RAY_ADDRESS.fullmatch(following)
        result.append(f"{RAY_FLAG}=local" if is_bare else argument)
    return result


class Commands(TyperGroup):
    """The commands; errors about values of flags have the same messages as in the HTTP API."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - whatever the command returns
        """Run the command that the arguments name. Raise what it raises."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            details = getattr(error.__cause__, "errors", None)
            if details is not None and (first := next(iter(details()), None)):
                error.message = message(first).rstrip(".")
            raise


def _no_type(ctx: object) -> None:  # noqa: ARG001 - the type of an argument, as Typer asks for it
    return None
