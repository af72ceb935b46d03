"""Readers bring a format to four tables: transcript, segment, feedback and evaluation."""

from transforms.readers.catalogue import READERS, formats
from transforms.readers.conform import conform
from transforms.readers.format import Reader
from transforms.readers.reading import read, read_files
from transforms.readers.recognise import recognise
from transforms.readers.sources import discover
from transforms.readers.transcript import File, Rejected, Source, SourceError, Transcript

__all__ = [
    "READERS",
    "File",
    "Reader",
    "Rejected",
    "Source",
    "SourceError",
    "Transcript",
    "conform",
    "discover",
    "formats",
    "read",
    "read_files",
    "recognise",
]
