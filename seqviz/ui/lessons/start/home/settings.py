"""What the home page is called."""

NAME = "home"
