// kind: schema
// Agreements between agencies and their signatures: one of each party.
CREATE CONSTRAINT agreement_id IF NOT EXISTS FOR (n:Agreement) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT agreement_signature_key IF NOT EXISTS FOR (n:AgreementSignature) REQUIRE n.key IS UNIQUE;
