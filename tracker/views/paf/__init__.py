"""Pages of the PEEL Assessment Framework."""
