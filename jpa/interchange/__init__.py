"""Files in and out: FollowTheMoney lines, CSV and XLSX, column maps."""
