-- The day (yyyy-MM-dd at the street) on which the poster of a station was scanned last.
CREATE TABLE station_scans (
  station {text} NOT NULL PRIMARY KEY,
  day {text} NOT NULL
);
