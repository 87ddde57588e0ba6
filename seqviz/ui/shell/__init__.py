"""What every page shares: its frame, links, widgets, cache, prose, and the person."""
