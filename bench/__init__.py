"""What the lab promises about speed, measured: ``python -m bench``."""
