-- One row that is written when somebody asks whether this street can commit; nothing reads it.
CREATE TABLE ready (
  id {int64} NOT NULL PRIMARY KEY,
  at {int64} NOT NULL,
  room {text} NOT NULL
);
