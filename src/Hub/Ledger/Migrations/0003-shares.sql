-- 给家人看的链接: a code that only reads the steps of a case; encrypted as the caller's own code is.
CREATE TABLE shares (
  call_no {text} NOT NULL PRIMARY KEY,
  code {text} NOT NULL,
  at {int64} NOT NULL
);
CREATE UNIQUE INDEX shares_code ON shares (code);
