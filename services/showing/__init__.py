"""What readers see of the directory and the search, and what they send: the screens, and what each of them shows."""
