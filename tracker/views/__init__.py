"""The pages of StART, by what they are about."""
