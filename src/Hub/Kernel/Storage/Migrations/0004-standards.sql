INSERT INTO books (name, revision) VALUES ('standards', 1);
