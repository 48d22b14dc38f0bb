-- 名册: every version of every entry, without what its fields say. Kind and place are columns to read by; data holds names, validity and ties as JSON; changed names what was changed.
CREATE TABLE register_entries (
  code {text} NOT NULL,
  version {int64} NOT NULL,
  latest {int64} NOT NULL,
  kind {text} NOT NULL,
  place {text} NOT NULL,
  data {text} NOT NULL,
  at {int64} NOT NULL,
  by_account {text} NOT NULL,
  changed {text} NOT NULL,
  PRIMARY KEY (code, version)
);
CREATE INDEX register_entries_latest ON register_entries (code) WHERE latest = 1;

-- The fields of an entry as they are now, encrypted and erasable: readable holds those that are public or for staff, closed those that are read for a purpose.
CREATE TABLE register_fields (
  code {text} NOT NULL PRIMARY KEY,
  readable {text},
  closed {text}
);

-- Who looked somebody up, and why. purpose is a code of the kinds, or held or erase for whoever asked about themselves, with what was written of it, encrypted, in reason; call_no is
-- the matter that it was for, or empty.
CREATE TABLE register_looks (
  id {identity},
  at {int64} NOT NULL,
  account {text} NOT NULL,
  post {text} NOT NULL,
  entry {text} NOT NULL,
  purpose {text} NOT NULL,
  call_no {text} NOT NULL,
  reason {text}
);
CREATE INDEX register_looks_entry ON register_looks (entry);
CREATE INDEX register_looks_at ON register_looks (at);
