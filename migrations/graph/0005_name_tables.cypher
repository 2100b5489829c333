// kind: schema
// How common names are is counted by the comparison and looked up for one pair; the queue is read by rank.
CREATE CONSTRAINT name_table_id IF NOT EXISTS FOR (n:NameTable) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT name_count_id IF NOT EXISTS FOR (n:NameCount) REQUIRE n.id IS UNIQUE;
CREATE INDEX name_count_table IF NOT EXISTS FOR (n:NameCount) ON (n.table);
CREATE INDEX proposal_bits IF NOT EXISTS FOR (n:Proposal) ON (n.bits);
CREATE INDEX proposal_view IF NOT EXISTS FOR (n:Proposal) ON (n.view);
