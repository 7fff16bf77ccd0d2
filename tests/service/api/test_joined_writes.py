import asyncio
from collections.abc import Callable

from wherefrom.service.api.joined_writes import JoinedWrites


class Recorder:
    """A transport that keeps what it is told, each call as one entry."""

    def __init__(self) -> None:
        self.told: list[bytes] = []
        self.closing = False

    def write(self, data: bytes) -> None:
        self.told.append(data)

    def writelines(self, pieces: tuple[bytes, ...]) -> None:
        self.told.append(b"|".join(pieces))

    def close(self) -> None:
        self.told.append(b"closed")
        self.closing = True

    def is_closing(self) -> bool:
        return self.closing

    def pause_reading(self) -> str:
        return "paused"


def told_to(*turns: Callable[[JoinedWrites, Recorder], None]) -> list[bytes]:
    """What a transport is told when each of these happens in a turn of its own."""

    async def scenario() -> list[bytes]:
        recorder = Recorder()
        joined = JoinedWrites(recorder, asyncio.get_running_loop())
        for turn in turns:
            turn(joined, recorder)
            await asyncio.sleep(0)
        return recorder.told

    return asyncio.run(scenario())


def writing(*pieces: bytes) -> Callable[[JoinedWrites, Recorder], None]:
    def turn(joined: JoinedWrites, _: Recorder) -> None:
        for piece in pieces:
            joined.write(piece)

    return turn


def test_two_pieces_of_a_turn_are_written_as_one() -> None:
    assert told_to(writing(b"head", b"body")) == [b"head|body"]


def test_a_piece_alone_is_written_when_its_turn_ends() -> None:
    assert told_to(writing(b"head"), writing(b"body")) == [b"head", b"body"]


def test_no_more_than_one_piece_is_held_however_many_there_are() -> None:
    assert told_to(writing(b"1", b"2", b"3", b"4", b"5")) == [b"1|2", b"3|4", b"5"]


def test_what_is_held_is_written_before_the_end() -> None:
    def turn(joined: JoinedWrites, _: Recorder) -> None:
        joined.write(b"head")
        joined.close()

    assert told_to(turn) == [b"head", b"closed"]


def test_nothing_is_written_to_a_transport_that_was_closed_meanwhile() -> None:
    def turn(joined: JoinedWrites, recorder: Recorder) -> None:
        joined.write(b"head")
        recorder.close()

    assert told_to(turn) == [b"closed"]


def test_the_rest_is_the_transports_own() -> None:
    def turn(joined: JoinedWrites, _: Recorder) -> None:
        assert joined.pause_reading() == "paused"

    assert told_to(turn) == []
