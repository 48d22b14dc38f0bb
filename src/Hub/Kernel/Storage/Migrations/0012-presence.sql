-- Which on-duty posts have a screen open at which node, as the nodes note it: opaque ids. Redis says it within a breath; this outlives it.
CREATE TABLE presence (
  node {text} NOT NULL PRIMARY KEY,
  at {int64} NOT NULL,
  alone {int64} NOT NULL,
  posts {text} NOT NULL
);
