"""The operations store: accounts, sessions, audit log and vault; the only room that speaks SQL."""
