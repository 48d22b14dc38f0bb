-- 锁屏提醒: the phone of one session, as its browser's push service knows it. The address is a capability, and encrypted as a code.
CREATE TABLE push_phones (
  session {text} NOT NULL PRIMARY KEY,
  account {text} NOT NULL,
  stamp {text} NOT NULL,
  endpoint {text} NOT NULL,
  keys {text} NOT NULL,
  seen_at {int64} NOT NULL
);
CREATE UNIQUE INDEX push_phones_endpoint ON push_phones (endpoint);
CREATE INDEX push_phones_account ON push_phones (account);
