"""Ask a folder of articles a question; get passages that answer it, cited to the exact characters of their files.

    from wherefrom import Library

    with Library.open("my-index") as library:
        answer = library.ask("why does Russia object to the X-band radar?")

`Client` and `AsyncClient` ask a service over HTTP; `Given` is metadata that comes with a document. What is imported is
loaded at its first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wherefrom.index.library import Library
    from wherefrom.index.types import Given
    from wherefrom.service.client.client import AsyncClient, Client

__all__ = ["AsyncClient", "Client", "Given", "Library"]

_MODULES = {
    "AsyncClient": "wherefrom.service.client.client",
    "Client": "wherefrom.service.client.client",
    "Given": "wherefrom.index.types",
    "Library": "wherefrom.index.library",
}


def __getattr__(name: str) -> object:
    """Import a public name from its module at its first use."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)
