-- Drawer 1, evidence: what the sources said. Rows are appended, never changed in meaning.

CREATE TABLE source (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  place TEXT NOT NULL,
  UNIQUE (kind, place)
) STRICT;

-- One run over one source. `state` is the source's own mark of how far it got, written together with what it covers.
CREATE TABLE reading (
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL REFERENCES source (id),
  decision INTEGER NOT NULL REFERENCES decision (id),
  goes_on INTEGER REFERENCES reading (id),
  started INTEGER NOT NULL,
  finished INTEGER,
  state TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(state)),
  fresh INTEGER NOT NULL DEFAULT 0,
  known INTEGER NOT NULL DEFAULT 0,
  retold INTEGER NOT NULL DEFAULT 0,
  seal INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX reading_by_source ON reading (source);
CREATE INDEX reading_by_decision ON reading (decision);

CREATE TABLE handle (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  UNIQUE (kind, value)
) STRICT;

-- The owner, in what they tell themselves.
INSERT INTO handle (kind, value) VALUES ('me', 'me');

-- `parties`: 4 bytes a participant, little endian, handle id * 4 + role. See docs/decisions/0002.
-- `same`: what this is in the world, whatever is changed about it: 8 bytes the thing, 8 bytes which time it takes place.
CREATE TABLE moment (
  id INTEGER PRIMARY KEY,
  reading INTEGER NOT NULL REFERENCES reading (id),
  key BLOB NOT NULL UNIQUE CHECK (length(key) = 16),
  place ANY NOT NULL,
  at INTEGER NOT NULL,
  channel INTEGER NOT NULL,
  parties BLOB NOT NULL CHECK (length(parties) % 4 = 0),
  subject TEXT NOT NULL,
  message_id TEXT NOT NULL,
  thread INTEGER NOT NULL,
  signs INTEGER NOT NULL,
  depth INTEGER NOT NULL,
  minutes INTEGER NOT NULL,
  imprecise INTEGER NOT NULL,
  same BLOB CHECK (length(same) = 16)
) STRICT;
CREATE INDEX moment_by_same ON moment (same) WHERE same IS NOT NULL;

-- The names under which a handle was seen, and since when.
CREATE TABLE naming (
  handle INTEGER NOT NULL REFERENCES handle (id),
  name TEXT NOT NULL,
  reading INTEGER NOT NULL REFERENCES reading (id),
  first INTEGER NOT NULL,
  seal INTEGER NOT NULL,
  PRIMARY KEY (handle, name, reading)
) STRICT, WITHOUT ROWID;

CREATE TABLE card (
  id INTEGER PRIMARY KEY,
  reading INTEGER NOT NULL REFERENCES reading (id),
  key BLOB NOT NULL UNIQUE CHECK (length(key) = 16),
  uid TEXT NOT NULL,
  revised INTEGER,
  place ANY NOT NULL,
  body TEXT NOT NULL CHECK (json_valid(body)),
  raw TEXT NOT NULL
) STRICT;
CREATE INDEX card_by_uid ON card (uid) WHERE uid <> '';

CREATE TABLE card_handle (
  card INTEGER NOT NULL REFERENCES card (id),
  handle INTEGER NOT NULL REFERENCES handle (id),
  PRIMARY KEY (card, handle)
) STRICT, WITHOUT ROWID;
CREATE INDEX card_handle_by_handle ON card_handle (handle);

-- What a body shows, with the words that show it; the body itself is not kept.
CREATE TABLE finding (
  id INTEGER PRIMARY KEY,
  reading INTEGER NOT NULL REFERENCES reading (id),
  moment INTEGER NOT NULL REFERENCES moment (id),
  writer INTEGER NOT NULL REFERENCES handle (id),
  kind TEXT NOT NULL,
  sentence TEXT NOT NULL,
  body TEXT NOT NULL CHECK (json_valid(body)),
  seal INTEGER NOT NULL,
  UNIQUE (moment, kind, sentence)
) STRICT;
CREATE INDEX finding_by_reading ON finding (reading);
CREATE INDEX finding_by_writer ON finding (writer);

