"""Screens of what guards the data: files, leave to read, requests about data, complaints, holds, export."""
