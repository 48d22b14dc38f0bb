-- The audit chain: a link for each transaction that writes protected rows. Its format is in docs/audit-chain.md.
CREATE TABLE chain (
  n {int64} NOT NULL PRIMARY KEY,
  at {int64} NOT NULL,
  prev {bytes} NOT NULL,
  leaves {bytes} NOT NULL,
  signature {bytes} NOT NULL
);
CREATE INDEX chain_at ON chain (at);

-- What the chain covers: the columns of each protected table. key_part is 0 outside the key; a column holding its blank is left out of the digest.
CREATE TABLE chain_columns (
  tab {text} NOT NULL,
  col {text} NOT NULL,
  key_part {int64} NOT NULL,
  blank {text} NULL,
  PRIMARY KEY (tab, col)
);

-- Every key that has signed links.
CREATE TABLE chain_keys (
  fingerprint {text} NOT NULL PRIMARY KEY,
  public_key {text} NOT NULL,
  at {int64} NOT NULL
);

-- Where the chain ends: read and moved under the street's lock, like the number of the last entry.
ALTER TABLE head ADD COLUMN link {int64} NOT NULL DEFAULT 0;
ALTER TABLE head ADD COLUMN link_hash {text} NOT NULL DEFAULT '';
ALTER TABLE head ADD COLUMN link_at {int64} NOT NULL DEFAULT 0;

-- Whoever writes takes that lock, an import into an empty database too; the epoch begins with the first start.
INSERT INTO head (street, epoch, seq, day, day_count) SELECT 'main', '', 0, '', 0 WHERE NOT EXISTS (SELECT 1 FROM head);

-- What was done to accounts, channels and the street's documents: who, what, on whom, when. Ids and codes only.
CREATE TABLE acts (
  id {identity},
  at {int64} NOT NULL,
  by_account {text} NOT NULL,
  what {text} NOT NULL,
  subject {text} NOT NULL,
  detail {text} NOT NULL
);

-- Random bits in whatever can be erased: the digest that stays in the chain tells nothing about a row that is gone.
ALTER TABLE words ADD COLUMN salt {text} NOT NULL DEFAULT '';
ALTER TABLE callers ADD COLUMN salt {text} NOT NULL DEFAULT '';
ALTER TABLE reads ADD COLUMN salt {text} NOT NULL DEFAULT '';
ALTER TABLE duty_words ADD COLUMN salt {text} NOT NULL DEFAULT '';
UPDATE words SET salt = {random};
UPDATE callers SET salt = {random};
UPDATE reads SET salt = {random};
UPDATE duty_words SET salt = {random};
