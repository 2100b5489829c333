// kind: schema
// Requests between agencies, and what either side said and did about them.
CREATE CONSTRAINT request_id IF NOT EXISTS FOR (n:Request) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT request_move_key IF NOT EXISTS FOR (n:RequestMove) REQUIRE n.key IS UNIQUE;
CREATE INDEX request_asker IF NOT EXISTS FOR (n:Request) ON (n.asker);
CREATE INDEX request_asked IF NOT EXISTS FOR (n:Request) ON (n.asked);
CREATE INDEX request_case IF NOT EXISTS FOR (n:Request) ON (n.case);
CREATE INDEX request_move_case IF NOT EXISTS FOR (n:RequestMove) ON (n.case);
