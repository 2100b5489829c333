// kind: schema
// Saved views of figures.
CREATE CONSTRAINT view_id IF NOT EXISTS FOR (n:View) REQUIRE n.id IS UNIQUE;
CREATE INDEX view_agency IF NOT EXISTS FOR (n:View) ON (n.agency);
