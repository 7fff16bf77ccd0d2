"""Ask a running service several questions at once: `python examples/async_client.py URL QUESTION ...`.

The service of `wherefrom serve` is at http://127.0.0.1:8000. It encodes questions that arrive together in one batch.
"""

import asyncio
import sys

from wherefrom import AsyncClient


async def main(url: str, questions: list[str]) -> None:
    """Ask all questions concurrently, verify the citation of each answer, and print both."""
    async with AsyncClient(url) as client:
        for answer in await asyncio.gather(*(client.ask(question) for question in questions)):
            print(answer.question)
            if answer.answer is None:
                print("  no answer")
                continue
            verdict = await client.verify(answer.answer.citation)
            print(f"  {answer.answer.text}")
            print(f"  {answer.answer.citation.formatted} ({'verified' if verdict.valid else verdict.reason})")


asyncio.run(main(sys.argv[1], sys.argv[2:]))
