from wherefrom.index.bounded_cache import BoundedCache


def test_a_value_is_computed_once() -> None:
    computed: list[str] = []
    cache: BoundedCache[str, list[str]] = BoundedCache(2)
    for _ in range(2):
        assert cache.get_or_compute("a", lambda: computed.append("a") or computed) == ["a"]  # type: ignore[func-returns-value]


def test_the_oldest_values_are_evicted_first() -> None:
    cache: BoundedCache[int, int] = BoundedCache(2)
    for number in range(3):
        cache.put(number, number)
    assert [cache.get(number) for number in range(3)] == [None, 1, 2]
    assert len(cache) == 2


def test_a_cache_of_size_0_stores_nothing() -> None:
    cache: BoundedCache[int, int] = BoundedCache(0)
    cache.put(1, 1)
    assert cache.get(1) is None
