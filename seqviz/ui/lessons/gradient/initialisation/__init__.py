"""The page on initialisation: a race of several ways to begin, and what a forget-gate bias does to gradient and learning."""
