// kind: schema
// Incidents of irregular movement, reported without names.
CREATE CONSTRAINT incident_id IF NOT EXISTS FOR (n:Incident) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT incident_source_key IF NOT EXISTS FOR (n:Incident) REQUIRE n.source_key IS UNIQUE;
CREATE INDEX incident_agency IF NOT EXISTS FOR (n:Incident) ON (n.agency);
