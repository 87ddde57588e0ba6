"""The lessons: ``<wing>/<lesson>/`` holds the settings, readings and views of ``pages/<wing>/<lesson>.py``."""
