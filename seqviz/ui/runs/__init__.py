"""Runs on any page: finding, offering, following and describing them."""
