"""Renders the pages of a PDF as pictures, in a process with limits of time and memory.

`python -m wherefrom.index.sources.extractors.page_pictures NUMBER` reads a PDF from standard input and writes the page
as PNG to standard output.
"""

import os
import struct
import subprocess
import sys
import zlib

from wherefrom.index.errors import PageNotFound, SourceRejected

MAX_SIDE_PIXELS = 1_800
PIXELS_PER_POINT = 2.0
SECONDS = 20
MEMORY_BYTES = 1 << 30
MIN_PIXELS_PER_POINT = 0.01
NO_PAGE, UNREADABLE = 3, 4
"""Exit statuses: there is no page with this number; the file cannot be read."""
MODULE = "wherefrom.index.sources.extractors.page_pictures"
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"


def draw_page(raw: bytes, number: int, source: str) -> bytes:
    """Return a page of a PDF as PNG; `number` is 1-based. Raise PageNotFound, or SourceRejected if rendering fails."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-P", "-m", MODULE, str(number)]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command, input=raw, capture_output=True, timeout=SECONDS, env=environment, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise SourceRejected(source, f"drawing page {number} takes longer than {SECONDS} s") from error
    except OSError as error:
        raise SourceRejected(source, f"no process can be started to draw page {number}: {error.strerror}") from error
    if done.returncode == NO_PAGE:
        raise PageNotFound(source, number)
    if done.returncode or not done.stdout.startswith(PNG_MAGIC):
        raise SourceRejected(source, f"page {number} cannot be drawn")
    return done.stdout


def main() -> None:
    """Render the page given on the command line."""
    _limit_memory()
    number, raw = int(sys.argv[1]), sys.stdin.buffer.read()
    import pypdfium2 as pdfium  # noqa: PLC0415 - after the limit

    try:
        document = pdfium.PdfDocument(raw)
        if not 1 <= number <= len(document):
            sys.exit(NO_PAGE)
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(PIXELS_PER_POINT, MAX_SIDE_PIXELS / max(width, height, 1.0))
        bitmap = page.render(scale=max(scale, MIN_PIXELS_PER_POINT), rev_byteorder=True, prefer_bgrx=False)
        pixels, stride = bytes(bitmap.buffer), bitmap.stride
    except pdfium.PdfiumError:
        sys.exit(UNREADABLE)
    row = bitmap.width * bitmap.n_channels
    rows = b"".join(b"\0" + pixels[start : start + row] for start in range(0, stride * bitmap.height, stride))
    sys.stdout.buffer.write(_png(rows, bitmap.width, bitmap.height, bitmap.n_channels))
    sys.stdout.buffer.flush()


COLOUR_TYPES = {1: 0, 3: 2, 4: 6}
"""The colour type in PNG (grey, RGB, RGBA) by the number of channels."""


def _png(rows: bytes, width: int, height: int, channels: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, COLOUR_TYPES[channels], 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    return PNG_MAGIC + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource  # noqa: PLC0415

        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        limit = MEMORY_BYTES if most == resource.RLIM_INFINITY else min(MEMORY_BYTES, most)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, most))


if __name__ == "__main__":
    main()
