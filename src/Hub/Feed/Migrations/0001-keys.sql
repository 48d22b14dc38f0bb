-- Which keys a node has, as a fingerprint: a node with others does not start beside it. Empty for a node of a program from before.
ALTER TABLE presence ADD COLUMN keys {text} NOT NULL DEFAULT '';
