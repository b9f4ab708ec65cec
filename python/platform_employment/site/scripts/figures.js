"use strict";
// The ledger: every figure of a report with the strength of its check, words, and trace.

const TRACES = group(rows("traces"), (row) => `${row.report_id}.${row.figure_id}`);
const STRENGTHS = rows("strength_counts");
const strengthRow = (row) => STRENGTHS.find((one) => one.strength === row.strength && one.report_id === row.report_id);
const PLACES = { abstract: "摘要", equation: "式", figure: "图", table: "表", text: "正文" };
function Place({ row }) {
  const [kind, ...which] = row.location.split(" ");
  const text = t(`${PLACES[kind] ?? kind} ${which.join(" ")}`, row.location);
  return html`<span class="place-of"><span data-fact=${`${row._at}/chapter`} data-as="exact" class="visually-hidden">${row.chapter}</span><cite>${row.section && row.section !== "0" ? `§${row.section} ` : ""}${text}</cite></span>`;
}
const SIGN = { about: "≈ ", over: "> ", at_least: "≥ ", up_to: "≤ " };
function Printed({ row }) {
  const both = row.published_value_upper !== null;
  const words = unitWords(row.published_value, row.unit);
  return html`<span class="nowrap">${SIGN[row.comparator] ?? ""}${F(row, "published_value", `unit:${row.unit}`)}${both ? html`–${F(row, "published_value_upper", `unit:${row.unit}`)}` : ""}</span>${words ? " " : ""}<span class="unit">${words}</span>`;
}
function Steps({ list }) {
  return html`<ol class="steps">${list.map((row) => html`<li><span>${T(row, "name")}${row.element_id !== "-" ? html` <code>${row.element_id}</code>` : ""}</span>
    <span>${row.calculation ? html`<code class="calc">${(row.calculation.match(/[\d.]+|[^\d.]+/g) ?? []).map((part) => (/\d/.test(part) ? html`<span data-fact=${`${row._at}/calculation`} data-as="part-of-text">${part}</span>` : part.replace(/\*/g, "×").replace(/\//g, "÷")))}</code> = ` : ""}<b>${F(row, "value", `unit:${row.unit}`)}</b> ${unitWords(row.value, row.unit)}</span>
    <span><${Mark} kind=${row.weakest_provenance} /></span>
    <small>${row.source_title_zh ? html`${/^https?:/.test(row.source_url ?? "") ? html`<a href=${row.source_url} rel="noopener noreferrer">${T(row, "source_title")}</a>` : T(row, "source_title")} ` : ""}${row.seed ? html`<code>${row.seed.replace(/^seeds\//, "")}${row.seed_line ? html`:<span data-fact=${`${row._at}/seed_line`} data-as="text">${row.seed_line}</span>` : ""}</code>` : ""}</small></li>`)}</ol>`;
}
function Figure({ row }) {
  const id = `${row.report_id}.${row.figure_id}`;
  const list = TRACES.get(id) ?? [];
  const strength = strengthRow(row);
  const isAt = state.at === id;
  const [isOpen, setOpen] = useState(isAt);
  return html`<tr id=${id} class=${isAt ? "at" : ""}>
    <th scope="row">${T(row, "subject")}<small><${Place} row=${row} /></small>
      <details open=${isOpen} onToggle=${(event) => setOpen(event.target.open)}><summary>${t("来历", "Where it comes from")}</summary>${isOpen && html`
        ${row.quotation && html`<blockquote lang="zh-CN">${row.quotation}</blockquote>`}
        ${row.excuse_zh && html`<p>${T(row, "excuse")}</p>`}
        ${row.tolerance !== null && row.difference !== null && html`<p class="note">${t("差 ", "Difference ")}${F(row, "difference", "exact")}${t("，容差 ", ", tolerance ")}${F(row, "tolerance", "exact")}${row.tolerance_reason_zh ? html`${t("：", ": ")}${T(row, "tolerance_reason")}` : ""}</p>`}
        ${list.length > 0 && html`<${Steps} list=${list} />`}
        <p class="note"><code data-fact=${`${row._at}/figure_id`} data-as="text">${row.figure_id}</code> <a href=${pageLink("figures.html", { at: id })}>${t("链接", "link")}</a> <${Copy} text=${() => citation(formatNumber(row.published_value, `unit:${row.unit}`, lang, UNITS), unitWords(row.published_value, row.unit), strength ? plain(strength, "name") : t("未核对", "unchecked"), rows("reports").find((one) => one.report_id === row.report_id), { at: id })}>${t("复制引文", "Copy as a citation")}</${Copy}></p>`}</details></th>
    <td class="n" data-head=${t("报告", "report")}><${Printed} row=${row} /></td>
    <td class="n" data-head=${t("仓库", "warehouse")}>${row.warehouse_value === null ? "–" : html`${F(row, "warehouse_value", `unit:${row.unit}`)} ${row.weakest_provenance ? html`<span class="below"><${Mark} kind=${row.weakest_provenance} /></span>` : ""}`}</td>
    <td data-head=${t("核对", "check")}>${strength ? html`<b title=${plain(strength, "definition")}>${T(strength, "name")}</b>` : t("列表长度、位次或序数", "length of a list, rank or ordinal")}</td>
  </tr>`;
}
function Page() {
  const all = rows("figures");
  const reports = rows("reports");
  const chapters = [...new Set(all.map((row) => row.chapter))].sort((a, b) => a - b);
  const words = (state.q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const shown = all.filter((row) =>
    (!state.report || row.report_id === state.report) && (!state.strength || row.strength === state.strength) && (!state.chapter || String(row.chapter) === state.chapter) &&
    words.every((word) => [row.subject_zh, row.subject_en, row.figure_id, row.quotation, String(row.published_value)].some((text) => (text ?? "").toLowerCase().includes(word))));
  const strengths = [...new Map(STRENGTHS.filter((row) => row.figures > 0).map((row) => [row.strength, row])).values()].sort((a, b) => a.strength_rank - b.strength_rank);
  const option = (name, value, label) => html`<option value=${value} selected=${(state[name] ?? "") === String(value)}>${label}</option>`;
  return html`<section class="head" aria-labelledby="title"><h1 id="title">${t(html`台账里有 ${X(all.length, "count", "figures in the ledger")}\u00a0个数字，每一个都说得出来历`, html`The ledger has ${X(all.length, "count", "figures in the ledger")} figures, and says where each comes from`)}</h1>
    <ul class="counts">${strengths.map((row) => { const n = all.filter((one) => one.strength === row.strength).length; return html`<li><button type="button" class="chip" aria-pressed=${state.strength === row.strength} onClick=${() => go({ strength: state.strength === row.strength ? null : row.strength }, true)}>${T(row, "name")} ${X(n, "count", "figures of a strength")}</button><small>${T(row, "definition")}</small></li>`; })}</ul>
    <form class="filters" onSubmit=${(event) => event.preventDefault()}>
      ${reports.length > 1 && html`<label>${t("报告", "Report")} <select name="report" onChange=${(event) => go({ report: event.target.value }, true)}>${option("report", "", t("全部", "all"))}${reports.map((row) => option("report", row.report_id, plain(row, "title")))}</select></label>`}
      <label>${t("章", "Chapter")} <select name="chapter" onChange=${(event) => go({ chapter: event.target.value }, true)}>${option("chapter", "", t("全部", "all"))}${chapters.map((one) => option("chapter", one, one))}</select></label>
      <label>${t("搜索", "Search")} <input type="search" name="q" value=${state.q ?? ""} onInput=${(event) => go({ q: event.target.value }, true)} /></label>
      <output role="status">${X(shown.length, "count", "figures shown")} / ${X(all.length, "count", "figures in the ledger")}</output>
    </form></section>
    <div class="scroll" tabindex="0" role="region" aria-label=${t("台账", "The ledger")}><table class="ledger"><thead><tr><th scope="col">${t("数字", "figure")}</th><th scope="col" class="n">${t("报告", "report")}</th><th scope="col" class="n">${t("仓库", "warehouse")}</th><th scope="col">${t("核对", "check")}</th></tr></thead>
      <tbody>${shown.map((row) => html`<${Figure} key=${`${row.report_id}.${row.figure_id}${state.at === `${row.report_id}.${row.figure_id}`}`} row=${row} />`)}</tbody></table></div>`;
}
start(Page);
