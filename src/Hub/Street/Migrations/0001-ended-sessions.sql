-- Sessions that were signed out before they expired: a copied cookie is worth nothing.
CREATE TABLE ended_sessions (
  session {text} NOT NULL PRIMARY KEY,
  at {int64} NOT NULL
);
