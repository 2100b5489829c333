// kind: schema
// Agreements between agencies and their signatures, one of each party; grants by what they open, asked whenever something is added to a case.
CREATE CONSTRAINT agreement_id IF NOT EXISTS FOR (n:Agreement) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT agreement_signature_key IF NOT EXISTS FOR (n:AgreementSignature) REQUIRE n.key IS UNIQUE;
CREATE INDEX grant_compartment IF NOT EXISTS FOR (n:Grant) ON (n.compartment);
CREATE INDEX grant_partner IF NOT EXISTS FOR (n:Grant) ON (n.partner);
