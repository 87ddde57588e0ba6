"""The pages on which sentences are translated."""
