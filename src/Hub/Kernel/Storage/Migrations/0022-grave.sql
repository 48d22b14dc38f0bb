-- The cases on which a life may hang lead every snapshot, however many others are open.
CREATE INDEX calls_grave ON calls (breach_at, opened_at) WHERE is_open = 1 AND level = 'S1';
