"""Pages about inspections that need nothing but what this room holds."""
