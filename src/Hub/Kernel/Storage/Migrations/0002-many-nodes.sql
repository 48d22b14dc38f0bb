-- Every epoch that the street has had: a node that noted one which is not among them knows an older database was put back.
CREATE TABLE epochs (
  epoch {text} NOT NULL PRIMARY KEY,
  at {int64} NOT NULL
);
INSERT INTO epochs (epoch, at) SELECT epoch, 0 FROM head;

-- What every node holds in memory: its revision counts the changes, so that the others notice one within a second.
CREATE TABLE books (
  name {text} NOT NULL PRIMARY KEY,
  revision {int64} NOT NULL
);
INSERT INTO books (name, revision) VALUES ('policies', 1), ('streets', 1), ('roster', 1), ('accounts', 1);
