-- What is stored of a response, and nothing else: no address, no time finer than the day, no number
-- that counts up. WITHOUT ROWID, because a row id would say in which order people answered.

-- "SSP1": tells this database from any other SQLite file.
PRAGMA application_id = 1397968945;

CREATE TABLE envelope (
    id     BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),      -- random, made by the client
    survey TEXT    NOT NULL,
    day    INTEGER NOT NULL,                                          -- days since 1970-01-01, UTC
    digest BLOB    NOT NULL CHECK (length(digest) = 32),              -- SHA-256 of body
    del    BLOB    NOT NULL CHECK (length(del) = 32),                 -- SHA-256 of the withdrawal secret
    body   TEXT    NOT NULL                                           -- as posted, byte for byte
) STRICT, WITHOUT ROWID;

-- Everything a listing by day needs without touching the bodies.
CREATE INDEX envelope_by_day ON envelope (day, id, survey, digest);
