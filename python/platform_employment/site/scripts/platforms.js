"use strict";
// Reports of other platforms on one axis, and how each counts.

const KINDS_COUNTED = { jobs: ["岗位", "jobs"], persons: ["人", "persons"], fte: ["全时当量", "full-time equivalents"] };
const kindCounted = (row) => t(...(KINDS_COUNTED[row.unit_counted] ?? [row.unit_counted, row.unit_counted]));
function Page() {
  const ours = rows("headlines_by_report");
  // a report shows steps and has no word of its own on who made it but its publisher
  const reports = ours.map((row) => ({ ...row, name_zh: row.title_zh, name_en: row.title_en, period_end: row.window_end, comparator: "equal", total_jobs_wan: row.jobs_wan, provenance: row.weakest_provenance, scope: "platform", isReport: true }));
  const known = [...rows("published_estimates"), ...reports].sort((one, other) => other.total_jobs_wan - one.total_jobs_wan);
  const total = (row) => F(row, row.isReport ? "jobs_wan" : "total_jobs_wan", "jobs");
  const name = (row) => T(row, row.isReport ? "title" : "name");
  const most = Math.max(...known.map((row) => row.total_jobs_wan)) * 1.24;
  const x = linear(0, most);
  const largest = known.find((row) => row.isReport && !row.is_net) ?? known[0];
  // reports of one year have the same sum
  const sums = [...keyed(rows("findings").filter((row) => row.topic === "other_platforms" || /sum_over_platforms/.test(row.finding_id)), "statement_zh").values()];
  const sources = keyed(rows("sources"), "source_id");
  const link = (id) => {
    const source = sources.get(id);
    if (!source) return null;
    return /^https?:/.test(source.url ?? "") ? html`<a href=${source.url} rel="noopener noreferrer">${T(source, "title")}</a>` : T(source, "title");
  };
  const answers = rows("answers");
  const asked = [...keyed(answers, "question_id").values()].sort((one, other) => one.sort_order - other.sort_order);
  const said = keyed(answers, "report_id", "question_id");
  // a word in the table, the text and what was searched on hover
  const ANSWERS = { yes: ["是", "yes"], partly: ["部分", "partly"], no: ["否", "no"], not_applicable: ["不适用", "n/a"], not_found: ["–", "–"], unanswered: ["–", "–"] };
  const cell = (row) => (row ? html`<span title=${plain(row, row.answer === "not_found" ? "searched" : "text")}>${t(...ANSWERS[row.answer])}</span>` : "–");
  return html`<section class="head" aria-labelledby="title"><h1 id="title">${largest ? t(
      html`${X(known.length, "count", "published estimates")}\u00a0份估算，最大的单个平台 ${total(largest)}\u00a0万：${name(largest)}`,
      html`${X(known.length, "count", "published estimates")} estimates; the largest of one platform is ${total(largest)} million: ${name(largest)}`) : t("各平台的报告", "Reports of platforms")}</h1></section>
    ${known.length > 0 && html`<${Section} id="axis" title=${t("同一把尺子上的各家报告", "The reports on one axis")} lead=${html`${unitOfTotals()}${t("。人、岗位与全时当量不是一回事；各家彼此重叠，不相加。", ". Persons, jobs and full-time equivalents are not the same; reports overlap and do not add up.")}`}>
      ${known.map((row) => html`<div class="swing wide"><span class="swing-name">${name(row)}${plain(row, "name").includes(row.period_end.slice(0, 4)) ? "" : html` <time>${row.period_end.slice(0, 4)}</time>`}</span><span class="swing-bar"><svg width="100%" height="22" aria-hidden="true"><${Bar} from=${0} to=${x(row.total_jobs_wan)} kind=${row.provenance} height=${14} y=${4} /></svg><span class="range-high" style=${`left:min(${pct(x(row.total_jobs_wan))}, calc(100% - 3.4em))`}>${row.comparator === "over" ? "> " : ""}${total(row)}</span></span></div>`)}
      <${Numbers} source="published_platform_estimates" list=${known} columns=${[
        [t("平台", "platform"), (row) => name(row), (row) => plain(row, "name")],
        [t("期间", "period"), (row) => day(row.period_end), (row) => row.period_end],
        [t("总量，万", "total, million"), (row) => total(row), (row) => row.total_jobs_wan],
        [t("计的是", "counted"), (row) => kindCounted(row), (row) => row.unit_counted],
        [t("作者", "author"), (row) => (row.isReport ? row.publisher : T(row, "author")), (row) => (row.isReport ? row.publisher : plain(row, "author"))],
        [t("来源", "source"), (row) => link(row.source_id), (row) => row.source_id],
      ]} /></${Section}>`}
    ${sums.length > 0 && html`<${Section} id="sums" title=${t("加起来与全国就业相比", "Their sum beside national employment")}><ul class="finding-list">${sums.map((row) => html`<li><p>${T(row, "statement")} <${Mark} kind=${row.weakest_provenance} /></p></li>`)}</ul></${Section}>`}
    <${Section} id="answers" title=${t("各份报告怎样计数", "How each report counts")} lead=${t("一行一份报告，一列一个问题；– 为在可读到的材料中没有找到，不等于没有做。不计总分，不可排名。", "One row per report, one column per question; – was not found in what could be read, which does not mean that it was not done. No score, no ranking.")}>
      <div class="scroll" tabindex="0" role="region" aria-label=${t("问题与回答的表", "Table of questions and answers")}><table><thead><tr><th scope="col">${t("报告", "report")}</th>${asked.map((question) => html`<th scope="col">${T(question, "name")}</th>`)}</tr></thead>
      <tbody>${ours.map((row) => html`<tr><th scope="row"><a href=${pageLink("sheets.html", { report: row.report_id })}>${T(row, "title")}</a></th>${asked.map((question) => html`<td>${cell(said.get(`${row.report_id}|${question.question_id}`))}</td>`)}</tr>`)}</tbody></table></div></${Section}>`;
}
start(Page);
