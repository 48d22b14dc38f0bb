-- The keys that encrypt columns, each wrapped by the data-protection keys, which are not in the database. Number 0 is for keyed hashes and nonces and never changes; the highest one encrypts.
CREATE TABLE data_keys (
  id {int64} NOT NULL PRIMARY KEY,
  wrapped {text} NOT NULL,
  at {int64} NOT NULL
);

-- The number of the key that all values of a column are encrypted with, at least; a column without a row may hold values in clear.
CREATE TABLE encrypted_columns (
  name {text} NOT NULL PRIMARY KEY,
  key_id {int64} NOT NULL
);

INSERT INTO books (name, revision) VALUES ('dataKeys', 1);
