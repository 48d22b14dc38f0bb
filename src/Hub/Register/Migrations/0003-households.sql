-- 住户链接: at most one for an entry, given in person by post. Only a hash of its code is stored. since: when the first of the links was given that followed one another; its household reads nothing from before.
CREATE TABLE household_links (
  entry {text} NOT NULL PRIMARY KEY,
  hash {text} NOT NULL,
  at {int64} NOT NULL,
  since {int64} NOT NULL,
  post {text} NOT NULL,
  expires_at {int64} NOT NULL
);
CREATE INDEX household_links_hash ON household_links (hash);

-- What was asked for through one: that a field of its entry be corrected. matter decides on it, and holds the words; it is empty until it is opened. state is open, written, unwritable, overtaken,
-- refused or withdrawn. id is a hash of the request's key, and digest a keyed hash of what it asks: the same request twice is one, and another with its key is none. version is the entry's when it was asked for: what
-- somebody has written since is not written over.
CREATE TABLE household_requests (
  id {text} NOT NULL PRIMARY KEY,
  entry {text} NOT NULL,
  field {text} NOT NULL,
  digest {text} NOT NULL,
  version {int64} NOT NULL,
  matter {text} NOT NULL,
  at {int64} NOT NULL,
  state {text} NOT NULL
);
CREATE INDEX household_requests_entry ON household_requests (entry);
CREATE INDEX household_requests_state ON household_requests (state);
