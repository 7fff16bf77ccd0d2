"""The catalog's tables and manifest: created once, and checked whenever a catalog is opened."""

import json
import sqlite3
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from wherefrom.index.embedding.protocol import ModelIdentity
from wherefrom.index.embedding.token_head import model_files_with_head
from wherefrom.index.errors import IndexMismatch, IndexUnusable
from wherefrom.index.storage.connection import Connection, damaged

SCHEMA_VERSION = 6
APPLICATION_ID = 0x57465231
"""SQLite's application id in the file header: "WFR1"."""
EMPTY_CORPUS = f"{0:064x}"
"""The corpus hash of a collection without documents."""
INTEGER_KEYS = ("dimension", "documents", "passages", "revision")
MANIFEST_KEYS = ("model", "model_sha256", "model_files", "cleaner", "corpus", *INTEGER_KEYS)
REBUILD_HINT = "run `wherefrom index --rebuild`"

TABLES = (
    "CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE documents (
        document_id TEXT PRIMARY KEY,
        source TEXT NOT NULL,
        path TEXT,
        source_sha256 TEXT NOT NULL,
        encoding TEXT NOT NULL,
        errors TEXT NOT NULL,
        media_type TEXT NOT NULL,
        extraction TEXT,
        given TEXT NOT NULL,
        metadata TEXT NOT NULL,
        headings TEXT NOT NULL,
        dropped TEXT NOT NULL,
        digest TEXT NOT NULL,
        vectors_sha256 TEXT NOT NULL,
        raw BLOB NOT NULL,
        revision INTEGER NOT NULL
    )""",
    "CREATE INDEX documents_by_path ON documents (path)",
    "CREATE INDEX documents_by_revision ON documents (revision, document_id)",
    "CREATE TABLE removals (document_id TEXT PRIMARY KEY, revision INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE INDEX removals_by_revision ON removals (revision)",
    """CREATE TABLE paragraphs (
        paragraph_id INTEGER PRIMARY KEY AUTOINCREMENT,
        document_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
        number INTEGER NOT NULL,
        text TEXT NOT NULL,
        place TEXT NOT NULL,
        UNIQUE (document_id, number)
    )""",
    """CREATE TABLE corrections (
        document_id TEXT PRIMARY KEY,
        corrected TEXT NOT NULL,
        read TEXT NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE extracted_texts (
        document_id TEXT PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
        text BLOB NOT NULL
    )""",
    """CREATE TABLE pages (
        document_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
        number INTEGER NOT NULL,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        layout TEXT NOT NULL,
        PRIMARY KEY (document_id, number)
    ) WITHOUT ROWID""",
    """CREATE TABLE vectors (
        paragraph_id INTEGER PRIMARY KEY REFERENCES paragraphs ON DELETE CASCADE,
        paragraph BLOB NOT NULL,
        sentences BLOB NOT NULL,
        tokens BLOB NOT NULL
    )""",
)


def is_blank(db: sqlite3.Connection) -> bool:
    """Return whether the file has no tables, like a new one."""
    return bool(db.execute("SELECT count(*) = 0 FROM sqlite_schema").fetchone()[0])


def create(connection: Connection, model: ModelIdentity, cleaner: str) -> None:
    """Create the tables and the manifest of an empty collection in one transaction, unless the file has tables."""
    with connection.transaction() as db:
        if not is_blank(db):  # another process was faster
            return
        for table in TABLES:
            db.execute(table)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        db.executemany("INSERT INTO manifest VALUES (?, ?)", _empty_manifest(model, cleaner).items())


def _empty_manifest(model: ModelIdentity, cleaner: str) -> dict[str, str]:
    return {
        "model": model.name,
        "model_sha256": model.sha256,
        "model_files": files_json(model),
        "dimension": str(model.dimension),
        "cleaner": cleaner,
        "corpus": EMPTY_CORPUS,
        "documents": "0",
        "passages": "0",
        "revision": "0",
    }


def read_manifest(db: sqlite3.Connection) -> dict[str, str]:
    """Return the model and cleaner of the index, its corpus hash, its counts and its revision, all as strings."""
    return dict(db.execute("SELECT key, value FROM manifest"))


def check_application(db: sqlite3.Connection, path: Path) -> None:
    """Raise IndexUnusable if the SQLite file belongs to another program."""
    if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise IndexUnusable(f"{path} is not a Wherefrom catalog; choose another data folder (--data)")


def check_schema(db: sqlite3.Connection, path: Path) -> None:
    """Raise IndexUnusable if the file belongs to another program, IndexMismatch if it has another schema version."""
    version = check_not_newer(db, path)
    if version != SCHEMA_VERSION:
        raise IndexMismatch(f"{path} has schema version {version}, this program reads {SCHEMA_VERSION}; {REBUILD_HINT}")


def check_not_newer(db: sqlite3.Connection, path: Path) -> int:
    """Return the schema version. Raise IndexUnusable if the file belongs to another program, IndexMismatch if newer.

    A catalog of a newer version is not rebuilt either, since data that this version does not know would be lost.
    """
    check_application(db, path)
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > SCHEMA_VERSION:
        raise IndexMismatch(
            f"{path} has schema version {version} and was made by a newer version of Wherefrom; this one reads up to"
            f" {SCHEMA_VERSION}: upgrade the program (pip install --upgrade wherefrom)"
        )
    return version


def check_tables(db: sqlite3.Connection, path: Path) -> None:
    """Raise IndexDamaged unless a catalog has exactly the tables and indexes that this program creates.

    A trigger, a view, or an additional table, index or column could change the data that is stored or read.
    """
    expected = sqlite3.connect(":memory:")
    try:
        for table in TABLES:
            expected.execute(table)
        unexpected = _schema_entries(db) ^ _schema_entries(expected)
    finally:
        expected.close()
    if unexpected:
        names = ", ".join(sorted({f"{kind} {name}" for kind, name, _, _ in unexpected}))
        raise damaged(path, f"its schema is not the one that this program creates: {names}")


def _schema_entries(db: sqlite3.Connection) -> set[tuple[str, str, str, str]]:
    """Return type, name, table and statement of each schema entry; white space in statements is collapsed."""
    entries = db.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema")
    return {(str(kind), str(name), str(table), " ".join(str(sql).split())) for kind, name, table, sql in entries}


def check_complete(manifest: Mapping[str, str], path: Path) -> None:
    """Raise IndexDamaged if a key of the manifest is missing or unknown, or a count is not a number."""
    if set(manifest) != set(MANIFEST_KEYS) or not all(manifest[key].isdecimal() for key in INTEGER_KEYS):
        raise damaged(path, "its manifest is not one that this program writes")


def check_manifest(manifest: Mapping[str, str], path: Path, model: ModelIdentity, cleaner: str) -> None:
    """Raise IndexMismatch if the index was built with another model or another version of the cleaner."""
    stored = (manifest["model_sha256"], manifest["dimension"], manifest["model_files"])
    if stored != (model.sha256, str(model.dimension), files_json(model)):
        stored_files = set(json.loads(manifest["model_files"]).items())
        differing = sorted({name for name, _ in stored_files ^ set(model_files_with_head(model).items())})
        raise IndexMismatch(
            f"{path} was made with the model {manifest['model']} (SHA-256 {stored[0][:12]}…, {stored[1]} dimensions),"
            f" not {model.name} (SHA-256 {model.sha256[:12]}…, {model.dimension} dimensions;"
            f" files that differ: {', '.join(differing) or 'none'}): open it with the model it was made with"
            f" (--model or WHEREFROM_MODEL), or {REBUILD_HINT} to embed it again with this one"
        )
    if manifest["cleaner"] != cleaner:
        raise IndexMismatch(
            f"{path} was cleaned by version {manifest['cleaner']} of the rules, not {cleaner}; {REBUILD_HINT}"
        )


def generation(manifest: Mapping[str, str]) -> str:
    """Return an identifier of an index's state: 16 hexadecimal digits, equal for equal contents, model and cleaner."""
    values = [manifest[key] for key in ("corpus", "model_sha256", "model_files", "cleaner")]
    return sha256("\n".join(values).encode()).hexdigest()[:16]


def files_json(model: ModelIdentity) -> str:
    """Return the SHA-256 of a model's files and token head by name, as the JSON of a manifest."""
    return json.dumps(model_files_with_head(model), sort_keys=True)
