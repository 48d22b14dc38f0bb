-- A party's link to one answer that a matter asks of it. Only a hash of the code is stored.
CREATE TABLE matter_links (
  hash {text} NOT NULL PRIMARY KEY,
  matter {text} NOT NULL,
  owed {text} NOT NULL,
  respondent {text} NOT NULL,
  expires_at {int64} NOT NULL
);
CREATE INDEX matter_links_matter ON matter_links (matter, owed);
CREATE INDEX matter_links_expired ON matter_links (expires_at);
