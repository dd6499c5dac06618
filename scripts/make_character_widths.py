#!/usr/bin/env python3
"""The code points that take two columns of a terminal, or none, from the Unicode tables that Python comes with.

Two columns: East Asian Width W or F (Unicode Standard Annex 11), unassigned code points of the CJK planes among them.
None: general category Mn, Me or Cf but for the soft hyphen, and the vowels and finals of Hangul syllables written in
parts. Writes src/core/character_widths.h:
    /usr/bin/python3 scripts/make_character_widths.py
"""
import pathlib
import unicodedata

CJK = [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2FFFD), (0x30000, 0x3FFFD)]
HANGUL_PARTS = [(0x1160, 0x11FF), (0xD7B0, 0xD7C6), (0xD7CB, 0xD7FB)]


def within(code, ranges):
    return any(first <= code <= last for first, last in ranges)


def is_empty(code):
    if code == 0xAD:
        return False
    return within(code, HANGUL_PARTS) or unicodedata.category(chr(code)) in ("Mn", "Me", "Cf")


def is_wide(code):
    # Python calls every unassigned code point F.
    assigned = unicodedata.category(chr(code)) != "Cn"
    return not is_empty(code) and (within(code, CJK) or (assigned and unicodedata.east_asian_width(chr(code)) in "WF"))


def ranges(belongs):
    result = []
    for code in range(0x110000):
        if not belongs(code):
            continue
        if result and result[-1][1] == code - 1:
            result[-1][1] = code
        else:
            result.append([code, code])
    return result


def table(name, rows):
    lines = [f"inline constexpr CodePoints {name}[] = {{"]
    for i in range(0, len(rows), 6):
        lines.append("    " + " ".join(f"{{0x{first:X}, 0x{last:X}}}," for first, last in rows[i : i + 6]))
    return "\n".join(lines + ["};"])


def main():
    text = f"""// Made by scripts/make_character_widths.py from Unicode {unicodedata.unidata_version}; sorted. Elsewhere a character takes one column.
#pragma once

namespace hillock {{

struct CodePoints {{
  char32_t first, last;
}};

// clang-format off
{table("kTwoColumns", ranges(is_wide))}

{table("kNoColumn", ranges(is_empty))}
// clang-format on

}}  // namespace hillock
"""
    out = pathlib.Path(__file__).resolve().parent.parent / "src/core/character_widths.h"
    out.write_text(text)


main()
