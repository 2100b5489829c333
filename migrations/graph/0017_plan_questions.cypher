// kind: schema
// Questions between installations whether planned actions meet: each written once on either side.
CREATE CONSTRAINT plan_question_id IF NOT EXISTS FOR (n:PlanQuestion) REQUIRE n.id IS UNIQUE;
CREATE INDEX plan_question_plan IF NOT EXISTS FOR (n:PlanQuestion) ON (n.plan);
CREATE INDEX plan_question_question IF NOT EXISTS FOR (n:PlanQuestion) ON (n.question);
