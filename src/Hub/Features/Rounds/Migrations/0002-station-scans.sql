-- The day (yyyy-MM-dd at the street) on which the poster of a station was scanned last, or since when it is watched if it never was.
CREATE TABLE station_scans (
  station {text} NOT NULL PRIMARY KEY,
  day {text} NOT NULL,
  scanned {int64} NOT NULL
);
