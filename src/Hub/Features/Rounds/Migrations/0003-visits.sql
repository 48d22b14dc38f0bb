-- The post of whoever looked, so that a home can be told who came; empty in rows of before.
ALTER TABLE round_looks ADD COLUMN post {text} NOT NULL DEFAULT '';
