"""Commands that rebuild, verify, back up and restore an index, or remove documents; each returns its exit code."""

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from wherefrom.index.collection.audits import Audit, Mismatch
from wherefrom.index.engine import Progress
from wherefrom.index.rebuild import rebuild as rebuild_index
from wherefrom.index.storage import backup as backups
from wherefrom.index.verify import verify_folder
from wherefrom.service import catalogs
from wherefrom.service.bootstrap import extraction_pool, open_embedder
from wherefrom.service.cli.progress import progress_bar
from wherefrom.service.cli.rendering import console, count, visible
from wherefrom.service.settings import Settings


def rebuild(settings: Settings) -> int:
    """Extract and embed the stored sources again, with the present model and cleaning rules."""
    catalogs.refuse_cluster(settings, "index the sources again into an empty database")
    with extraction_pool(settings) as pool, progress_bar(console(sys.stderr)) as bar:
        embedder = open_embedder(settings)
        task = bar.add_task("Rebuilding", total=None, unit="documents")
        documents = rebuild_index(
            settings.data,
            embedder,
            lambda _: bar.advance(task),
            wait=settings.lock_seconds,
            extract=pool.extract,
        )
    console(sys.stdout).print(f"{count(documents, 'document')} read and embedded again")
    return 0


def verify(settings: Settings) -> int:
    """Check every citation that the index could give, and print each mismatch."""
    with progress_bar(console(sys.stderr)) as bar:
        task = bar.add_task("Verifying", total=None, unit="documents")
        audit = _audit(settings, lambda done, total: bar.update(task, completed=done, total=total))
    _show_audit(audit, console(sys.stdout))
    return 1 if audit.mismatches or audit.damaged else 0


def remove(settings: Settings, document_ids: Sequence[str]) -> int:
    """Remove documents, all of them or none."""
    catalogs.remove(settings, document_ids)
    console(sys.stdout).print(f"{count(len(set(document_ids)), 'document')} removed")
    return 0


def back_up(settings: Settings, file: Path) -> int:
    """Copy the index to a file; other processes may write to the index meanwhile."""
    catalogs.refuse_cluster(settings, "back up PostgreSQL with pg_dump")
    with progress_bar(console(sys.stderr)) as bar:
        task = bar.add_task("Copying", total=None, unit="pages")
        documents = backups.backup(
            settings.data, file, lambda done, total: bar.update(task, completed=done, total=total)
        )
    console(sys.stdout).print(f"{count(documents, 'document')} checked and copied")
    return 0


def restore(settings: Settings, file: Path, *, replace: bool) -> int:
    """Restore a backup into the data folder."""
    catalogs.refuse_cluster(settings, "restore PostgreSQL with pg_restore")
    documents = backups.restore(file, settings.data, replace=replace, wait=settings.lock_seconds)
    console(sys.stdout).print(f"{count(documents, 'document')} checked and restored")
    return 0


def _audit(settings: Settings, progress: Progress) -> Audit:
    if not catalogs.is_cluster(settings):
        return verify_folder(settings.data, progress)
    from wherefrom.index.cluster.maintenance import verify_database  # noqa: PLC0415 - an extra

    return verify_database(settings.cluster()[0], progress)


def _show_audit(audit: Audit, out: Console) -> None:
    for mismatch in audit.mismatches:
        out.print(visible(_mismatch_line(mismatch)))
    for problem in audit.damaged:
        out.print(visible(f"damaged: {problem}"))
    documents, paragraphs = count(audit.documents, "document"), count(audit.paragraphs, "paragraph")
    verdict = f"{count(len(audit.mismatches), 'mismatch', 'es')}" if audit.mismatches else "every citation holds"
    sentences, headings = count(audit.sentences, "sentence"), count(audit.headings, "heading")
    out.print(f"{documents}, {paragraphs}, {headings}, {sentences} checked: {verdict}")


def _mismatch_line(mismatch: Mismatch) -> str:
    paragraph = "" if mismatch.paragraph is None else f", paragraph {mismatch.paragraph}"
    sentence = "" if mismatch.sentence is None else f", sentence {mismatch.sentence}"
    return f"mismatch {mismatch.document_id} ({mismatch.source}{paragraph}{sentence}): {mismatch.reason}"
