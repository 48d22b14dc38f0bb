-- A called party's one-time link to one case: only a hash of the code is kept.
CREATE TABLE party_links (
  hash {text} NOT NULL PRIMARY KEY,
  call_no {text} NOT NULL,
  answer {text} NOT NULL,
  expires_at {int64} NOT NULL
);
CREATE INDEX party_links_call ON party_links (call_no);

-- Whether a team of another community works, or has worked, on the case: few are, and a team's snapshot looks for them.
ALTER TABLE calls ADD COLUMN abroad {int64} NOT NULL DEFAULT 0;
CREATE INDEX calls_abroad ON calls (breach_at, no) WHERE is_open = 1 AND abroad = 1;
