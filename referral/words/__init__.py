"""The words of casework: every enumeration with its labels, tiers of data, kinds of help."""
