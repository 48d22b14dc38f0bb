-- 住户自己的链接: at most one for an entry, given in person by post. Only a hash of its code is stored.
CREATE TABLE household_links (
  entry {text} NOT NULL PRIMARY KEY,
  hash {text} NOT NULL,
  at {int64} NOT NULL,
  post {text} NOT NULL,
  expires_at {int64} NOT NULL
);
CREATE INDEX household_links_hash ON household_links (hash);

-- What was asked for through one: that a field of its entry be corrected. matter decides on it, and holds the words; it is empty until it is opened. state is open, written, unwritable, refused or
-- withdrawn. id is a hash of the request's key: the same request twice is one.
CREATE TABLE household_requests (
  id {text} NOT NULL PRIMARY KEY,
  entry {text} NOT NULL,
  field {text} NOT NULL,
  matter {text} NOT NULL,
  at {int64} NOT NULL,
  state {text} NOT NULL
);
CREATE INDEX household_requests_entry ON household_requests (entry);
CREATE INDEX household_requests_state ON household_requests (state);
