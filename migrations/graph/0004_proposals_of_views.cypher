// kind: schema
// A proposal belongs to the view of the run that made it: one pair may have one in each view.
DROP CONSTRAINT proposal_pair IF EXISTS;
CREATE CONSTRAINT proposal_id IF NOT EXISTS FOR (n:Proposal) REQUIRE n.id IS UNIQUE;
CREATE INDEX proposal_of_pair IF NOT EXISTS FOR (n:Proposal) ON (n.pair);
