"""The folders of published models on this server, placed there or uploaded. No torch here."""
