"""Components with a browser side: each folder holds one's Python, JavaScript, CSS and HTML."""
