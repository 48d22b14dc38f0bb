-- The words in braces stand for the types of the database at hand.
CREATE TABLE head (
  street {text} NOT NULL PRIMARY KEY,
  epoch {text} NOT NULL,
  seq {int64} NOT NULL,
  day {text} NOT NULL,
  day_count {int64} NOT NULL
);

CREATE TABLE calls (
  no {text} NOT NULL PRIMARY KEY,
  version {int64} NOT NULL,
  state {text} NOT NULL,
  level {text} NOT NULL,
  community {text} NOT NULL,
  grid {text} NOT NULL,
  is_open {int64} NOT NULL,
  next_due {int64} NULL,
  breach_at {int64} NULL,
  opened_at {int64} NOT NULL,
  tracking {text} NOT NULL,
  audience {text} NOT NULL,
  body {text} NOT NULL,
  card {text} NOT NULL
);
CREATE UNIQUE INDEX calls_tracking ON calls (tracking);
CREATE INDEX calls_due ON calls (next_due) WHERE next_due IS NOT NULL;
CREATE INDEX calls_board ON calls (breach_at, opened_at) WHERE is_open = 1;
CREATE INDEX calls_ringing ON calls (breach_at) WHERE state = 'ringing';
CREATE INDEX calls_community ON calls (community, breach_at) WHERE is_open = 1;

CREATE TABLE journal (
  seq {int64} NOT NULL PRIMARY KEY,
  call_no {text} NOT NULL,
  version {int64} NOT NULL,
  at {int64} NOT NULL,
  by_post {text} NOT NULL,
  what {text} NOT NULL,
  answer {text} NULL,
  due {int64} NULL,
  detail {text} NOT NULL,
  audience {text} NOT NULL,
  audience_before {text} NULL,
  card {text} NOT NULL,
  command {text} NOT NULL
);
CREATE UNIQUE INDEX journal_call ON journal (call_no, version);

CREATE TABLE idempotency (
  scope {text} NOT NULL,
  key {text} NOT NULL,
  hash {text} NOT NULL,
  call_no {text} NOT NULL,
  at {int64} NOT NULL,
  PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_at ON idempotency (at);

-- Persons and free text: erasable, in tables of their own.
CREATE TABLE words (
  call_no {text} NOT NULL,
  version {int64} NOT NULL,
  kind {text} NOT NULL,
  by_post {text} NOT NULL,
  at {int64} NOT NULL,
  words {text} NOT NULL,
  PRIMARY KEY (call_no, version, kind)
);
CREATE TABLE callers (
  call_no {text} NOT NULL PRIMARY KEY,
  name {text} NULL,
  phone {text} NULL,
  lat {real} NULL,
  lon {real} NULL,
  datum {text} NULL
);

CREATE TABLE reads (
  id {identity},
  at {int64} NOT NULL,
  account {text} NOT NULL,
  post {text} NOT NULL,
  call_no {text} NOT NULL,
  looked {text} NOT NULL,
  reason {text} NULL
);
CREATE INDEX reads_call ON reads (call_no, at);

CREATE TABLE documents (
  kind {text} NOT NULL,
  version {int64} NOT NULL,
  json {text} NOT NULL,
  at {int64} NOT NULL,
  by_account {text} NOT NULL,
  PRIMARY KEY (kind, version)
);

CREATE TABLE posts (
  id {text} NOT NULL PRIMARY KEY,
  kind {text} NOT NULL,
  community {text} NULL,
  team {text} NULL,
  grid {text} NULL
);
CREATE TABLE shifts (
  id {identity},
  post {text} NOT NULL,
  from_at {int64} NOT NULL,
  until_at {int64} NULL
);
CREATE INDEX shifts_post ON shifts (post, from_at);

CREATE TABLE accounts (
  id {text} NOT NULL PRIMARY KEY,
  user_name {text} NULL,
  normalized_user_name {text} NULL,
  email {text} NULL,
  normalized_email {text} NULL,
  email_confirmed {int64} NOT NULL,
  password_hash {text} NULL,
  security_stamp {text} NULL,
  concurrency_stamp {text} NULL,
  phone_number {text} NULL,
  phone_number_confirmed {int64} NOT NULL,
  two_factor_enabled {int64} NOT NULL,
  lockout_end {int64} NULL,
  lockout_enabled {int64} NOT NULL,
  access_failed_count {int64} NOT NULL,
  role {text} NOT NULL,
  post {text} NULL
);
CREATE UNIQUE INDEX accounts_name ON accounts (normalized_user_name);
CREATE TABLE account_claims (
  id {identity},
  user_id {text} NOT NULL,
  claim_type {text} NULL,
  claim_value {text} NULL
);
CREATE TABLE account_logins (
  login_provider {text} NOT NULL,
  provider_key {text} NOT NULL,
  provider_display_name {text} NULL,
  user_id {text} NOT NULL,
  PRIMARY KEY (login_provider, provider_key)
);
CREATE TABLE account_tokens (
  user_id {text} NOT NULL,
  login_provider {text} NOT NULL,
  name {text} NOT NULL,
  value {text} NULL,
  PRIMARY KEY (user_id, login_provider, name)
);
