"""Words in Chinese and in English that pages and commands share: one text for one thing."""

from __future__ import annotations

from typing import NamedTuple


class Text(NamedTuple):
    """The same text in Chinese and in English."""

    zh: str
    en: str

    def of(self, language: str) -> str:
        """Return the text in a language."""
        return self.zh if language == "zh" else self.en


class State(NamedTuple):
    """How a verification status is drawn and said."""

    mark: str
    text: Text
    brief: Text


# how a report says that a number is a bound or not exact
COMPARATORS = {
    "over": Text("超过", "over"),
    "at_least": Text("不少于", "at least"),
    "about": Text("约", "about"),
    "up_to": Text("近", "up to"),
    "under": Text("低于", "under"),
}
SEVERITIES = {
    "serious": Text("严重", "serious"),
    "moderate": Text("中等", "moderate"),
    "minor": Text("轻微", "minor"),
    "note": Text("备注", "note"),
}
# fill means checked: solid, light, hatched, empty; ≠ where outside sources differ
STATES = {
    "corroborated": State(
        "s",
        Text("与独立来源相符", "agrees with an independent source"),
        Text("与独立来源相符", "checked"),
    ),
    "disputed": State(
        "o ne",
        Text("外部来源不一致", "outside sources differ"),
        Text("外部来源不一致", "with sources that differ"),
    ),
    "contradicted": State(
        "x ne", Text("与外部数据或自身重算不符", "contradicted"), Text("不符", "contradicted")
    ),
    "consistent": State(
        "o",
        Text("与自身其他公布数一致，未经独立核对", "agrees with own data only, unchecked"),
        Text("只与自身数据一致", "agreeing with own data only"),
    ),
    "arithmetic": State(
        "a",
        Text("用报告数算出", "arithmetic on printed numbers"),
        Text("用这些数算出", "arithmetic on that"),
    ),
    "circular": State(
        "h",
        Text("循环：只能由它自身反推", "circular: worked back from itself"),
        Text("循环得出", "circular"),
    ),
    "assumed": State(
        "h", Text("我们的假设", "our assumption"), Text("为我们的假设", "our assumption")
    ),
    "taken_as_printed": State(
        "o",
        Text("直接采用报告数，未核对", "taken as printed, unchecked"),
        Text("直接采用报告数", "taken as printed"),
    ),
    "unchecked": State("o", Text("未核对", "unchecked"), Text("未核对", "unchecked")),
}
KEY = (
    ("o", Text("直接采用报告数，未核对", "taken as printed")),
    ("h", Text("循环，或我们的假设", "circular, or our assumption")),
    ("a", Text("用报告数算出", "arithmetic on printed numbers")),
    ("s", Text("与独立来源相符（写明是谁）", "agrees with a named independent source")),
    ("o ne", Text("外部来源不一致", "outside sources differ")),
)
EIGHT = (
    "unit", "main_job", "hours", "platforms_once", "counterfactual", "multiplier_kind", "sample",
    "funder",
)  # fmt: skip
ANSWERS = {
    "yes": Text("已回答", "answered"),
    "partly": Text("部分回答", "partly"),
    "no": Text("没有回答", "not answered"),
    "not_found": Text("没有找到", "nothing found"),
    "not_applicable": Text("不适用", "does not apply"),
    "unanswered": Text("尚未查", "not looked up yet"),
}
UNITS_COUNTED = {
    "jobs": Text("岗位", "Jobs"),
    "persons": Text("人数", "People"),
    "fte": Text("全时当量", "Full-time equivalents"),
}
VERDICTS = {
    "agrees": Text("相符", "agrees"),
    "differs": Text("不一致", "differs"),
    "contradicts": Text("矛盾", "contradicts"),
    "not_comparable": Text("不可比", "not comparable"),
}
# what a comparison can show
WEIGHTS = {
    "test": Text("检验", "a test"),
    "source": Text("报告自己的来源，只核对抄录", "the report's own source: tests the copying"),
    "bound": Text("只是一个界限", "only a bound"),
    "scale": Text("只作尺度，不算核对", "a sense of size, no check"),
}
OWNERS = {
    "official": Text("官方统计", "official statistics"),
    "independent": Text("独立来源", "independent"),
    "platform": Text("平台自己，不算独立", "the platform, not independent"),
    "commissioned": Text("受平台委托，不算独立", "commissioned, not independent"),
}
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def number_word(value: int) -> str:
    """Return a small number as an English word."""
    return NUMBERS[value] if value < len(NUMBERS) else str(value)


STAGES = {
    "gross": Text("报告的数", "As printed"),
    "once": Text("每人一次", "One job for each person"),
    "fte": Text("折合全时", "Full-time equivalents"),
    "net": Text("净额情景", "Net, under these options"),
}
RANGES = {
    "as_printed": Text("报告数", "the printed number"),
    "conditional_bounds": Text("借用的比例成立时的上下限", "bounds, if the borrowed shares hold"),
    "scenario": Text("情景，不是估计", "a scenario, not an estimate"),
}
LAYERS = {
    "rounding": Text("取整误差", "rounding"),
    "assumptions": Text("假设区间", "our assumptions"),
    "undisclosed": Text("报告未明确事项", "what the report leaves open"),
    "sampling": Text("抽样误差", "sampling"),
    "choices": Text("方法选择", "method choices"),
    "backtest": Text("回溯检验", "backtest"),
}


def bounded(number: str, comparator: str | None, language: str) -> str:
    """Return a number with the word of its bound, which stays with it wherever it is shown."""
    word = COMPARATORS.get(comparator or "")
    return f"{word.of(language)} {number}" if word and number else number


def in_languages(text: Text | None, language: str | None) -> str:
    """Return a text in a language, in both without one; nothing for no text."""
    if text is None:
        return ""
    return text.of(language) if language else " ".join(dict.fromkeys(text))
