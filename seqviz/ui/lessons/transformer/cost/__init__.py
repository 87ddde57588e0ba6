"""The page on what training costs: published models beside the app's runs and the person's own."""
