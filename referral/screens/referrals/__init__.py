"""The referral on the screen: choose a service, prepare and send, and the page of each side with its buttons."""
