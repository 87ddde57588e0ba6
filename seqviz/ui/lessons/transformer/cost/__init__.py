"""The page on what training costs: published models beside the runs of this app and of the person who looks."""
