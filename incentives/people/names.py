"""Chinese names in pinyin. A surname has its own reading, which ordinary dictionaries get wrong."""

from __future__ import annotations

from pypinyin import lazy_pinyin

SURNAMES = {
    "单": "shan", "曾": "zeng", "解": "xie", "查": "zha", "仇": "qiu", "区": "ou", "朴": "piao", "任": "ren",
    "盖": "ge", "乐": "yue", "翟": "zhai", "缪": "miao", "覃": "qin", "黑": "he", "冼": "xian", "折": "she",
    "员": "yun", "秘": "bi", "谌": "chen", "召": "shao", "种": "chong", "重": "chong", "燕": "yan", "纪": "ji",
    "宓": "mi", "隗": "wei", "逄": "pang", "尹": "yin", "令狐": "ling hu", "尉迟": "yu chi", "万俟": "mo qi",
    "长孙": "zhang sun", "澹台": "tan tai", "鲜于": "xian yu", "夏侯": "xia hou", "诸葛": "zhu ge",
    "欧阳": "ou yang", "司马": "si ma", "上官": "shang guan", "东方": "dong fang", "皇甫": "huang fu",
}  # fmt: skip


def pinyin_of(name: str) -> str:
    """Syllables with blanks between, lower case, without tones: 单小曾 → shan xiao zeng. Latin names stay as they are."""
    for length in (2, 1):
        surname = name[:length]
        if surname in SURNAMES and len(name) > length:
            return f"{SURNAMES[surname]} {' '.join(lazy_pinyin(name[length:]))}".lower()
    return " ".join(lazy_pinyin(name)).lower()


def initials_of(pinyin: str) -> str:
    """The first letter of each syllable: shan xiao zeng → sxz."""
    return "".join(syllable[0] for syllable in pinyin.lower().split())[:20]
