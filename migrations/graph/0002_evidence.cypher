// kind: schema
// Evidence files, retractions and what undoes them, corrections of links.
CREATE CONSTRAINT evidence_id IF NOT EXISTS FOR (n:Evidence) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT evidence_copy IF NOT EXISTS FOR (n:Evidence) REQUIRE (n.report, n.digest) IS UNIQUE;
CREATE CONSTRAINT retraction_id IF NOT EXISTS FOR (n:Retraction) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT retraction_standing IF NOT EXISTS FOR (n:Retraction) REQUIRE n.standing IS UNIQUE;
CREATE CONSTRAINT restoration_undoes IF NOT EXISTS FOR (n:Restoration) REQUIRE n.undoes IS UNIQUE;
CREATE CONSTRAINT link_correction_pair IF NOT EXISTS FOR (n:LinkCorrection) REQUIRE (n.link, n.target) IS UNIQUE;
CREATE INDEX retraction_target IF NOT EXISTS FOR (n:Retraction) ON (n.target);
CREATE INDEX link_correction_target IF NOT EXISTS FOR (n:LinkCorrection) ON (n.target);
