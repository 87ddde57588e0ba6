"""The parts of the page "Gates and cells": its settings, the texts to read, what is read, and its figures."""
