-- Drawer 3, derived: what we worked out. Dropped and rebuilt whenever this text changes.

CREATE TABLE derived_state (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- All contacts of one handle in order of time: 16 bytes each, its flags of 28 bits, see ledger/strands.py.
CREATE TABLE derived_strand (
  handle INTEGER PRIMARY KEY,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;

CREATE TABLE derived_person (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('person', 'robot', 'list', 'role', 'me')),
  name TEXT NOT NULL,
  organisation TEXT NOT NULL,
  title TEXT NOT NULL,
  birthday TEXT NOT NULL,
  first INTEGER,
  last INTEGER,
  body TEXT NOT NULL CHECK (json_valid(body))
) STRICT;

CREATE TABLE derived_belongs (
  handle INTEGER PRIMARY KEY,
  person INTEGER NOT NULL
) STRICT;
CREATE INDEX derived_belongs_by_person ON derived_belongs (person);

CREATE TABLE derived_redirect (
  person INTEGER PRIMARY KEY,
  into_person INTEGER NOT NULL
) STRICT;

-- Times are seconds since 1970, `turned` is days since 1970.
CREATE TABLE derived_tie (
  person INTEGER PRIMARY KEY,
  strength REAL NOT NULL,
  p_contact REAL NOT NULL,
  momentum TEXT NOT NULL,
  segment TEXT NOT NULL,
  reciprocity REAL NOT NULL,
  initiative REAL NOT NULL,
  sent INTEGER NOT NULL,
  received INTEGER NOT NULL,
  met INTEGER NOT NULL,
  days INTEGER NOT NULL,
  gap REAL NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  turned INTEGER,
  heard INTEGER,
  heard_moment INTEGER,
  heard_group INTEGER NOT NULL,
  written INTEGER,
  met_last INTEGER,
  first_was TEXT NOT NULL,
  channel TEXT NOT NULL
) STRICT;
CREATE INDEX derived_tie_by_strength ON derived_tie (strength DESC, person);

-- The tallies behind the ties, a column a row, so that one new contact costs one person's count.
CREATE TABLE derived_tally (name TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT, WITHOUT ROWID;

-- Who stands together with whom, by handle: batches of the rows that ledger/acquaintances.py pairs, 24 bytes each.
CREATE TABLE derived_together (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;

-- Who knows whom as of one day, a column a row, made when a path is asked for.
CREATE TABLE derived_acquaintance (name TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT, WITHOUT ROWID;

-- What each card tells of its person, folded, so that it is found by its words; filled when people are looked for.
CREATE TABLE derived_telling (
  card INTEGER PRIMARY KEY,
  own INTEGER NOT NULL,
  shown TEXT NOT NULL,
  private TEXT NOT NULL
) STRICT;

-- What the owner's own model of language made of a text, by a digest of the model and the text: 32-bit floats.
CREATE TABLE derived_vector (key TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT, WITHOUT ROWID;

-- People who may be one, the likeliest first, made when they are to be reviewed.
CREATE TABLE derived_likeness (
  place INTEGER PRIMARY KEY,
  one INTEGER NOT NULL,
  other INTEGER NOT NULL,
  score REAL NOT NULL,
  sure INTEGER NOT NULL,
  because TEXT NOT NULL CHECK (json_valid(because))
) STRICT;

-- What mirror and portfolio show as of one day, a part a row, made when they are looked into.
CREATE TABLE derived_mirror (name TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT, WITHOUT ROWID;

-- Answers kept whole, by what was asked, each with the state of the vault that it was given in.
CREATE TABLE derived_answer (name TEXT PRIMARY KEY, ground BLOB NOT NULL, body BLOB NOT NULL) STRICT, WITHOUT ROWID;

-- All that a day offers before it is chosen from, by a digest of all that it stands on.
CREATE TABLE derived_survey (ground BLOB PRIMARY KEY, body BLOB NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE derived_suggestion (
  rank INTEGER PRIMARY KEY,
  body TEXT NOT NULL CHECK (json_valid(body))
) STRICT;

CREATE VIRTUAL TABLE derived_search USING fts5 (
  name, handles, position,
  content = '', contentless_delete = 1,
  tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3'
);
