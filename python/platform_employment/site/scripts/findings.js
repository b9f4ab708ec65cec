"use strict";
// What to know about the method, the gravest first.

const SEVERITIES = [["serious", 1, "严重", "serious"], ["moderate", 0.5, "中等", "moderate"], ["minor", 0, "轻微", "minor"], ["note", 0, "说明", "note"]];
function Circle({ full }) {
  return html`<svg width="14" height="14" viewBox="0 0 12 12" aria-hidden="true"><circle cx="6" cy="6" r="5" fill=${full === 1 ? "var(--ink)" : "none"} stroke="var(--ink)" stroke-width="1.5" />${full === 0.5 && html`<path d="M6 1 A5 5 0 0 0 6 11 Z" fill="var(--ink)" />`}</svg>`;
}
const LINKS = group(rows("linked_figures").filter((row) => row.relation === "steps"), "report_id");
/** A step that a finding bears on, which the first page can show. */
function stepOf(row) {
  const ids = (row.affected_figure_ids ?? "").split(" ");
  const links = LINKS.get(row.report_id) ?? [];
  // a headline number rather than what it is made of
  const order = (link) => link.headline_order ?? Infinity;
  return links.filter((link) => ids.includes(link.figure_id)).sort((a, b) => (order(a) === order(b) ? 0 : order(a) - order(b)))[0];
}
/** Whether the method of its report has all that a finding wants changed. */
function isShown(row) {
  const report = rows("reports").find((one) => one.report_id === row.report_id);
  const steps = rows("method_steps").filter((one) => one.method_id === report?.method_id);
  const isKnown = ([name, value]) =>
    rows("choices").some((one) => one.method_id === report.method_id && one.decision_id === name && one.option_id === value && !one.is_report) ||
    steps.some((one) => (one.step_id === name && one.may_be_given) || new RegExp(`\\b${name}\\b`).test(one.formula)) ||
    (name === "window" && rows("reports").some((one) => one.platform_id === report.platform_id && one.window_end > report.window_end));
  const wanted = (row.what_if ?? "").split(" ").filter(Boolean).map((pair) => pair.split("="));
  return report !== undefined && wanted.length > 0 && wanted.every(isKnown);
}
function Finding({ row }) {
  const id = `${row.report_id}.${row.finding_id}`;
  const step = stepOf(row);
  const isDefault = rows("reports")[0]?.report_id === row.report_id;
  const link = step && pageLink("index.html", { ...(isDefault ? {} : { report: row.report_id }), trace: step.name });
  return html`<li id=${id} class=${state.at === id ? "at" : ""}><p>${T(row, "statement")}${["assumed", "synthetic"].includes(row.weakest_provenance) ? html` <${Mark} kind=${row.weakest_provenance} />` : ""}</p>
    <p class="note">${T(row, "title")} · ${U(row, "value", row.unit, "short")}${row.serious_threshold !== null && row.serious_threshold !== undefined ? html` · ${t("算作严重：", "serious from ")}${U(row, "serious_threshold", row.unit)}${row.threshold_reason_zh ? html` (${T(row, "threshold_reason")})` : ""}` : ""}</p>
    <p>${isShown(row) ? html`<a class="what-if-link" href=${pageLink("index.html", { ...(isDefault ? {} : { report: row.report_id }), show: row.finding_id, at: "what-if" })}>${t("在首页上看：如果改了呢", "See it on the first page: what if it were changed")}</a>` : ""}${isShown(row) && step ? " · " : ""}${step ? html`<a href=${link}>${t(html`看它影响的一步：${T(step, "subject")}`, html`See the step that it bears on: ${T(step, "subject")}`)}</a>` : ""}${(row.affected_figure_ids ?? "").split(" ").filter(Boolean).length > 0 && html` <details><summary>${t("影响的数字", "Figures that it bears on")}</summary>${row.affected_figure_ids.split(" ").map((one, i) => html`${i ? ", " : ""}<a href=${pageLink("figures.html", { at: `${row.report_id}.${one}` })}><code data-fact=${`${row._at}/affected_figure_ids`} data-as="part-of-text">${one}</code></a>`)}</details>`}</p></li>`;
}
function Page() {
  const all = rows("findings").filter((row) => !state.report || row.report_id === state.report);
  const reports = rows("reports").filter((row) => rows("findings").some((one) => one.report_id === row.report_id));
  const serious = all.filter((row) => row.severity === "serious").length;
  return html`<section class="head" aria-labelledby="title"><h1 id="title">${t(html`方法里有 ${X(all.length, "count", "findings shown")}\u00a0处要知道的事，其中 ${X(serious, "count", "serious findings shown")}\u00a0处严重`, html`${X(all.length, "count", "findings shown")} things to know about the method, ${X(serious, "count", "serious findings shown")} of them serious`)}</h1>
    ${reports.length > 1 && html`<p class="report-choice"><label for="report">${t("报告", "Report")}</label> <select id="report" onChange=${(event) => go({ report: event.target.value || null }, true)}><option value="" selected=${!state.report}>${t("全部", "All")}</option>${reports.map((row) => html`<option value=${row.report_id} selected=${state.report === row.report_id}>${plain(row, "title")}</option>`)}</select></p>`}</section>
    ${SEVERITIES.map(([severity, full, zh, en]) => {
      const mine = all.filter((row) => row.severity === severity);
      return mine.length > 0 && html`<section aria-labelledby=${`s-${severity}`}><h2 id=${`s-${severity}`} class="with-circle"><${Circle} full=${full} /> ${t(zh, upperFirst(en))} ${X(mine.length, "count", "findings of a severity")}</h2>
        ${[...group(mine, "report_id")].map(([report, list]) => html`${reports.length > 1 && !state.report ? html`<h3 class="of-report">${T(rows("reports").find((row) => row.report_id === report), "title")}</h3>` : ""}<ul class="finding-list">${list.map((row) => html`<${Finding} row=${row} />`)}</ul>`)}</section>`;
    })}
    ${rows("criticism").length > 0 && html`<${Section} id="criticism" title=${t("别人怎么批评这类估算", "What others criticise in such estimates")}><ul class="finding-list">${rows("criticism").filter((row) => !state.report || row.report_id === state.report).map((row) => html`<li><p>${T(row, "statement")} <${Mark} kind=${row.provenance} /></p><p class="note">${/^https?:/.test(row.source_url ?? "") ? html`<a href=${row.source_url} rel="noopener noreferrer">${T(row, "source_title")}</a>` : T(row, "source_title")}</p></li>`)}</ul></${Section}>`}`;
}
const upperFirst = (text) => text.charAt(0).toUpperCase() + text.slice(1);
start(Page);
