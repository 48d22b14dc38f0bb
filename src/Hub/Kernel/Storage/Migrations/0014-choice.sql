-- Who has taken how many cases within 30 days, without a look at the table.
CREATE INDEX journal_accepted ON journal (at, by_post) WHERE what = 'accepted';
