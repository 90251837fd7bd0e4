"""The pages under `/board/`, by subject."""
