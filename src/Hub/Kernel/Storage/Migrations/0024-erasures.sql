-- What was to be erased at somebody's request: codes only, so that it can be done again after a backup was put back. done_at is null until the case has ended.
CREATE TABLE erasures (
  call_no {text} NOT NULL PRIMARY KEY,
  opened_at {int64} NOT NULL,
  at {int64} NOT NULL,
  by_account {text} NOT NULL,
  reason {text} NOT NULL,
  done_at {int64} NULL
);
CREATE INDEX erasures_waiting ON erasures (at) WHERE done_at IS NULL;
