"""The desk: what `tocsin serve` shows. In this form it serves the public pages, read-only."""
