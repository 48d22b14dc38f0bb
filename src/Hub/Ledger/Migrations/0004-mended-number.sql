-- When a caller last mended or removed the number they left.
ALTER TABLE callers ADD COLUMN phone_at {int64} NULL;
