"""The receiver without an account: the link and its code, made by the sender and opened by whoever has both."""
