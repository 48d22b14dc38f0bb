-- 二次验证: what an account shows beside its password. The secret is encrypted; step is the last step of 30 s whose code was accepted, so that none is accepted twice.
CREATE TABLE second_factors (
  account {text} NOT NULL PRIMARY KEY,
  secret {text} NOT NULL,
  step {int64} NOT NULL,
  since_at {int64} NOT NULL
);

-- 恢复码: keyed hashes of the codes that are left; a used one is deleted.
CREATE TABLE recovery_codes (
  account {text} NOT NULL,
  hash {text} NOT NULL,
  PRIMARY KEY (account, hash)
);