-- The words of messages, kept only where the owner asks for it.
CREATE TABLE words (
  moment INTEGER PRIMARY KEY REFERENCES moment (id),
  reading INTEGER NOT NULL REFERENCES reading (id),
  body TEXT NOT NULL,
  seal INTEGER NOT NULL
) STRICT;
CREATE VIRTUAL TABLE words_search USING fts5 (
  body, content = 'words', content_rowid = 'moment', tokenize = "unicode61 remove_diacritics 2"
);

CREATE TABLE trouble (
  id INTEGER PRIMARY KEY,
  reading INTEGER NOT NULL REFERENCES reading (id),
  place ANY NOT NULL,
  reason TEXT NOT NULL,
  kept BLOB NOT NULL
) STRICT;
CREATE INDEX trouble_by_reading ON trouble (reading);

-- An item belongs to the first reading in force that told it. Here are the others that did: readings of another source,
-- and those that were taken back when it was told again.
CREATE TABLE retold (
  drawer TEXT NOT NULL CHECK (drawer IN ('moment', 'card', 'finding', 'words')),
  item INTEGER NOT NULL,
  reading INTEGER NOT NULL REFERENCES reading (id),
  seal INTEGER NOT NULL,
  PRIMARY KEY (drawer, item, reading)
) STRICT, WITHOUT ROWID;

-- What was told, in order, of each thing of which more than one version is kept: `same` of a moment, `uid` of a card.
-- Without item: its source tells of it no more. See docs/decisions/0008.
CREATE TABLE version (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  drawer TEXT NOT NULL CHECK (drawer IN ('moment', 'card')),
  same ANY NOT NULL,
  source INTEGER NOT NULL REFERENCES source (id),
  reading INTEGER NOT NULL REFERENCES reading (id),
  item INTEGER,
  changed INTEGER NOT NULL,
  seal INTEGER NOT NULL
) STRICT;
CREATE INDEX version_by_same ON version (same);

-- A digest over every batch that was written, so that `verify` can tell a damaged row and its place.
CREATE TABLE seal (
  id INTEGER PRIMARY KEY,
  drawer TEXT NOT NULL CHECK (drawer IN ('moment', 'card', 'trouble')),
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  digest BLOB NOT NULL
) STRICT;

-- Drawer 2, decisions: what the owner said. Undo appends the opposite.

CREATE TABLE decision (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  today TEXT NOT NULL,
  kind TEXT NOT NULL,
  summary TEXT NOT NULL,
  body TEXT NOT NULL CHECK (json_valid(body)),
  undoes INTEGER REFERENCES decision (id),
  digest BLOB NOT NULL
) STRICT;
CREATE INDEX decision_by_undoes ON decision (undoes) WHERE undoes IS NOT NULL;

-- Minted, never computed. A handle stays anchored to the person for whom it was first seen;
-- where handles of several ids prove to be one person, the lowest id stands and the others lead to it.
CREATE TABLE person (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  minted INTEGER NOT NULL
) STRICT;

CREATE TABLE anchor (
  handle INTEGER PRIMARY KEY REFERENCES handle (id),
  person INTEGER NOT NULL REFERENCES person (id),
  seal INTEGER NOT NULL
) STRICT;
CREATE INDEX anchor_by_person ON anchor (person);

-- What Amity offered on which day, so that nobody is offered again and again.
CREATE TABLE nudge (
  day TEXT NOT NULL,
  person INTEGER NOT NULL REFERENCES person (id),
  prompt TEXT NOT NULL,
  PRIMARY KEY (day, person, prompt)
) STRICT, WITHOUT ROWID;

-- What a program asked for and the owner has yet to confirm; what became of it is a decision like any other.
CREATE TABLE errand (
  id INTEGER PRIMARY KEY,
  asked INTEGER NOT NULL,
  operation TEXT NOT NULL,
  arguments TEXT NOT NULL CHECK (json_valid(arguments)),
  answered INTEGER,
  confirmed INTEGER NOT NULL DEFAULT 0
) STRICT;
