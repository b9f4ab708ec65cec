"""Words in Chinese and in English that pages and commands share: one text for one thing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from platform_employment.names import chinese_name


class BilingualText(NamedTuple):
    """The same text in Chinese and in English."""

    zh: str
    en: str

    def of(self, language: str) -> str:
        """Return the text in a language."""
        return self.zh if language == "zh" else self.en


class State(NamedTuple):
    """How a verification status is drawn and said."""

    mark: str
    text: BilingualText
    brief: BilingualText


# how a report says that a number is a bound or not exact
COMPARATORS = {
    "over": BilingualText("超过", "over"),
    "at_least": BilingualText("不少于", "at least"),
    "about": BilingualText("约", "about"),
    "up_to": BilingualText("近", "up to"),
    "under": BilingualText("低于", "under"),
}
SEVERITIES = {
    "serious": BilingualText("严重", "serious"),
    "moderate": BilingualText("中等", "moderate"),
    "minor": BilingualText("轻微", "minor"),
    "note": BilingualText("备注", "note"),
}
# fill means checked: solid, light, hatched, empty; ≠ where outside sources differ
STATES = {
    "corroborated": State(
        "s",
        BilingualText("与独立来源相符", "agrees with an independent source"),
        BilingualText("与独立来源相符", "checked"),
    ),
    "disputed": State(
        "o ne",
        BilingualText("外部来源不一致", "outside sources differ"),
        BilingualText("外部来源不一致", "with sources that differ"),
    ),
    "contradicted": State(
        "x ne",
        BilingualText("与外部数据或自身重算不符", "contradicted"),
        BilingualText("不符", "contradicted"),
    ),
    "consistent": State(
        "o",
        BilingualText("与自身其他公布数一致，未经独立核对", "agrees with own data only, unchecked"),
        BilingualText("只与自身数据一致", "agreeing with own data only"),
    ),
    "arithmetic": State(
        "a",
        BilingualText("用报告数算出", "arithmetic on printed numbers"),
        BilingualText("用这些数算出", "arithmetic on that"),
    ),
    "circular": State(
        "h",
        BilingualText("循环：只能由它自身反推", "circular: worked back from itself"),
        BilingualText("循环得出", "circular"),
    ),
    "assumed": State(
        "h",
        BilingualText("我们的假设", "our assumption"),
        BilingualText("为我们的假设", "our assumption"),
    ),
    "taken_as_printed": State(
        "o",
        BilingualText("直接采用报告数，未核对", "taken as printed, unchecked"),
        BilingualText("直接采用报告数", "taken as printed"),
    ),
    "unchecked": State(
        "o", BilingualText("未核对", "unchecked"), BilingualText("未核对", "unchecked")
    ),
}
KEY = (
    ("o", BilingualText("直接采用报告数，未核对", "taken as printed")),
    ("h", BilingualText("循环，或我们的假设", "circular, or our assumption")),
    ("a", STATES["arithmetic"].text),
    ("s", BilingualText("与独立来源相符（写明是谁）", "agrees with a named independent source")),
    ("o ne", STATES["disputed"].text),
)
ANSWERS = {
    "yes": BilingualText("已回答", "answered"),
    "partly": BilingualText("部分回答", "partly"),
    "no": BilingualText("没有回答", "not answered"),
    "not_found": BilingualText("没有找到", "nothing found"),
    "not_applicable": BilingualText("不适用", "does not apply"),
    "unanswered": BilingualText("尚未查", "not looked up yet"),
}
UNITS_COUNTED = {
    "jobs": BilingualText("岗位", "Jobs"),
    "persons": BilingualText("人数", "People"),
    "fte": BilingualText("全时当量", "Full-time equivalents"),
}
# what a number of a dimension counts, after the number
COUNTED_NOUNS = {
    "jobs": BilingualText("个岗位", "jobs"),
    "persons": BilingualText("人", "persons"),
    "persons_and_jobs": BilingualText("人与岗位", "persons and jobs"),
    "fte": BilingualText("个全时当量", "full-time equivalents"),
}
VERDICTS = {
    "agrees": BilingualText("相符", "agrees"),
    "differs": BilingualText("不一致", "differs"),
    "contradicts": BilingualText("矛盾", "contradicts"),
    "not_comparable": BilingualText("不可比", "not comparable"),
}
# what a comparison can show
WEIGHTS = {
    "test": BilingualText("检验", "a test"),
    "source": BilingualText(
        "报告自己的来源，只核对抄录", "the report's own source: tests the copying"
    ),
    "bound": BilingualText("只是一个界限", "only a bound"),
    "scale": BilingualText("只作尺度，不算核对", "a sense of size, no check"),
}
OWNERS = {
    "official": BilingualText("官方统计", "official statistics"),
    "independent": BilingualText("独立来源", "independent"),
    "platform": BilingualText("平台自己，不算独立", "the platform, not independent"),
    "commissioned": BilingualText("受平台委托，不算独立", "commissioned, not independent"),
}
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def number_word(value: int) -> str:
    """Return a small number as an English word."""
    return NUMBERS[value] if value < len(NUMBERS) else str(value)


STAGES = {
    "gross": BilingualText("报告的数", "As printed"),
    "once": BilingualText("每人一次", "One job for each person"),
    "fte": BilingualText("折合全时", "Full-time equivalents"),
    "net": BilingualText("扣除替代后的净额", "Net of displacement"),
}
RANGES = {
    "as_printed": BilingualText("报告数", "the printed number"),
    "conditional_bounds": BilingualText(
        "上下限，以借自其他研究的比例成立为前提",
        "bounds, if shares borrowed from other studies hold",
    ),
    "scenario": BilingualText("情景，不是估计", "a scenario, not an estimate"),
}
LAYER_LABELS = {
    "rounding": BilingualText("取整误差", "rounding"),
    "assumptions": BilingualText("假设区间", "our assumptions"),
    "undisclosed": BilingualText("报告未明确事项", "what the report leaves open"),
    "sampling": BilingualText("抽样误差", "sampling"),
    "choices": BilingualText("方法选择", "method choices"),
    "backtest": BilingualText("回溯检验", "backtest"),
}


def owner_of(source: Mapping[str, Any]) -> BilingualText:
    """Return the author of a source, or its publisher; without a Chinese name as it is."""
    name = str(source.get("author") or source.get("publisher") or "")
    return BilingualText(chinese_name(name), name)


def owners_of(sources: Iterable[Mapping[str, Any]]) -> BilingualText:
    """Return the names of the authors of sources, each once."""
    names = dict.fromkeys(owner_of(source) for source in sources)
    return BilingualText("、".join(n.zh for n in names), ", ".join(n.en for n in names))


_SECTION = re.compile(r"section ([\d.]+)")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
_PLACES = {
    "text": "正文",
    "abstract": "摘要",
    "title": "标题",
    "headline only": "只见标题",
    "last paragraph but one": "倒数第2段",
    "last sentence but one": "倒数第2句",
    "sentence on results": "结果一句",
    "section on jobs": "岗位一节",
    "paragraph on gross merchandise value": "成交额一段",
    "paragraph on tools": "工具一段",
    "paragraph that opens with the report": "以报告开头的一段",
    "paragraph on the report of 2023": "2023年报告一段",
    "paragraph below the bullets": "列表之后的一段",
    **{f"{word} paragraph": f"第{n}段" for n, word in enumerate(_ORDINALS, 1)},
    **{f"{word} sentence": f"第{n}句" for n, word in enumerate(_ORDINALS, 1)},
    **{f"{word} bullet": f"列表第{n}项" for n, word in enumerate(_ORDINALS, 1)},
}
_KINDS = {"table": "表", "figure": "图", "equation": "式"}


def location_name(name: str) -> BilingualText:
    """Return the name of a place or of a kind of place."""
    kind, _, number = name.partition(" ")
    if section := _SECTION.fullmatch(name):
        return BilingualText(f"第{section[1]}节", name)
    return BilingualText(
        f"{_KINDS[kind]}{number}" if kind in _KINDS else _PLACES.get(name, name), name
    )


def place_of(figure: Mapping[str, Any]) -> BilingualText:
    """Return where a report prints a number, as far as it is known."""
    place = str(figure.get("place") or "")
    if not place:
        return BilingualText("位置不明", "place not known")
    return BilingualText("，".join(location_name(part).zh for part in place.split(", ")), place)


def sentence(text: str) -> str:
    """Return a text with a capital letter."""
    return text[:1].upper() + text[1:]


def bounded(number: str, comparator: str | None, language: str) -> str:
    """Return a number with the word of its bound, which stays with it wherever it is shown."""
    word = COMPARATORS.get(comparator or "")
    return f"{word.of(language)} {number}" if word and number else number


def in_languages(text: BilingualText | None, language: str | None) -> str:
    """Return a text in a language, in both without one; nothing for no text."""
    if text is None:
        return ""
    return text.of(language) if language else " ".join(dict.fromkeys(text))
