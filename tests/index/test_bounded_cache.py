from wherefrom.index.bounded_cache import Kept


def test_a_value_is_made_once() -> None:
    made: list[str] = []
    kept: Kept[str, list[str]] = Kept(2)
    for _ in range(2):
        assert kept.get("a", lambda: made.append("a") or made) == ["a"]  # type: ignore[func-returns-value]


def test_the_oldest_go_first() -> None:
    kept: Kept[int, int] = Kept(2)
    for number in range(3):
        kept.put(number, number)
    assert [kept.find(number) for number in range(3)] == [None, 1, 2]
    assert len(kept) == 2


def test_where_none_may_be_kept_none_is() -> None:
    kept: Kept[int, int] = Kept(0)
    kept.put(1, 1)
    assert kept.find(1) is None
