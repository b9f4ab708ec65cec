"use strict";
// Reports of other platforms on one axis, and what each shows of its practice.

const PUBLISHED = rows("published_estimates");
function Page() {
  const ours = rows("headlines_by_report");
  const known = PUBLISHED.filter((row) => row.total_jobs_wan !== null).sort((a, b) => b.total_jobs_wan - a.total_jobs_wan);
  const most = Math.max(...known.map((row) => row.total_jobs_wan), ...ours.map((row) => row.jobs_wan)) * 1.12;
  const x = linear(0, most);
  const largest = known.find((row) => row.scope === "platform") ?? known[0];
  const sums = rows("findings").filter((row) => row.topic === "other_platforms" || /sum_over_platforms/.test(row.finding_id));
  const sources = keyed(rows("sources"), "source_id");
  const link = (id) => {
    const source = sources.get(id);
    if (!source) return null;
    return /^https?:/.test(source.url ?? "") ? html`<a href=${source.url} rel="noopener noreferrer">${T(source, "title")}</a>` : T(source, "title");
  };
  const yes = (value) => (value === null || value === undefined ? t("未说明", "not said") : value ? t("有", "yes") : t("没有", "no"));
  return html`<section class="head" aria-labelledby="title"><h1 id="title">${largest ? t(
      html`${X(known.length, "count", "published estimates")}\u00a0份估算，最大的单个平台 ${F(largest, "total_jobs_wan", "jobs")}\u00a0万：${T(largest, "name")}`,
      html`${X(known.length, "count", "published estimates")} estimates; the largest of one platform is ${F(largest, "total_jobs_wan", "jobs")} million: ${T(largest, "name")}`) : t("各平台的报告", "Reports of platforms")}</h1></section>
    ${known.length > 0 && html`<${Section} id="axis" title=${t("同一把尺子上的各家报告", "The reports on one axis")} lead=${html`${unitOfTotals()}${t("。白线以左是公布的直接就业。", ". Left of the white line are direct jobs as published.")}`}>
      ${known.map((row) => html`<div class="swing wide"><span class="swing-name">${T(row, "name")} <time>${row.period_end.slice(0, 4)}</time></span><span class="swing-bar"><svg width="100%" height="22" aria-hidden="true"><${Bar} from=${0} to=${x(row.total_jobs_wan)} kind=${row.provenance} height=${14} y=${4} />
        ${row.direct_jobs_wan !== null && html`<line x1=${pct(x(row.direct_jobs_wan))} x2=${pct(x(row.direct_jobs_wan))} y1="2" y2="20" stroke="#fff" stroke-width="2" />`}</svg><span class="range-high" style=${`left:min(${pct(x(row.total_jobs_wan))}, calc(100% - 3.4em))`}>${row.comparator === "over" ? "> " : ""}${F(row, "total_jobs_wan", "jobs")}</span></span></div>`)}
      <${Numbers} source="published_platform_estimates" list=${known} columns=${[
        [t("平台", "platform"), (row) => T(row, "name"), (row) => plain(row, "name")],
        [t("期间", "period"), (row) => day(row.period_end), (row) => row.period_end],
        [t("总量，万", "total, million"), (row) => F(row, "total_jobs_wan", "jobs"), (row) => row.total_jobs_wan],
        [t("直接，万", "direct, million"), (row) => F(row, "direct_jobs_wan", "jobs"), (row) => row.direct_jobs_wan],
        [t("系数", "ratio"), (row) => F(row, "supply_chain_ratio", "exact"), (row) => row.supply_chain_ratio],
        [t("作者", "author"), (row) => T(row, "author"), (row) => plain(row, "author")],
        [t("来源", "source"), (row) => link(row.source_id), (row) => row.source_id],
      ]} /></${Section}>`}
    ${sums.length > 0 && html`<${Section} id="sums" title=${t("加起来与全国就业相比", "Their sum beside national employment")}><ul class="finding-list">${sums.map((row) => html`<li><p>${T(row, "statement")} <${Mark} kind=${row.weakest_provenance} /></p></li>`)}</ul></${Section}>`}
    <${Section} id="practice" title=${t("各份报告交代了什么", "What each report shows of its practice")}>
      <div class="scroll" tabindex="0" role="region" aria-label=${t("做法的表", "Table of practice")}><table><thead><tr>${[t("报告", "report"), t("总量", "total"), t("净额", "net of displaced jobs"), t("计的是什么", "what is counted"), t("公布的数字", "figures printed"), t("本仓库依据", "rests on")].map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
      <tbody>${ours.map((row) => html`<tr><th scope="row">${T(row, "title")}<small>${row.publisher}</small></th><td class="n">${F(row, "jobs_wan", "jobs")} ${wan()}</td><td>${yes(row.is_net)}</td><td>${row.unit_counted === "jobs" ? t("岗位", "jobs") : row.unit_counted}</td><td class="n">${X(rows("strength_counts").filter((one) => one.report_id === row.report_id).reduce((sum, one) => sum + one.figures, 0), "count", "figures of a report")}</td><td><${Mark} kind=${row.weakest_provenance} /></td></tr>`)}</tbody></table></div></${Section}>`;
}
start(Page);
