-- What lets a program in: a digest of each token and what it may do. The token itself is shown once and not kept.
CREATE TABLE token (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  digest BLOB NOT NULL UNIQUE,
  scopes TEXT NOT NULL,
  made INTEGER NOT NULL,
  revoked INTEGER
) STRICT;
