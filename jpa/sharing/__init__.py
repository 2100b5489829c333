"""What leaves an agency without being told: pure protocols of sharing."""
