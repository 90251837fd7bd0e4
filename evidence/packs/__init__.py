"""Inspection packs: evidence of question areas and actions in one archive, with an index."""
