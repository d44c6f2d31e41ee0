"""Extracts the text of PDFs with a Python library, for tests.

Usage: read.py LIBRARY DIRECTORY. LIBRARY is pypdf, PyPDF2 or pdfminer. For each
NAME.pdf of the directory it writes NAME.LIBRARY.txt, pages separated by form feeds.
"""
import importlib
import pathlib
import sys


def with_pypdf(module):
    def read(path):
        return "\f".join(page.extract_text() + "\n" for page in module.PdfReader(path).pages)
    return read


def with_pdfminer(path):
    from pdfminer.high_level import extract_text
    return extract_text(path)


library, directory = sys.argv[1:]
read = with_pdfminer if library == "pdfminer" else with_pypdf(importlib.import_module(library))
for path in sorted(pathlib.Path(directory).glob("*.pdf")):
    path.with_suffix(f".{library}.txt").write_text(read(str(path)), encoding="utf-8", errors="replace")
