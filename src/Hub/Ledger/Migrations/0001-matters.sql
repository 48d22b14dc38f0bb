-- Matters of other kinds than the whistle. A program from before them reads neither this table nor the new column.
CREATE TABLE matters (
  no {text} NOT NULL PRIMARY KEY,
  kind {text} NOT NULL,
  procedure {text} NOT NULL,
  version {int64} NOT NULL,
  community {text} NOT NULL,
  grid {text} NULL,
  is_open {int64} NOT NULL,
  next_due {int64} NULL,
  breach_at {int64} NULL,
  opened_at {int64} NOT NULL,
  tracking {text} NOT NULL,
  audience {text} NOT NULL,
  recused {text} NULL,
  parent {text} NULL,
  -- Whoever is waited for, each between bars: finds what somebody owes without reading the matters.
  asked {text} NULL,
  body {text} NOT NULL,
  card {text} NOT NULL
);
CREATE UNIQUE INDEX matters_tracking ON matters (tracking);
CREATE INDEX matters_due ON matters (next_due) WHERE next_due IS NOT NULL;
CREATE INDEX matters_board ON matters (breach_at, no) WHERE is_open = 1;
CREATE INDEX matters_open ON matters (opened_at, no) WHERE is_open = 1;
CREATE INDEX matters_parent ON matters (parent) WHERE parent IS NOT NULL;

ALTER TABLE journal ADD COLUMN kind {text} NULL;

-- Where the auditor is among them, as table auditor says for the whistles.
CREATE TABLE matters_auditor (
  street {text} NOT NULL PRIMARY KEY,
  opened_at {int64} NOT NULL,
  no {text} NOT NULL
);
INSERT INTO matters_auditor (street, opened_at, no) VALUES ('main', 0, '');
