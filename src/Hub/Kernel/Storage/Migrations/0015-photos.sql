-- Photos: personal data, erasable, in tables of their own; never in the journal, never on the feed.
CREATE TABLE photos (
  id {text} NOT NULL PRIMARY KEY,
  call_no {text} NULL,
  version {int64} NULL,
  kind {text} NULL,
  by_post {text} NULL,
  at {int64} NOT NULL,
  type {text} NOT NULL,
  width {int64} NOT NULL,
  height {int64} NOT NULL
);
CREATE INDEX photos_call ON photos (call_no) WHERE call_no IS NOT NULL;
CREATE INDEX photos_waiting ON photos (at) WHERE call_no IS NULL;
CREATE TABLE photo_files (
  photo {text} NOT NULL,
  size {text} NOT NULL,
  type {text} NOT NULL,
  bytes {bytes} NOT NULL,
  PRIMARY KEY (photo, size)
);
