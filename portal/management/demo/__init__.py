"""A site to try: three organisations that do not exist, one account a role, cases of nobody in every state. All of it training."""
