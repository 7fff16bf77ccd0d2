"""Environment variables that begin with `WHEREFROM_` but are not settings: those of Kubernetes, and mistyped ones.

For each Service of a namespace, Kubernetes sets variables in every pod, named after the Service. For a Service named
`wherefrom` or `wherefrom-...`, they look like settings.
"""

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches

VARIABLE_PREFIX = "WHEREFROM_"
PORT_VARIABLE = VARIABLE_PREFIX + "PORT"
TEST_VARIABLES = ("WHEREFROM_BENCH", "WHEREFROM_CRASH_ROUNDS", "WHEREFROM_SOAK_SECONDS")
"""Variables of the tests; the servers that they start inherit them."""
KUBERNETES_NAME = re.compile(
    r"WHEREFROM_(?:[A-Z0-9_]+_)?"
    r"(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?|PORT_[0-9]+_(?:TCP|UDP|SCTP)(?:_(?:ADDR|PORT|PROTO))?)"
)
KUBERNETES_PORT_NAME = re.compile(r"WHEREFROM_(?:[A-Z0-9_]+_)?PORT")
KUBERNETES_PORT = re.compile(r"(?:tcp|udp|sctp)://\S+")


def set_by_kubernetes(name: str, text: str) -> bool:
    """Return whether a variable with this name and text is one that Kubernetes sets for such a Service."""
    if KUBERNETES_NAME.fullmatch(name):
        return True
    return KUBERNETES_PORT_NAME.fullmatch(name) is not None and KUBERNETES_PORT.fullmatch(text) is not None


def port_warning(environment: Mapping[str, str]) -> str | None:
    """Return a warning if Kubernetes has set the variable of the port, so that it is ignored; otherwise `None`."""
    text = environment.get(PORT_VARIABLE, "")
    if not set_by_kubernetes(PORT_VARIABLE, text):
        return None
    return (
        f"{PORT_VARIABLE}={text} is ignored: Kubernetes sets it for a Service named wherefrom; "
        "name the Service differently, set enableServiceLinks: false in the pod, or use the flag --port"
    )


def unknown_variables(environment: Mapping[str, str], settings: Collection[str]) -> dict[str, str]:
    """Return the unknown variables with our prefix, each with the name from `settings` that is most similar.

    Empty variables count too. Variables of the tests and of Kubernetes are known. Names are case-sensitive.
    """
    known = {*settings, *TEST_VARIABLES}
    return {
        name: get_close_matches(name.upper(), settings, n=1, cutoff=0)[0]
        for name, text in environment.items()
        if name.upper().startswith(VARIABLE_PREFIX) and name not in known and not set_by_kubernetes(name, text)
    }
