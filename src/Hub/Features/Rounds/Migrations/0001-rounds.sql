-- What the rhythms have opened: one matter for each rhythm, place (street, community:01, grid:001) and day (yyyy-MM-dd at the street); matter is empty if the server was away for
-- the whole day. plan holds the names, the stops and the checks as they were that day, as JSON: codes and names of places, nothing about people.
CREATE TABLE rounds (
  rhythm {text} NOT NULL,
  place {text} NOT NULL,
  day {text} NOT NULL,
  matter {text} NOT NULL,
  plan {text} NOT NULL,
  PRIMARY KEY (rhythm, place, day)
);
CREATE INDEX rounds_day ON rounds (day);
CREATE INDEX rounds_matter ON rounds (matter);

-- Each look at a stop: stop is the code of a place of the register, whistle the case that was blown about it, or empty. tap keeps a repetition from counting twice.
CREATE TABLE round_looks (
  matter {text} NOT NULL,
  stop {text} NOT NULL,
  tap {text} NOT NULL,
  at {int64} NOT NULL,
  whistle {text} NOT NULL,
  PRIMARY KEY (matter, stop, tap)
);
