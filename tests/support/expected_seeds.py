"""The table of the seeds in `design/product.md`: the expected result of the extraction of each of the five stories."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedSeed:
    """A row of the table; `lines` has the line number of each paragraph."""

    name: str
    title: str
    publisher: str | None
    agency: str | None
    published: date | None
    lines: tuple[int, ...]


EXPECTED_SEEDS = (
    ExpectedSeed(
        name="000_3a64872121ddd60b.txt",
        title="Russia alarmed by S. Korea-U.S. contacts over THAAD: ambassador",
        publisher="The Korea Times",
        agency="Yonhap",
        published=date(2016, 2, 2),
        lines=(119, 121, 123, 126, 128, 130, 132, 134, 136, 138, 140, 142, 144, 145),
    ),
    ExpectedSeed(
        name="001_4c62c3337fa9a3bc.txt",
        title="Russia Warns US against Sending Missile Defense System to South Korea",
        publisher=None,
        agency="AFP",
        published=date(2015, 3, 24),
        lines=(6, 8, 10, 12, 14, 16, 18, 20),
    ),
    ExpectedSeed(
        name="002_8dddc422d49da77a.txt",
        title="China, Russia Forge Common Stance on THAAD Deployment in South Korea",
        publisher="CHINA TOPIX",
        agency=None,
        published=None,
        lines=(13, 15, 19, 23, 25, 27, 29, 31, 35, 37, 39, 41, 43, 45, 47, 49),
    ),
    ExpectedSeed(
        name="003_fafbb0539b69e599.txt",
        title="China, Russia to step up opposition to S Korean anti-missile system",
        publisher=None,
        agency=None,
        published=None,
        lines=(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18),
    ),
    ExpectedSeed(
        name="004_0830149b06589483.txt",
        title="US to continue talks with South Korea over missile system",
        publisher="Press TV",
        agency=None,
        published=None,
        lines=(5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29),
    ),
)
