"""The screens of social workers: a folder a desk, each with its addresses, views and forms; `desk` and `forms` serve them all."""
