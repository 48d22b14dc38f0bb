-- The auditor goes through the open cases from the oldest on, and on from where it was.
CREATE INDEX calls_open ON calls (opened_at, no) WHERE is_open = 1;
CREATE TABLE auditor (
  street {text} NOT NULL PRIMARY KEY,
  opened_at {int64} NOT NULL,
  no {text} NOT NULL
);
INSERT INTO auditor (street, opened_at, no) VALUES ('main', 0, '');
