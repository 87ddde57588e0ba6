"""Published Transformers in Hugging Face format, opened from a folder."""
