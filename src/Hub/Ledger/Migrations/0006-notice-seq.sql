-- The entry of the journal that a message is about, and the version of its case; 0 for what is not about a change of a case.
ALTER TABLE outbox ADD COLUMN seq {int64} NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN version {int64} NOT NULL DEFAULT 0;
