"""The schema of the database, as numbered migrations; each runs once, in one transaction.

A document is stored as immutable versions: a change adds a version, born at the change's revision, and the version
before it dies at that revision. So the rows of every revision that is still searched exist, and a paragraph's number
identifies one text for ever. Texts of documents are stored as bytes, since PostgreSQL's strings cannot hold a zero
character.
"""

import secrets

from wherefrom.index.cluster.database.connections import Database, Session
from wherefrom.index.embedding.protocol import ModelIdentity
from wherefrom.index.errors import IndexMismatch
from wherefrom.index.storage.schema import files_json

MIGRATIONS = (
    """
CREATE TABLE collection (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    name text NOT NULL,
    model text NOT NULL,
    model_sha256 text NOT NULL,
    model_files text NOT NULL,
    dimension integer NOT NULL,
    cleaner text NOT NULL,
    next_paragraph bigint NOT NULL DEFAULT 1,
    next_term bigint NOT NULL DEFAULT 1
);
CREATE TABLE changes (
    revision bigint PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    documents bigint NOT NULL,
    passages bigint NOT NULL,
    terms bigint NOT NULL,
    corpus text NOT NULL
);
CREATE TABLE document_changes (
    revision bigint NOT NULL,
    document_id text COLLATE "C" NOT NULL,
    digest text,
    PRIMARY KEY (revision, document_id)
);
CREATE TABLE versions (
    version bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    document_id text COLLATE "C" NOT NULL,
    born bigint NOT NULL,
    died bigint,
    source bytea NOT NULL,
    path bytea,
    source_sha256 text NOT NULL,
    encoding text NOT NULL,
    errors text NOT NULL,
    media_type text NOT NULL,
    extraction text,
    given text NOT NULL,
    metadata text NOT NULL,
    headings text NOT NULL,
    dropped text NOT NULL,
    digest text NOT NULL,
    vectors_sha256 text NOT NULL,
    raw bytea NOT NULL,
    passages integer NOT NULL,
    terms bigint NOT NULL,
    language text,
    published integer NOT NULL,
    keys bigint[] NOT NULL,
    searched bytea NOT NULL,
    sort_title bytea NOT NULL,
    sort_publisher bytea NOT NULL,
    sort_published bytea NOT NULL
);
CREATE UNIQUE INDEX versions_current ON versions (document_id) WHERE died IS NULL;
CREATE INDEX versions_by_birth ON versions (born);
CREATE INDEX versions_by_death ON versions (died) WHERE died IS NOT NULL;
CREATE INDEX versions_by_key ON versions USING gin (keys);
CREATE INDEX versions_by_path ON versions USING hash (path);
CREATE INDEX versions_by_language ON versions (language) WHERE language IS NOT NULL;
CREATE TABLE version_values (
    version bigint NOT NULL REFERENCES versions ON DELETE CASCADE,
    name text NOT NULL,
    value bytea NOT NULL
);
CREATE INDEX version_values_by_version ON version_values (version);
CREATE TABLE version_numbers (
    version bigint NOT NULL REFERENCES versions ON DELETE CASCADE,
    name bigint NOT NULL,
    place integer NOT NULL,
    value double precision NOT NULL,
    PRIMARY KEY (version, name, place)
);
CREATE INDEX version_numbers_by_name ON version_numbers (name, value);
CREATE TABLE field_keys (
    hash bigint PRIMARY KEY,
    key text COLLATE "C" NOT NULL,
    documents bigint NOT NULL
);
CREATE INDEX field_keys_by_key ON field_keys (left(key, 300) COLLATE "C");
CREATE TABLE paragraphs (
    paragraph bigint PRIMARY KEY,
    version bigint NOT NULL REFERENCES versions ON DELETE CASCADE,
    number integer NOT NULL,
    text bytea NOT NULL,
    place text NOT NULL,
    length integer NOT NULL,
    text_key bigint NOT NULL,
    words bytea NOT NULL,
    terms bigint[] NOT NULL,
    counts integer[] NOT NULL
);
CREATE UNIQUE INDEX paragraphs_by_version ON paragraphs (version, number);
CREATE INDEX paragraphs_by_text ON paragraphs (text_key);
CREATE INDEX paragraphs_by_term ON paragraphs USING gin (terms);
CREATE TABLE vectors (
    paragraph bigint PRIMARY KEY REFERENCES paragraphs ON DELETE CASCADE,
    vector bytea NOT NULL,
    sentences bytea NOT NULL,
    tokens bytea NOT NULL
);
CREATE TABLE terms (
    key bytea PRIMARY KEY,
    number bigint NOT NULL UNIQUE,
    paragraphs bigint NOT NULL
);
CREATE TABLE term_changes (
    revision bigint NOT NULL,
    number bigint NOT NULL,
    paragraphs bigint NOT NULL,
    PRIMARY KEY (number, revision)
);
CREATE INDEX term_changes_by_revision ON term_changes (revision);
CREATE TABLE corrections (
    document_id text COLLATE "C" PRIMARY KEY,
    corrected text NOT NULL,
    read text NOT NULL
);
CREATE TABLE extracted_texts (
    version bigint PRIMARY KEY REFERENCES versions ON DELETE CASCADE,
    text bytea NOT NULL
);
CREATE TABLE pages (
    version bigint NOT NULL REFERENCES versions ON DELETE CASCADE,
    number integer NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    layout text NOT NULL,
    PRIMARY KEY (version, number)
);
CREATE TABLE builds (
    build integer PRIMARY KEY,
    is_current boolean NOT NULL DEFAULT false,
    served bigint NOT NULL DEFAULT 0,
    average double precision,
    ended timestamptz
);
CREATE UNIQUE INDEX builds_current ON builds (is_current) WHERE is_current;
""",
    """
ALTER TABLE builds ADD COLUMN written bigint NOT NULL DEFAULT 0;
ALTER TABLE versions ADD COLUMN sentences bigint NOT NULL DEFAULT 0;
UPDATE versions SET sentences = counted.sentences FROM (
    SELECT version, sum(octet_length(sentences) / octet_length(vector)) AS sentences
    FROM paragraphs JOIN vectors USING (paragraph) GROUP BY version) AS counted
WHERE counted.version = versions.version;
""",
)
"""Released migrations never change: a change of the schema is a further migration."""


