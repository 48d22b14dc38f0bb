-- The posts that have taken themselves out of a case, each between commas; null where none has. Few cases have any: boards look for them.
ALTER TABLE calls ADD COLUMN recused {text} NULL;
CREATE INDEX calls_recused ON calls (no) WHERE is_open = 1 AND recused IS NOT NULL;
