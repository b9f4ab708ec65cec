"""A method in other words: SQL and JavaScript as witnesses, and a formula with its numbers put in.

All three are read off the tree that the evaluator works on. Nothing in the warehouse is computed
by them: a test compares what they give with what the evaluator gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, reduce
from textwrap import indent

from platform_employment.method.formula import ALONE, FUNCTIONS, MINUS, Formula, Values, each, fold
from platform_employment.method.methods import Method, Operands, Step

_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, MINUS: 3, "**": 4}
_ATOM = 5
_SUM = "SUM"  # put aside in JavaScript; no step is named in capitals
_KEY = "platform_id, window_end, scenario_id"


@dataclass(frozen=True)
class _Text:
    """A text, how strongly its outermost operator binds, and the names in it."""

    text: str
    strength: int = _ATOM
    names: tuple[str, ...] = ()

    def within(self, strength: int) -> str:
        """The text, in brackets where an operator around it binds more strongly."""
        return self.text if self.strength >= strength else f"({self.text})"


class _Written:
    """A formula written again; `named` writes a name, `called` a function, `power` a power."""

    def __init__(
        self,
        named: Callable[[str], str] = str,
        called: Callable[[str, Sequence[_Text]], _Text] | None = None,
        power: str = "{} ** {}",
    ) -> None:
        self.named, self.called, self.power = named, called or _call, power

    def name(self, name: str) -> _Text:
        return _Text(self.named(name), _ATOM, (name,))

    def number(self, number: int) -> _Text:
        return _Text(str(number))

    def apply(self, operation: str, operands: Sequence[_Text]) -> _Text:
        if operation in FUNCTIONS:
            return self.called(operation, operands)
        names, first, strength = _names(operands), operands[0], _STRENGTH[operation]
        if operation == MINUS:
            return _Text(f"-{first.within(_ATOM)}", strength, names)
        if operation == "**":
            return _Text(self.power.format(first.within(_ATOM), operands[1].text), strength, names)
        # a * (b / c) keeps its brackets, and so the order of its roundings
        text = f"{first.within(strength)} {operation} {operands[1].within(strength + 1)}"
        return _Text(text, strength, names)


def _names(operands: Sequence[_Text]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for operand in operands for name in operand.names))


def _call(function: str, arguments: Sequence[_Text]) -> _Text:
    text = f"{function}({', '.join(argument.text for argument in arguments)})"
    return _Text(text, _ATOM, _names(arguments))


def calculation(step: Step, values: Mapping[str, Mapping[str, Decimal]]) -> dict[str, str]:
    """The formula of a step with the numbers put in, by element; a sum is written out."""
    return _calculation(step.formula, step.operands(values))


@lru_cache(maxsize=16_384)  # windows and scenarios have nearly all of them in common
def _calculation(formula: Formula, operands: Operands) -> dict[str, str]:
    values = {name: dict(value) for name, value in operands}
    return {e: written.text for e, written in fold(formula, _Filled(values)).items()}


class _Filled:
    """The text of each element."""

    def __init__(self, values: Mapping[str, Mapping[str, Decimal]]) -> None:
        self.values, self.plain = values, _Written()

    def name(self, name: str) -> Values:
        return {e: _Text(printed(x), _ATOM if x >= 0 else 0) for e, x in self.values[name].items()}

    def number(self, number: int) -> Values:
        return {ALONE: self.plain.number(number)}

    def apply(self, operation: str, operands: Sequence[Values]) -> Values:
        if operation == "sum":
            parts = [text for _, text in sorted(operands[0].items())]
            return {ALONE: reduce(lambda *both: self.plain.apply("+", both), parts)}
        return each(lambda *texts: self.plain.apply(operation, texts), *operands)


def printed(value: Decimal) -> str:
    """A number with at most ten decimals and no zeros at its end."""
    text = f"{value:.10f}"
    return text.rstrip("0").rstrip(".") if value.quantize(Decimal("1e-10")) else "0"


def sql(method: Method) -> str:
    """A query that works out all steps of all chains of a method from int_chain__inputs."""
    ctes = {"inputs": f"select * from int_chain__inputs\nwhere method_id = '{method.method_id}'"}
    ctes |= {f'"{name}"': _input_sql(name) for name in method.plan().inputs}
    ctes |= {f'"{name}"': step_sql(method, name) for name in method.steps}
    selects = (
        f"select {_KEY}, '{name}' as step_id, element_id, value from \"{name}\""
        for name in method.steps
    )
    return f"{_with(ctes)}\n" + "\nunion all\n".join(selects) + "\n"


def step_sql(method: Method, name: str) -> str:
    """The query of one step over those of the names in its formula.

    A value is a double; a rounded one is rounded as a decimal and goes on as a double.
    """
    step = method.steps[name]
    sums: dict[str, str] = {}

    def called(function: str, arguments: Sequence[_Text]) -> _Text:
        texts, names = [a.within(_ATOM) for a in arguments], _names(arguments)
        if function == "sum":
            alias = f"sum_{len(sums) + 1}"
            sums[alias] = _select(method, f"sum({arguments[0].text})", names, is_sum=True)
            return _Text(f"{alias}.value", _ATOM, (alias,))
        if function == "smaller_root":
            a, b, c = texts
            root = f"sqrt({b} * {b} - 4 * {a} * {c})"
            text = f"(-2 * {a} / ({b} + case when {b} >= 0 then {root} else -{root} end))"
            return _Text(text, _ATOM, names)
        function = {"min": "least", "max": "greatest"}[function]
        return _Text(f"{function}({', '.join(texts)})", _ATOM, names)

    whole = fold(step.formula, _Written('"{}".value'.format, called, "power({}, {})"))
    value = whole.text
    if step.decimals is not None:
        value = f"cast(cast({value} as decimal(38, {step.decimals})) as double)"
    select = _select(method, value, whole.names)
    if sums:
        select = f"{_with(sums)}\n{select}"
    if not step.may_be_given:
        return select
    keys = "".join(f"\n    and given.{key} = worked_out.{key}" for key in _KEY.split(", "))
    return (
        f"{_input_sql(name)}\nunion all\n"
        f"select * from (\n{indent(select, '    ')}\n) as worked_out\n"
        f"where not exists (\n    select 1 from inputs as given\n"
        f"    where given.input_name = '{name}'{keys}\n)"
    )


def _input_sql(name: str) -> str:
    columns = f"{_KEY}, element_id, central as value"
    return f"select {columns}\nfrom inputs\nwhere input_name = '{name}'"


def _with(ctes: Mapping[str, str]) -> str:
    parts = (f"{name} as (\n{indent(query, '    ')}\n)" for name, query in ctes.items())
    return "with " + ",\n".join(parts)


def _select(method: Method, value: str, names: Sequence[str], *, is_sum: bool = False) -> str:
    """Select a value from the relations of its names: those with elements first, aligned by id."""
    many = [name for name in names if _has_elements(method, name)]
    ordered = [*many, *(name for name in names if name not in many)]
    element = "'-'" if is_sum or not many else "element_id"
    lines = [f"select {_KEY}, {element} as element_id, {value} as value"]
    for number, name in enumerate(ordered):
        columns = f"{_KEY}, element_id" if name in many else _KEY
        using = f" using ({columns})" if number else ""
        relation = f'"{name}"'
        if many and name not in many:
            relation = f"(select {_KEY}, value from {relation}) as {relation}"
        lines.append(f"{'inner join' if number else 'from'} {relation}{using}")
    return "\n".join(lines + ([f"group by {_KEY}"] if is_sum else []))


def _has_elements(method: Method, name: str) -> bool:
    known = method.steps.get(name) or method.inputs.get(name)
    return known is not None and known.element_set != ALONE


def javascript(method: Method) -> str:
    """A function that works out all steps from the inputs, as the text of an expression.

    A value is a number, an array of them (many draws at once) or an object of these by element.
    `isRounded` false leaves values in full, as draws have them: only a step that is there to round
    is rounded.
    """
    steps = "\n".join(_javascript_step(method, name) for name in method.steps)
    return _JAVASCRIPT.replace("  STEPS", steps)


def _javascript_step(method: Method, name: str) -> str:
    step = method.steps[name]
    sums: list[str] = []

    def called(function: str, arguments: Sequence[_Text]) -> _Text:
        texts, names = ", ".join(a.text for a in arguments), _names(arguments)
        if function == "sum":
            sums.append(_over_elements(method, "sum", texts, names))
            return _Text(f"{_SUM}{len(sums)}_", _ATOM, (f"{_SUM}{len(sums)}",))
        called = {"min": "Math.min", "max": "Math.max"}.get(function, "smallerRoot")
        return _Text(f"{called}({texts})", _ATOM, names)

    # no name of the language ends so
    whole = fold(step.formula, _Written("{}_".format, called))
    rounds = "halfUp" if step.only_rounds else "round"
    text = whole.text if step.decimals is None else f"{rounds}({whole.text}, {step.decimals})"
    value = _over_elements(method, "each", text, whole.names)
    lines = [f"  const {_SUM}{number}_ = {text};" for number, text in enumerate(sums, 1)]
    given = f"inputs.{name} ?? " if step.may_be_given else ""
    lines.append(f"  v.{name} = {given}{value};")
    return lines[0] if len(lines) == 1 else "  {\n  " + "\n  ".join(lines) + "\n  }"


def _over_elements(method: Method, function: str, text: str, names: Sequence[str]) -> str:
    """The value of a text for all draws, and each element of the names that have some."""
    arguments = ", ".join(f"{name}_" for name in names)
    many = [name for name in names if _has_elements(method, name)]
    values = [
        f"{name}_" if name.startswith(_SUM) else f"v.{name}?.[e]" if name in many else f"v.{name}"
        for name in names
    ]
    mapped = f"map(({arguments}) => {text}, {', '.join(values)})"
    return f"{function}(v.{many[0]}, (e) => {mapped})" if many else mapped


_JAVASCRIPT = """\
(inputs, isRounded = true) => {
  const v = { ...inputs };
  const halfUp = (x, decimals) =>
    // a decimal half that a double has a little below is a half
    (Math.sign(x) * Math.round(Number((Math.abs(x) * 10 ** decimals).toPrecision(15)))) /
    10 ** decimals;
  const round = (x, decimals) => (isRounded ? halfUp(x, decimals) : x);
  const map = (f, ...values) => {
    if (values.includes(undefined)) return undefined; // an input is missing
    const length = Math.max(...values.map((value) => value.length ?? 0));
    if (length === 0) return f(...values);
    const [a, b, c, ...others] = values.map((value) =>
      typeof value === "number" ? new Float64Array(length).fill(value) : value,
    );
    const found = new Float64Array(length);
    if (others.length) {
      for (let i = 0; i < length; i++) found[i] = f(a[i], b[i], c[i], ...others.map((x) => x[i]));
    } else if (c) for (let i = 0; i < length; i++) found[i] = f(a[i], b[i], c[i]);
    else if (b) for (let i = 0; i < length; i++) found[i] = f(a[i], b[i]);
    else for (let i = 0; i < length; i++) found[i] = f(a[i]);
    return found;
  };
  const each = (of, value) =>
    of && Object.fromEntries(Object.keys(of).sort().map((e) => [e, value(e)]));
  const sum = (of, value) =>
    of && Object.keys(of).sort().map(value).reduce((all, one) => map((x, y) => x + y, all, one), 0);
  const smallerRoot = (a, b, c) => {
    const root = Math.sqrt(b * b - 4 * a * c);
    return (-2 * a) / (b >= 0 ? b + root : b - root);
  };
  STEPS
  return v;
}
"""
