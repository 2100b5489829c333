// kind: schema
// Releases of tables; their signatures and withdrawals are acts of their own.
CREATE CONSTRAINT release_id IF NOT EXISTS FOR (n:Release) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT release_act_key IF NOT EXISTS FOR (n:ReleaseAct) REQUIRE n.key IS UNIQUE;
CREATE INDEX release_measure IF NOT EXISTS FOR (n:Release) ON (n.measure);
