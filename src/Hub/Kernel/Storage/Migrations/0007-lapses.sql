-- The morning brief names what lapsed on a day.
CREATE INDEX journal_lapsed ON journal (at) WHERE what = 'lapsed';
