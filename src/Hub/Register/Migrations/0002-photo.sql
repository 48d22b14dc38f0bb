-- The photo of whoever an entry is about, where its kind shows one: encrypted, and erased with the fields.
ALTER TABLE register_fields ADD COLUMN photo {bytes} NULL;
