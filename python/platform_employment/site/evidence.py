"""Evidence pages: one page per seed row, and one page for each long or structural seed."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from markupsafe import Markup

from platform_employment.formatting import DIGITS, day_of_reading
from platform_employment.quantities import digits_of, in_unit, printed_digits
from platform_employment.site.engineers import labels
from platform_employment.site.panels import page_of
from platform_employment.site.report import Part, Reader, Report
from platform_employment.site.rows import Cell, cell_of
from platform_employment.site.writer import Writer, address_of, folder_of
from platform_employment.warehouse import Row
from platform_employment.words import (
    OWNERS,
    STATES,
    VERDICTS,
    WEIGHTS,
    owner_of,
    owners_of,
    place_of,
    sentence,
)

MAX_ROWS = 400
_PLACE = ("seed_file", "seed_line")


class Evidence:
    """The seed rows of a warehouse, and what uses them."""

    def __init__(
        self, reader: Reader, reports: Sequence[Report], hashes: Mapping[str, str]
    ) -> None:
        """Find what uses each row. `hashes`: of the seed files, by path."""
        self.reader, self.reports, self.hashes = reader, reports, hashes
        self.sources = {row["source_id"]: row for row in reader.seeds.get("sources", ())}
        self.short = frozenset(
            row["seed_file"]
            for name, rows in reader.seeds.items()
            if rows and not self.has_pages(name, rows)
            for row in rows
        )
        self.uses = self._uses()
        # the numbers of reports that an input row states, or is counted as
        self.inputs: dict[Cell, list[Row]] = defaultdict(list)
        for report in reports:
            for part in report.parts:
                for given in part.inputs:
                    is_same = given.amount.base == part.amount.base
                    for figure in (given.figure, part.figure if is_same else None):
                        if figure is None:
                            continue
                        for cell in given.cells:
                            if figure not in self.inputs[cell]:
                                self.inputs[cell].append(figure)
        self.figures = {row["cell"]: row for rows in reader.figures.values() for row in rows}
        self.cited: dict[str, list[tuple[str, Row]]] = defaultdict(list)
        for name, rows in reader.seeds.items():
            if self.has_pages(name, rows):
                for row in rows:
                    if name != "sources" and row.get("source_id"):
                        self.cited[row["source_id"]].append((name, row))

    def _uses(self) -> dict[Cell, list[tuple[Report, Part | None]]]:
        """The parts of reports that each seed line goes into; None if not any shows it."""
        uses: dict[Cell, list[tuple[Report, Part | None]]] = defaultdict(list)
        for report in self.reports:
            for part in (*report.parts, report.total):
                cells = {c for i in part.inputs for c in i.cells} | {part.amount.cell}
                for cell in cells:
                    if cell and (report, part) not in uses[cell]:
                        uses[cell].append((report, part))
            if report.denominator and report.denominator.cell:
                uses[report.denominator.cell].append((report, report.total))
            for row in self.reader.chains.get(report.id, ()):
                if row["seed"] and row["seed_line"]:
                    cell = Cell(row["seed"], row["seed_line"])
                    if not uses[cell]:
                        uses[cell].append((report, None))
        return uses

    @staticmethod
    def has_pages(name: str, rows: Sequence[Row]) -> bool:
        """Whether each row of a seed has a page: it names a source, and there are not too many."""
        return bool(rows) and len(rows) <= MAX_ROWS and "source_id" in rows[0]

    def rows(self) -> Iterator[tuple[str, Row, Cell]]:
        """Return the rows that have a page each."""
        for name, rows in self.reader.seeds.items():
            if self.has_pages(name, rows):
                for row in rows:
                    yield name, row, Cell(row["seed_file"], row["seed_line"])

    def seeds(self) -> Iterator[tuple[str, list[str], list[tuple[int, list[str]]]]]:
        """Return each seed that has one page: its file, columns and lines."""
        for name, rows in self.reader.seeds.items():
            if self.has_pages(name, rows):
                continue
            by_file: dict[str, list[Row]] = defaultdict(list)
            for row in rows:
                by_file[row["seed_file"]].append(row)
            for file, found in by_file.items():
                columns = [column for column in found[0] if column not in _PLACE]
                lines = [(r["seed_line"], [r[c] or "" for c in columns]) for r in found]
                yield file, columns, lines

    def files(self) -> list[tuple[str, str, int, str]]:
        """Return each seed file: its path, its page, its rows and its hash."""
        counts: dict[str, int] = defaultdict(int)
        first: dict[str, Cell] = {}
        for rows in self.reader.seeds.values():
            for row in rows:
                counts[row["seed_file"]] += 1
                first.setdefault(row["seed_file"], Cell(row["seed_file"], row["seed_line"]))
        return [
            (
                file,
                f"{folder_of(file)}.html" if file in self.short else address_of(first[file]),
                count,
                self.hashes.get(file, ""),
            )
            for file, count in sorted(counts.items())
        ]

    def page(self, w: Writer, name: str, row: Row, cell: Cell) -> dict[str, object]:
        """Return what the page of a row shows."""
        figure = self.figures.get(cell)
        columns = [column for column in row if column not in _PLACE]
        title, value = self._title(w, name, row, figure)
        beside = list(self._beside(w, row, figure))
        output = io.StringIO()
        csv.writer(output, lineterminator="").writerow([row[c] or "" for c in columns])
        return {
            "seed": name,
            "key": self._key(row, columns),
            "title": title,
            "facts": list(self._facts(w, name, row, figure, value, columns)),
            "beside": beside,
            "beside_title": w.t(f"对照：{len(beside)} 项", f"Compared with: {len(beside)}")
            if beside
            else w.t("没有可对照的数", "Nothing to compare it with"),
            "used": list(self._used(w, row, cell)),
            "problems": list(self._problems(w, cell, figure)),
            "cell": cell,
            "line": w.quoted(output.getvalue()),
            "sha": self.hashes.get(cell.file, ""),
        }

    def _problems(self, w: Writer, cell: Cell, figure: Row | None) -> Iterator[str]:
        """Return the findings that move a printed number, or the numbers that an input states."""
        figures = [figure] if figure is not None else self.inputs.get(cell, [])
        found = (row for one in figures for row in self.reader.problems(one))
        yield from dict.fromkeys(w.field(row, "statement") for row in found)

    @staticmethod
    def _key(row: Row, columns: Sequence[str]) -> str:
        for names in (
            ("report_id", "figure_id"),
            ("disclosure_id",),
            ("estimate_id",),
            ("fact_id",),
        ):
            if all(row.get(n) for n in names):
                return " ".join(row[n] for n in names)
        return " ".join(row[c] or "-" for c in columns[:2])

    def _title(self, w: Writer, name: str, row: Row, figure: Row | None) -> tuple[object, str]:
        value = self.number(w, row)
        subject = ""
        for stem in ("subject", "quantity", "name", "title"):
            subject = w.field(row, stem) or subject
            if subject:
                break
        if not subject and row.get("input_name"):
            known = self.reader.method_inputs.get(row["input_name"])
            subject = w.field(known, "name") if known else row["input_name"]
        subject = subject or name.replace("_", " ")
        if figure is not None:
            state = w.of(STATES[self.reader.status(figure)].text)
            return Markup("{}{}{}{}{}").format(
                subject, w.t("：", ": "), value, w.t("，", ", "), state
            ), value
        subject = subject[0].upper() + subject[1:]
        if value:
            return Markup("{}{}{}").format(w.quoted(subject), w.t("：", ": "), value), value
        return w.quoted(subject), value

    def number(self, w: Writer, row: Row) -> str:
        """Return the value of a row as its source prints it, in the scale of the language."""
        for column, unit in _VALUES:
            if row.get(column):
                name = row.get("unit") or unit
                try:
                    value = Decimal(row[column])
                except InvalidOperation:
                    return str(row[column])
                known = self.reader.units.get(name)
                digits = printed_digits(value, digits_of(row[column]))
                found = in_unit(value, known, w.language, digits).joined(w.language)
                return w.bounded(found, row.get("comparator") or "equal")
        return ""

    def _facts(
        self,
        w: Writer,
        name: str,
        row: Row,
        figure: Row | None,
        value: str,
        columns: Sequence[str],
    ) -> Iterator[tuple[str, object]]:
        if value:
            yield w.t("数值", "Value"), Markup("<b>{}</b>").format(value)
        if row.get("printed"):
            yield w.t("印出的形式", "Printed form"), w.quoted(row["printed"])
        if row.get("quotation"):
            lang = "zh-CN" if any("\u3400" < ch < "\u9fff" for ch in row["quotation"]) else "en"
            yield (
                w.t("原文", "In its own words"),
                Markup('<blockquote lang="{}">{}</blockquote>').format(lang, row["quotation"]),
            )
        if figure is not None:
            yield w.t("位置", "Place"), Markup("<cite>{}</cite>").format(w.of(place_of(row)))
            status = self.reader.status(figure)
            yield (
                w.t("状态", "State"),
                Markup('<i class="sw {}"></i> {}').format(
                    STATES[status].mark, w.of(STATES[status].text)
                ),
            )
        start = row.get("period_start")
        end = row.get("period_end") or row.get("window_end") or row.get("period") or row.get("year")
        if end:
            yield w.t("时段", "Period"), f"{start} {w.t('至', 'to')} {end}" if start else end
        if source := self.sources.get(row.get("source_id") or ""):
            yield w.t("来源", "Source"), self._source(w, source)
            owner = source.get("owner_kind")
            if owner:
                yield w.t("数据属于谁", "Whose data"), w.of(OWNERS.get(owner)) or owner
        shown = {
            "subject_zh",
            "subject_en",
            "value",
            "quotation",
            "printed",
            "source_id",
            "section",
            "location",
            "place",
            "period_start",
            "period_end",
            "window_end",
            "comparator",
            "unit",
        }
        for column in columns:
            if (
                row[column]
                and column not in shown
                and not (
                    (column.endswith("_zh") and w.language == "en" and column[:-3] + "_en" in row)
                    or (
                        column.endswith("_en") and w.language == "zh" and column[:-3] + "_zh" in row
                    )
                )
            ):
                text = row[column]
                label = labels().get(column, {}).get(w.language) or column
                if text.startswith("http"):
                    yield (
                        label,
                        Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(text, text),
                    )
                else:
                    yield label, w.quoted(text)

    def _source(self, w: Writer, source: Row) -> Markup:
        cell = Cell(source["seed_file"], source["seed_line"])
        text = Markup("{}").format(w.cell(cell, w.field(source, "title")))
        names = (owner_of({"author": source.get(name)}) for name in ("author", "publisher"))
        known = (*(w.of(name) for name in names), source.get("published_on"))
        details = w.t("，", ", ").join(dict.fromkeys(text for text in known if text))
        url = source.get("address") or source.get("url")
        if details:
            text += Markup(". {}").format(w.quoted(details))
        if url and url.startswith("http"):
            text += Markup('<br><a href="{}" rel="noopener noreferrer">{}</a>').format(url, url)
        read = day_of_reading(source)
        if read["read_en"]:
            text += Markup("<br>{}").format(w.t(read["read_zh"], read["read_en"]))
        return text

    def _beside(self, w: Writer, row: Row, figure: Row | None) -> Iterator[dict[str, object]]:
        rows = list(self.reader.of_facts.get(row.get("fact_id") or "", ()))
        figures = [figure] if figure is not None else []
        if not figures and row.get("seed_file"):
            figures = self.inputs.get(Cell(row["seed_file"], row["seed_line"]), [])
        for one in figures:
            compared = self.reader.comparisons
            # a number that is printed twice has the comparisons of its first place
            for name in dict.fromkeys((one["figure_id"], one["number_id"])):
                if found := compared.get((one["report_id"], name)):
                    rows += found
                    break
        for each in rows:
            yield self.comparison(w, each)

    def beside_in_words(self, w: Writer, figure: Row) -> Markup:
        """Return what a ledger row is compared with, and whose data that is, in a few words."""
        rows = list(self._beside(w, {}, figure))
        if not rows and self.reader.status(figure) == "consistent":
            return self._own_value(w, figure)
        if not rows:
            return Markup('<span class="q">{}</span>').format(
                w.t("没有可对照的数", "nothing to compare it with")
            )
        first = Markup("{} · {} · {}").format(
            rows[0]["value"], rows[0]["owner"], rows[0]["verdict"]
        )
        more = len(rows) - 1
        return first + (w.t(f"；另 {more} 项", f"; {more} more") if more else "")

    def _own_value(self, w: Writer, figure: Row) -> Markup:
        """Return the value that other publications of the platform or the author lead to."""
        value = figure["outside_value"]
        if value is None:
            value = figure["warehouse_value"]
        shown = in_unit(
            value, self.reader.units.get(figure["unit"]), w.language, max(DIGITS, figure["digits"])
        )
        return Markup("{} · {}").format(
            w.n(shown.joined(w.language), figure["cell"]),
            w.t(
                "由平台或作者的其他公布数算出，不算独立",
                "from other publications of the platform or the author, not independent",
            ),
        )

    def comparison(self, w: Writer, row: Row) -> dict[str, object]:
        """Return a comparison with outside facts: value, what it counts, owner and verdict."""
        facts = [
            self.reader.facts[name] for name in row["fact_ids"].split() if name in self.reader.facts
        ]
        figure = next(
            (
                f
                for f in self.reader.figures.get(row["report_id"], ())
                if f["figure_id"] == row["figure_id"]
            ),
            None,
        )
        unit = self.reader.units.get(figure["unit"] if figure else facts[0]["unit"])
        # as many digits as the number that it is compared with
        kept = max(DIGITS, figure["digits"] if figure else DIGITS)
        digits = kept
        if len(facts) == 1:
            shown = f"{row['fact_value'].normalize():f}"
            # the zeros at the end of an "about 20000" are no digits
            is_exact = facts[0]["comparator"] == "equal" or "." in shown
            digits = digits_of(shown if is_exact else shown.rstrip("0"))
        digits = printed_digits(row["fact_value"], min(digits, kept))
        value = in_unit(row["fact_value"], unit, w.language, digits).joined(w.language)
        if len(facts) == 1:
            value = w.bounded(value, facts[0]["comparator"])
        reason = w.field(row, "reason")
        weight = w.of(WEIGHTS[row["weight"]])
        # what only gives a sense of size cannot agree or differ
        verdict = (
            weight
            if row["weight"] == "scale"
            else w.t("{}（{}）", "{} ({})").format(w.of(VERDICTS[row["verdict"]]), weight)
        )
        return {
            "value": w.n(value, self._fact_cell(facts[0])) if facts else value,
            "what": w.quoted("; ".join(w.field(fact, "quantity") for fact in facts)),
            "owner": Markup("{}{}{}").format(
                w.quoted(w.of(owners_of(facts))),
                w.t("，", ", "),
                w.of(OWNERS.get(row["owner_kind"])),
            ),
            "verdict": verdict + (w.t("。", ". ") + sentence(reason) if reason else ""),
        }

    def _fact_cell(self, fact: Row) -> Cell | None:
        for row in self.reader.seeds.get("facts", ()):
            if row["fact_id"] == fact["fact_id"]:
                return cell_of(row)
        return None

    def _used(self, w: Writer, row: Row, cell: Cell) -> Iterator[Markup]:
        for report, part in self.uses.get(cell, ())[:8]:
            title = w.field(report.row, "title")
            link = Markup('<a href="{}">{}</a>').format(
                w.href(page_of(report) + (f"#part-{part.id}" if part else "")), title
            )
            if part is None:
                yield Markup("{}").format(link)
            else:
                yield Markup("{}{}<b>{}</b>. {}").format(
                    w.of(part.label), w.t("：", ": "), w.amount(part.amount), link
                )
        if not self.uses.get(cell) and row.get("report_id"):
            for report in self.reports:
                if report.id == row["report_id"]:
                    yield Markup('<a href="{}">{}</a>').format(
                        w.href(page_of(report)), w.field(report.row, "title")
                    )
        source_id = row.get("source_id")
        if (row.get("title_zh") is not None and "reliability" in row) or "owner_kind" in row:
            for name, other in self.cited.get(source_id or "", ())[:12]:
                place = Cell(other["seed_file"], other["seed_line"])
                yield Markup("{} <code>{}</code>").format(
                    w.cell(place, self.number(w, other) or name), name
                )


_VALUES = (
    ("value", "count"), ("creators_wan", "wan_persons"), ("gmv_yi_yuan", "yi_yuan"),
    ("employed_persons_wan", "wan_persons"), ("merchant_jobs_wan", "wan_jobs"),
    ("central", ""), ("share", "share"),
)  # fmt: skip
