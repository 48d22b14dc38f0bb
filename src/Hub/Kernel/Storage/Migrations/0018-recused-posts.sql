-- By what it is asked for: SQLite, without statistics, looks through every open case for "recused IS NOT NULL" unless a comparison leads it here.
DROP INDEX calls_recused;
CREATE INDEX calls_recused ON calls (recused) WHERE is_open = 1 AND recused IS NOT NULL;
