"""What the commands that keep a collection do, without a model; each gives its exit code."""

import sys
from collections.abc import Sequence
from pathlib import Path

from wherefrom.index.storage import backup as backups
from wherefrom.index.storage.writer import remove_from
from wherefrom.service.cli.index_commands import count, progress_bar
from wherefrom.service.cli.rendering import console
from wherefrom.service.settings import Settings


def remove(settings: Settings, document_ids: Sequence[str]) -> int:
    """Remove documents, all of them or none."""
    remove_from(settings.data, document_ids, wait=settings.lock_seconds)
    console(sys.stdout).print(f"{count(len(document_ids), 'document')} removed")
    return 0


def back_up(settings: Settings, file: Path) -> int:
    """Copy the index to a file, whatever is written meanwhile."""
    with progress_bar(console(sys.stderr)) as bar:
        task = bar.add_task("Copying", total=None)
        documents = backups.backup(
            settings.data, file, lambda done, total: bar.update(task, completed=done, total=total)
        )
    console(sys.stdout).print(f"{count(documents, 'document')} checked and copied")
    return 0


def restore(settings: Settings, file: Path, *, replace: bool) -> int:
    """Make the data folder of a backup."""
    documents = backups.restore(file, settings.data, replace=replace, wait=settings.lock_seconds)
    console(sys.stdout).print(f"{count(documents, 'document')} checked and restored")
    return 0
