"""French: the clock as on order pages and in mails."""
