"""A progress bar shows the pace of the last minute and the time that is left, however articles come."""

from rich.progress import Task, TaskID

from wherefrom.service.cli.progress import Pace


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def task_of(clock: Clock, total: float | None) -> Task:
    return Task(TaskID(0), "Indexing", total, 0.0, _get_time=clock)


def test_nothing_is_shown_before_the_pace_is_known() -> None:
    clock = Clock()
    task, pace = task_of(clock, 2_000), Pace()
    assert pace.render(task).plain == ""
    task.completed = 64
    clock.now += 0.001
    assert pace.render(task).plain == ""


def test_articles_that_come_in_portions_have_the_pace_of_the_portions() -> None:
    clock = Clock()
    task, pace = task_of(clock, 2_000), Pace()
    pace.render(task)
    for _ in range(10):
        clock.now += 8.0
        task.completed += 64
        shown = pace.render(task).plain
    assert shown == "8/s, 0:02:50 left"


def test_the_pace_follows_a_change_within_a_minute() -> None:
    clock = Clock()
    task, pace = task_of(clock, 100_000), Pace()
    pace.render(task)
    for step in range(400):
        clock.now += 1.0
        task.completed += 100 if step < 200 else 2
        shown = pace.render(task).plain
    assert shown.startswith("2/s, ")


def test_a_slow_pace_is_shown_by_the_minute_and_without_a_total_no_time_is_left() -> None:
    clock = Clock()
    task, pace = task_of(clock, None), Pace()
    pace.render(task)
    clock.now += 40.0
    task.completed = 10
    assert pace.render(task).plain == "15/min"
