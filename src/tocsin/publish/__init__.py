"""Step 6: what the public sees. Rendering is pure (`Edition` -> files); writing is the effect."""

from tocsin.publish.edition import Edition
from tocsin.publish.seal import Seal, SealError, load_seal
from tocsin.publish.site import pages
from tocsin.publish.writing import write

__all__ = ["Edition", "Seal", "SealError", "load_seal", "pages", "write"]
