"""Make the fonts of PDF documents anew from Debian's package ``fonts-noto-cjk``: ``.venv/bin/python seeds/fonts/make.py``.

Regular holds every sign of GBK, so that nearly every Chinese name can be printed; bold, which sets headings only, those
of GB2312. Both are static fonts: typst shows variable ones of this size as empty boxes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

SOURCE = Path("/usr/share/fonts/opentype/noto")
HERE = Path(__file__).resolve().parent
FAMILY = "Noto Sans CJK SC"
SIGNS = "≥≤≠±×÷−–—…→←↑↓√∞≈¥€•·✓✗“”‘’①②③④⑤⑥⑦⑧⑨⑩"


def _signs_of(encoding: str) -> Iterator[str]:
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            try:
                yield bytes([lead, trail]).decode(encoding)
            except UnicodeDecodeError:
                continue


def _make(weight: str, encoding: str) -> None:
    collection = TTCollection(SOURCE / f"NotoSansCJK-{weight}.ttc")
    font: TTFont = next(each for each in collection.fonts if each["name"].getDebugName(1) == FAMILY)
    options = Options()
    options.layout_features = ["kern", "tnum"]
    options.hinting = False
    options.name_IDs = ["*"]
    subsetter = Subsetter(options)
    wanted = "".join(_signs_of(encoding)) + "".join(map(chr, range(0x20, 0x180))) + SIGNS
    subsetter.populate(text=wanted)
    subsetter.subset(font)
    font.save(HERE / f"NotoSansSC-{weight}.otf")


_make("Regular", "gbk")
_make("Bold", "gb2312")
