"""What editors see and do in the CMS: lists, forms, many records at once, and the screens of an import."""
