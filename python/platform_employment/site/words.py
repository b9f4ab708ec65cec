"""Texts of the pages in Chinese and in English."""

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
)
EIGHT = (
    "unit", "main_job", "hours", "platforms_once", "counterfactual", "multiplier_kind", "sample",
    "funder",
)  # fmt: skip
# the questions before those of the audit
EIGHT_BEFORE = (
    "unit_counted", "gross_or_net", "attribution", "counterfactual", "overlap", "uncertainty",
    "sample", "commissioned_by",
)  # fmt: skip
ANSWERS = {
    "yes": Text("已回答", "answered"),
    "partly": Text("部分回答", "partly"),
    "no": Text("没有回答", "not answered"),
    "not_found": Text("没有找到", "nothing found"),
    "not_applicable": Text("不适用", "does not apply"),
}
UNITS_COUNTED = {
    "jobs": Text("岗位", "Jobs"),
    "persons": Text("人数", "People"),
    "fte": Text("全时当量", "Full-time equivalents"),
}
