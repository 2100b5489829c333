"""What passes between agencies: packages and their format, and protocols that tell nothing else. Files are touched only in the folder passed in."""
