"""The page on ways to attend: one study compared, one sentence compared, and what attention is not."""
