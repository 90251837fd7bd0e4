"""Pages of FIVES: what there is, one piece of it, its files, adding to it and changing it."""
