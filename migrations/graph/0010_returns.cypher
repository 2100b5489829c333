// kind: schema
// Returns of agencies for joint periods, what was done about them, and the pinned keys of agencies.
CREATE CONSTRAINT return_id IF NOT EXISTS FOR (n:Return) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT return_slot IF NOT EXISTS FOR (n:Return) REQUIRE n.slot IS UNIQUE;
CREATE CONSTRAINT return_act_key IF NOT EXISTS FOR (n:ReturnAct) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT agency_key_fingerprint IF NOT EXISTS FOR (n:AgencyKey) REQUIRE n.fingerprint IS UNIQUE;
CREATE INDEX return_jpa IF NOT EXISTS FOR (n:Return) ON (n.jpa);
