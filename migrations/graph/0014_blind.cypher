// kind: schema
// Blind questions and planned actions: each written once; a pair of records or of plans is told once.
CREATE CONSTRAINT blind_question_id IF NOT EXISTS FOR (n:BlindQuestion) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT blind_question_pair IF NOT EXISTS FOR (n:BlindQuestion) REQUIRE n.pair IS UNIQUE;
CREATE INDEX blind_question_day IF NOT EXISTS FOR (n:BlindQuestion) ON (n.asker, n.day);
CREATE CONSTRAINT blind_mark_id IF NOT EXISTS FOR (n:BlindMark) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT planned_action_id IF NOT EXISTS FOR (n:PlannedAction) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT collision_pair IF NOT EXISTS FOR (n:Collision) REQUIRE n.pair IS UNIQUE;
