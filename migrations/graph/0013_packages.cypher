// kind: schema
// Packages of records, sent and received, and what was done about them.
CREATE CONSTRAINT package_id IF NOT EXISTS FOR (n:Package) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT package_act_key IF NOT EXISTS FOR (n:PackageAct) REQUIRE n.key IS UNIQUE;
