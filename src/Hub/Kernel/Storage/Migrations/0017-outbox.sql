-- What is to be said beyond the pages, written in the transaction of what it tells: codes only, no person, no number, no words. A row that waits is
-- sent when next_at has come and nothing earlier of its lane (channel, address and case) waits.
CREATE TABLE outbox (
  id {identity},
  key {text} NOT NULL,
  channel {text} NOT NULL,
  address {text} NOT NULL,
  lane {text} NOT NULL,
  call_no {text} NOT NULL,
  event {text} NOT NULL,
  level {text} NOT NULL,
  category {text} NOT NULL,
  grid {text} NOT NULL,
  subject {text} NOT NULL,
  detail {text} NOT NULL,
  until_accepted {int64} NOT NULL,
  state {text} NOT NULL,
  why {text} NOT NULL,
  not_before {int64} NOT NULL,
  next_at {int64} NOT NULL,
  lease_until {int64} NOT NULL,
  attempts {int64} NOT NULL,
  created_at {int64} NOT NULL,
  done_at {int64} NULL
);
CREATE UNIQUE INDEX outbox_key ON outbox (key);
CREATE INDEX outbox_due ON outbox (channel, level, next_at) WHERE state = 'waiting';
CREATE INDEX outbox_lane ON outbox (lane, not_before, id) WHERE state = 'waiting';
CREATE INDEX outbox_call ON outbox (call_no) WHERE state = 'waiting';
CREATE INDEX outbox_done ON outbox (state, done_at) WHERE state <> 'waiting';

-- Where messages go. Endpoint and secret are encrypted by the data-protection keys: a robot's address is its secret.
CREATE TABLE channels (
  code {text} NOT NULL PRIMARY KEY,
  settings {text} NOT NULL,
  endpoint {text} NOT NULL,
  secret {text} NOT NULL,
  failing_since {int64} NULL,
  tokens {real} NOT NULL,
  tokens_at {int64} NOT NULL
);
INSERT INTO books (name, revision) VALUES ('reach', 1);
