-- The morning brief names the exemptions that wait for the street.
CREATE INDEX journal_exemption ON journal (at) WHERE what = 'exemptionAsked';
