-- A station's page tells what was solved in its grid lately.
CREATE INDEX calls_solved ON calls (grid, opened_at) WHERE state = 'closed';
