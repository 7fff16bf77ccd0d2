"""Content negotiation: the choice of a response's media type by the `Accept` header (RFC 9110, 12.5.1)."""

from collections.abc import Iterator, Sequence

from starlette.datastructures import Headers


def preferred_type(headers: Headers, offered: Sequence[str]) -> str:
    """Return the offered media type that the client prefers; the first one where it has no preference.

    A client that accepts none of them gets the first one too, since it may still be able to read the response.
    """
    ranges = dict(_ranges(",".join(headers.getlist("accept"))))
    return max(offered, key=lambda media_type: _quality(media_type, ranges)) if ranges else offered[0]


def _quality(media_type: str, ranges: dict[str, float]) -> float:
    """Return the weight of the most specific range that has the media type."""
    for media_range in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        if media_range in ranges:
            return ranges[media_range]
    return 0.0


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    """Yield each media range with its weight; a weight that is no number counts as 1."""
    for part in accept.split(","):
        media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
        try:
            yield media_range, float(weight)
        except ValueError:
            yield media_range, 1.0
