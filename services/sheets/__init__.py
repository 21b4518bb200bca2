"""The directory as spreadsheets: their columns, their cells, and the way out."""
