"""Ask a folder of articles a question; get passages that answer it, cited to the exact characters of their files.

`Library` opens a data folder in this process. `Client` and `AsyncClient` call a running service over HTTP. They are
imported when they are first used, so that a client does not load the search libraries and a library no HTTP.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wherefrom.index.library import Library
    from wherefrom.service.client.client import AsyncClient, Client

__all__ = ["AsyncClient", "Client", "Library"]

_MODULES = {
    "AsyncClient": "wherefrom.service.client.client",
    "Client": "wherefrom.service.client.client",
    "Library": "wherefrom.index.library",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
