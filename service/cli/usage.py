"""Help and usage errors without the names of Python's types, which Typer and pydantic put into them."""

from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup

from wherefrom.service.schemas.validation_messages import message


class Command(TyperCommand):
    """A command whose help names each argument by its placeholder alone."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:  # noqa: ANN401 - those of Typer
        super().__init__(*arguments, **keywords)
        for parameter in self.params:
            if isinstance(parameter, TyperArgument):
                vars(parameter)["display_type_rich"] = _no_type


class Commands(TyperGroup):
    """The commands; what is wrong with the value of a flag is said in the words that the HTTP API has for it."""

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
