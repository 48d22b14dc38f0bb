-- The rates begin with the cases of some days, and know nothing but the journal: its first entry of a case is the receipt.
CREATE INDEX journal_opened ON journal (at, call_no) WHERE version = 1;
