import pytest

from wherefrom.service.errors import NotReady
from wherefrom.service.runtime.opening import Opening, Unopened


def test_whatever_is_asked_before_the_library_is_open_is_refused_with_the_reason() -> None:
    opening = Opening()
    library = Unopened(opening)
    with pytest.raises(NotReady, match="Opening the collection"):
        library.run(print)
    opening.report("Preparing the language model (first run only)")
    with pytest.raises(NotReady, match="first run only"):
        library.ask("x")
