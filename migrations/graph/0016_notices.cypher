// kind: schema
// Recalls and corrections of released packages, what recipients propose back, and what was done about them.
CREATE CONSTRAINT notice_id IF NOT EXISTS FOR (n:Notice) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT notice_act_key IF NOT EXISTS FOR (n:NoticeAct) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT package_content_id IF NOT EXISTS FOR (n:PackageContent) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT package_answer_id IF NOT EXISTS FOR (n:PackageAnswer) REQUIRE n.id IS UNIQUE;
