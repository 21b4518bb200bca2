"""What keeps case data safe: keys and their rotation, the trail, the isolation of partners in the database."""
