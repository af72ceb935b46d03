"""Writes the sample: python -m data.generator [FOLDER]."""

import sys
from pathlib import Path

from data.generator.build import SAMPLE, build

if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE
    cases = build(folder)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{folder}: {len(cases)} conversations, {size / 1e6:.2f} MB")
