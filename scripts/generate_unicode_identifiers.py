#!/usr/bin/env python3
"""Writes interpreter/syntax/unicode_identifiers.inc: which characters above U+007F may stand in an identifier.

The language allows letters, marks and digits of any script (Unicode general categories L, M and Nd); only letters may be
first. The file lists them as sorted ranges {first, last, is_letter} for a binary search. Run it without arguments when a
newer Unicode is wanted; the version is that of Python's unicodedata.
"""
import sys
import unicodedata
from pathlib import Path

OUTPUT = Path(__file__).resolve().parent.parent / "interpreter" / "syntax" / "unicode_identifiers.inc"
COLUMNS = 120


def identifier_class(code: int) -> str | None:
    """"letter" or "follower" for a character that may be part of an identifier, else None."""
    category = unicodedata.category(chr(code))
    if category.startswith("L"):
        return "letter"
    if category.startswith("M") or category == "Nd":
        return "follower"
    return None


def ranges() -> list[tuple[int, int, str]]:
    """Runs of neighbours of one class. A gap of unassigned numbers ends a run: they may become anything."""
    runs: list[tuple[int, int, str]] = []
    for code in range(0x80, sys.maxunicode + 1):
        kind = identifier_class(code)
        if kind is None:
            continue
        if runs and runs[-1][1] == code - 1 and runs[-1][2] == kind:
            runs[-1] = (runs[-1][0], code, kind)
        else:
            runs.append((code, code, kind))
    return runs


def main() -> int:
    lines = [
        "// Letters, marks and decimal digits above U+007F, as sorted ranges {first, last, is_letter}.",
        f"// Made by scripts/generate_unicode_identifiers.py from Unicode {unicodedata.unidata_version}. Do not edit.",
    ]
    line = ""
    for first, last, kind in ranges():
        item = f"{{0x{first:04X}, 0x{last:04X}, {'true' if kind == 'letter' else 'false'}}},"
        if line and len(line) + 1 + len(item) > COLUMNS:
            lines.append(line)
            line = item
        else:
            line = f"{line} {item}".lstrip()
    lines.append(line)
    OUTPUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
