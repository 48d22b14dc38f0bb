-- The personal link by which somebody in the register reports: at most one for each entry, and only a hash of its code. bearer is random: whoever holds the link, and any link that renews it.
CREATE TABLE register_links (
  entry {text} NOT NULL PRIMARY KEY,
  hash {text} NOT NULL,
  bearer {text} NOT NULL,
  at {int64} NOT NULL,
  by_account {text} NOT NULL
);
CREATE UNIQUE INDEX register_links_hash ON register_links (hash);

-- Which whistles came by a personal link, and by whose. It is erased with the person of the case, and with the link.
CREATE TABLE register_reports (
  call_no {text} NOT NULL PRIMARY KEY,
  bearer {text} NOT NULL
);
CREATE INDEX register_reports_bearer ON register_reports (bearer);
