// kind: schema
// The ledger of outcomes, the claims that credit them to joint periods, the table of national articles.
CREATE CONSTRAINT outcome_id IF NOT EXISTS FOR (n:Outcome) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT outcome_source_key IF NOT EXISTS FOR (n:Outcome) REQUIRE n.source_key IS UNIQUE;
CREATE CONSTRAINT claim_id IF NOT EXISTS FOR (n:Claim) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT claim_target_id IF NOT EXISTS FOR (n:ClaimTarget) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT article_id IF NOT EXISTS FOR (n:Article) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT serial_id IF NOT EXISTS FOR (n:Serial) REQUIRE n.id IS UNIQUE;
CREATE INDEX outcome_serial IF NOT EXISTS FOR (n:Outcome) ON (n.serial);
CREATE INDEX outcome_case IF NOT EXISTS FOR (n:Outcome) ON (n.case);
CREATE INDEX outcome_jpa IF NOT EXISTS FOR (n:Outcome) ON (n.jpa);
CREATE INDEX outcome_person IF NOT EXISTS FOR (n:Outcome) ON (n.person);
CREATE INDEX outcome_report IF NOT EXISTS FOR (n:Outcome) ON (n.report);
CREATE INDEX claim_target IF NOT EXISTS FOR (n:Claim) ON (n.target);
CREATE INDEX claim_case IF NOT EXISTS FOR (n:Claim) ON (n.case);
