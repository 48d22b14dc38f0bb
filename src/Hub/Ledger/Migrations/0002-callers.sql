-- Where a caller is, encrypted, in place of lat, lon and datum, which are emptied at the first start; and a keyed hash of the telephone number to find cases by.
ALTER TABLE callers ADD COLUMN place {text} NULL;
ALTER TABLE callers ADD COLUMN phone_hash {text} NULL;
CREATE INDEX callers_phone ON callers (phone_hash) WHERE phone_hash IS NOT NULL;
