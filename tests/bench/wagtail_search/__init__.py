"""A site with nothing but Wagtail's own search and the records of a benchmark. The product never installs it."""
