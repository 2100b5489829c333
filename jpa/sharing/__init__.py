"""Packages between agencies: their content, their format, closing and opening them. Files are touched only in the folder that is passed in."""
