"""Tocsin: an open indications-and-warning system. See README.md and docs/method.md."""

__version__ = "0.1.0"
