import time

import pytest

from wherefrom.service.auth.rate_limit import MIN_TO_PRUNE, RateLimit
from wherefrom.service.errors import TooManyRequests


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def allowed(limit: RateLimit, requests: int, client: str = "a") -> int:
    """Return how many of so many requests are allowed."""
    count = 0
    for _ in range(requests):
        try:
            limit.check(client)
        except TooManyRequests:
            continue
        count += 1
    return count


def seconds_to_wait(limit: RateLimit, client: str = "a") -> int:
    with pytest.raises(TooManyRequests) as refused:
        limit.check(client)
    return int(refused.value.headers["Retry-After"])


def test_a_window_begins_with_the_first_request_and_allows_the_limit_again_when_it_has_passed() -> None:
    clock = Clock()
    limit = RateLimit("3/minute", clock)
    assert allowed(limit, 5) == 3
    clock.now += 59.5
    assert allowed(limit, 5) == 0
    assert seconds_to_wait(limit) == 1
    clock.now += 0.5
    assert allowed(limit, 5) == 3
    clock.now += 3_600
    assert allowed(limit, 5) == 3


def test_each_client_has_its_own_window() -> None:
    limit = RateLimit("3/minute", Clock())
    assert [allowed(limit, 5, client) for client in ("a", "b")] == [3, 3]


def test_every_limit_applies() -> None:
    clock = Clock()
    limit = RateLimit("2/second; 5/minute", clock)
    answers = []
    for _ in range(4):
        answers.append(allowed(limit, 3))
        clock.now += 1
    assert answers == [2, 2, 1, 0]
    assert seconds_to_wait(limit) == 56
    clock.now += 56
    assert allowed(limit, 3) == 2


def test_a_request_that_is_refused_is_not_counted() -> None:
    clock = Clock()
    limit = RateLimit("2/second", clock)
    assert allowed(limit, 1_000) == 2
    clock.now += 1
    assert allowed(limit, 1_000) == 2


@pytest.mark.parametrize("days", [-40, 40])
def test_a_clock_that_is_set_changes_nothing(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    limit = RateLimit("3/hour")
    assert allowed(limit, 5) == 3
    moved = time.time() + days * 86_400
    monkeypatch.setattr(time, "time", lambda: moved)
    assert 0 < seconds_to_wait(limit) <= 3_600


@pytest.mark.parametrize(
    ("charged", "seconds"), [(0, 60), (1, 60), (2, 60), (3, 120), (5, 120), (6, 180), (297, 100 * 60)]
)
def test_what_is_charged_beyond_a_limit_counts_in_the_windows_that_follow(charged: int, seconds: int) -> None:
    clock = Clock()
    limit = RateLimit("3/minute", clock)
    assert allowed(limit, 3) == 3
    limit.charge("a", charged)
    assert seconds_to_wait(limit) == seconds
    clock.now += seconds - 1
    assert seconds_to_wait(limit) == 1
    clock.now += 1
    assert allowed(limit, 5) == 3 - charged % 3


def test_clients_whose_windows_have_passed_are_forgotten() -> None:
    clock = Clock()
    limit = RateLimit("3/minute", clock)
    limit.charge("greedy", 100)
    for number in range(20 * MIN_TO_PRUNE):
        clock.now += 1
        limit.check(str(number))
        assert limit.clients <= MIN_TO_PRUNE
    clock.now += 1
    assert allowed(limit, 3, "19999") == 2


def test_a_client_that_still_owes_is_not_forgotten() -> None:
    clock = Clock()
    limit = RateLimit("1/second", clock)
    limit.charge("greedy", 100_000)
    for number in range(10 * MIN_TO_PRUNE):
        clock.now += 1
        limit.check(str(number))
    assert seconds_to_wait(limit, "greedy") == 100_000 - 10 * MIN_TO_PRUNE