def migrate(session: Session) -> None:
    """Bring the database up to date, one process at a time. Raises IndexMismatch if it is newer than this program.

    A database that is up to date is only read, so its user need not have the right to create tables.
    """
    with session.snapshot() as db:
        if _has_table(db, "migrations") and _last(db) == len(MIGRATIONS):
            return
    with session.transaction() as db:
        db.execute("SELECT pg_advisory_xact_lock(%s)", (session.lock_key("migrations"),))
        db.execute(
            "CREATE TABLE IF NOT EXISTS migrations (number integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())"
        )
        known = _last(db)
        for number, statements in enumerate(MIGRATIONS[known:], known + 1):
            db.execute(statements.encode())
            db.execute("INSERT INTO migrations (number) VALUES (%s)", (number,))


def create_collection(session: Session, model: ModelIdentity, cleaner: str) -> None:
    """Create an empty collection with this model and cleaner version, unless the database has one."""
    with session.snapshot() as db:
        if db.execute("SELECT 1 FROM collection").fetchone():
            return
    with session.transaction() as db:
        db.execute(
            """INSERT INTO collection (name, model, model_sha256, model_files, dimension, cleaner)
            VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING""",
            (secrets.token_hex(6), model.name, model.sha256, files_json(model), model.dimension, cleaner),
        )


def _has_table(db: Database, name: str) -> bool:
    return db.execute("SELECT to_regclass(%s) IS NOT NULL", (name,)).fetchone() == (True,)


def _last(db: Database) -> int:
    """Return the number of the last migration, 0 without any. Raises IndexMismatch if this program does not know it."""
    (known,) = db.execute("SELECT coalesce(max(number), 0) FROM migrations").fetchone() or (0,)
    if known > len(MIGRATIONS):
        raise IndexMismatch(
            f"the database was migrated to {known} by a newer version of Wherefrom; this one knows"
            f" {len(MIGRATIONS)}: upgrade the program (pip install --upgrade wherefrom)"
        )
    return int(known)
