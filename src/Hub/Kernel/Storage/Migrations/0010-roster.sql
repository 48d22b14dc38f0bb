-- A shift: where it comes from, and whether a pattern may still move it. state: planned (of a pattern, nobody has touched it), fixed (somebody has,
-- or it is of no pattern), off (taken out; it keeps its slot, so that no pattern brings it back, and its stretch is empty, so that the program
-- before sees nothing in it). A standby shift counts while something of its community is unmanned.
ALTER TABLE shifts ADD COLUMN slot {text} NOT NULL DEFAULT '';
ALTER TABLE shifts ADD COLUMN state {text} NOT NULL DEFAULT 'fixed';
ALTER TABLE shifts ADD COLUMN standby {int64} NOT NULL DEFAULT 0;
ALTER TABLE shifts ADD COLUMN version {int64} NOT NULL DEFAULT 1;
ALTER TABLE shifts ADD COLUMN changed_at {int64} NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX shifts_slot ON shifts (slot) WHERE slot <> '';
CREATE INDEX shifts_until ON shifts (until_at);

-- The other posts of an account: a person in several teams. accounts.post is its own.
CREATE TABLE account_posts (
  account {text} NOT NULL,
  post {text} NOT NULL,
  PRIMARY KEY (account, post)
);

-- Since when nobody is called by a post any more; its history stays.
ALTER TABLE posts ADD COLUMN retired_at {int64} NULL;

-- Every version of every pattern; the latest counts, and an empty one has been withdrawn.
CREATE TABLE patterns (
  unit {text} NOT NULL,
  code {text} NOT NULL,
  version {int64} NOT NULL,
  json {text} NOT NULL,
  at {int64} NOT NULL,
  by_account {text} NOT NULL,
  PRIMARY KEY (unit, code, version)
);

-- Sick leave and other leave: no pattern makes a shift in it.
CREATE TABLE absences (
  id {identity},
  post {text} NOT NULL,
  from_at {int64} NOT NULL,
  until_at {int64} NOT NULL,
  kind {text} NOT NULL
);
CREATE INDEX absences_post ON absences (post, until_at);

CREATE TABLE swaps (
  id {identity},
  shift {int64} NOT NULL,
  shift_version {int64} NOT NULL,
  by_post {text} NOT NULL,
  with_post {text} NOT NULL,
  for_shift {int64} NULL,
  for_version {int64} NULL,
  state {text} NOT NULL,
  at {int64} NOT NULL,
  answered_at {int64} NULL
);
CREATE INDEX swaps_with ON swaps (with_post, state);
CREATE INDEX swaps_by ON swaps (by_post, state);

-- Append-only: who changed what of the roster, by account and post. Ids and codes only.
CREATE TABLE roster_journal (
  id {identity},
  at {int64} NOT NULL,
  by_account {text} NOT NULL,
  by_post {text} NULL,
  what {text} NOT NULL,
  unit {text} NOT NULL,
  post {text} NULL,
  shift {int64} NULL,
  from_at {int64} NULL,
  until_at {int64} NULL,
  detail {text} NOT NULL
);
CREATE INDEX roster_journal_unit ON roster_journal (unit, id);

-- Free text of a hand-over that is about no case. Erasable.
CREATE TABLE duty_words (
  id {identity},
  unit {text} NOT NULL,
  at {int64} NOT NULL,
  by_post {text} NOT NULL,
  words {text} NOT NULL
);
CREATE INDEX duty_words_unit ON duty_words (unit, at);

-- An hour in which a unit is unmanned: found by looking ahead, told to the community, then to the street, closed when somebody covers it.
CREATE TABLE gaps (
  unit {text} NOT NULL,
  from_at {int64} NOT NULL,
  community {text} NULL,
  found_at {int64} NOT NULL,
  street_at {int64} NULL,
  closed_at {int64} NULL,
  PRIMARY KEY (unit, from_at)
);
CREATE INDEX gaps_open ON gaps (from_at) WHERE closed_at IS NULL;

-- A calendar feed's address is a capability: only a hash of its code is kept.
CREATE TABLE roster_feeds (
  hash {text} NOT NULL PRIMARY KEY,
  account {text} NOT NULL,
  post {text} NULL,
  unit {text} NULL,
  at {int64} NOT NULL
);
CREATE INDEX roster_feeds_account ON roster_feeds (account);

-- What is in hand when a shift ends.
CREATE INDEX calls_in_hand ON calls (breach_at, no) WHERE state IN ('accepted', 'onScene');
