"""Text out of files, for search: what runs in a process of its own (`child`), since any file may be
made to hang or to exhaust whoever opens it. Nothing here knows Django.
"""
