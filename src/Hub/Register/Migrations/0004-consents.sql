-- What a home has agreed to: what is visit or call, post who took it in person, or empty if it came through the household's own link. It holds until ended_at; ended_post is of whoever took it back.
CREATE TABLE household_consents (
  id {identity},
  entry {text} NOT NULL,
  what {text} NOT NULL,
  at {int64} NOT NULL,
  post {text} NOT NULL,
  ended_at {int64},
  ended_post {text}
);
CREATE INDEX household_consents_entry ON household_consents (entry);
