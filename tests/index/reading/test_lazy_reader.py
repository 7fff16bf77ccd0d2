"""A reader is loaded once, and only when it is used."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from wherefrom.index.reading.lazy_reader import NO_READER, LazyReader
from wherefrom.index.reading.protocol import Reader, Reading


class Silent:
    """Reads nothing."""

    def read(self, question: str, passages: Sequence[str]) -> Sequence[Reading]:
        raise NotImplementedError


def test_it_is_loaded_once_for_all_threads() -> None:
    loads: list[Reader] = []

    def load() -> Reader:
        loads.append(Silent())
        return loads[-1]

    lazy = LazyReader(load)
    assert not loads
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: lazy.get(), range(50)))
    assert len(loads) == 1
    assert all(each is loads[0] for each in found)


def test_none_stays_none() -> None:
    assert NO_READER.get() is None
    assert NO_READER.get() is None
