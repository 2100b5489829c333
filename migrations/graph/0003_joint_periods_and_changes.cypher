// kind: schema
// The number of a joint period is nobody else's; start pages ask what changed since yesterday.
CREATE CONSTRAINT jpa_number IF NOT EXISTS FOR (n:Jpa) REQUIRE n.number IS UNIQUE;
CREATE INDEX report_entered IF NOT EXISTS FOR (n:Report) ON (n.entered);
CREATE INDEX judgement_at IF NOT EXISTS FOR (n:Judgement) ON (n.at);
CREATE INDEX action_at IF NOT EXISTS FOR (n:Action) ON (n.at);
CREATE INDEX decision_at IF NOT EXISTS FOR (n:Decision) ON (n.at);
