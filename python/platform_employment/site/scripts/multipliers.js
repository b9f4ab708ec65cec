"use strict";
// Multipliers of input-output tables by sector, and where the ratios of reports lie among them.

const CONVENTIONS = { domestic: ["只计国产品", "domestic products"], import_shares: ["按进口份额扣除", "imports taken off by shares"], all_flows: ["全部流量（偏大）", "all flows (too large)"] };
const QUANTITIES = { jobs: ["就业", "jobs"], output: ["产出", "output"], income: ["劳动报酬", "income"] };
const word = (words, code) => (words[code] ? t(...words[code]) : code.replace(/_/g, " "));
const RATIOS = rows("ratios");

function Table({ list }) {
  const [one] = list;
  const year = html`<span data-fact=${`${one._at}/table_year`} data-as="text">${one.table_year}</span>`;
  const quantities = [...new Set(list.map((row) => row.quantity))];
  const conventions = [...new Set(list.map((row) => row.import_convention))];
  const quantity = quantities.includes(state.quantity) ? state.quantity : (quantities.includes("jobs") ? "jobs" : quantities[0]);
  const convention = conventions.includes(state.convention) ? state.convention : (conventions.includes("domestic") ? "domestic" : conventions[0]);
  const chosen = list.filter((row) => row.quantity === quantity && row.import_convention === convention && row.multiplier_type === one.multiplier_type);
  const sectors = chosen.filter((row) => row.demand === "sector" && row.indirect_over_direct !== null).sort((a, b) => b.indirect_over_direct - a.indirect_over_direct);
  const wholes = chosen.filter((row) => row.demand !== "sector");
  const whole = wholes.find((row) => row.demand === "all_final_use");
  const most = Math.max(1, ...sectors.map((row) => row.indirect_over_direct), ...RATIOS.map((row) => row.value)) * 1.2;
  const x = linear(0, most);
  // a number stands beyond the lines that it would stand on
  const past = (value) => Math.max(value, ...RATIOS.map((ratio) => ratio.value).filter((one) => one > value && one < value + most / 6));
  const chips = (name, values, words, value) => html`<div class="chips" role="group" aria-label=${name}>${values.map((each) => html`<button type="button" class="chip" aria-pressed=${each === value} onClick=${() => go({ [name]: each }, true)}>${word(words, each)}</button>`)}</div>`;
  const line = (row, label) => html`<div class="swing"><span class="swing-name">${label}</span><span class="swing-bar"><svg width="100%" height="20" aria-hidden="true"><${Bar} from=${0} to=${x(row.indirect_over_direct)} kind=${row.provenance} height=${14} y=${3} />
    ${RATIOS.map((ratio) => html`<line x1=${pct(x(ratio.value))} x2=${pct(x(ratio.value))} y1="0" y2="20" stroke="var(--you)" stroke-width="1.6" />`)}</svg><span class="range-high" style=${`left:min(${pct(x(past(row.indirect_over_direct)))}, calc(100% - 3.4em))`}>${F(row, "indirect_over_direct", "fixed:3")}</span></span></div>`;
  return html`<${Section} id=${`table-${one.table_id}`} title=${whole ? t(
      html`每个直接${word(QUANTITIES, quantity)}带动 ${F(whole, "indirect_over_direct", "fixed:3")}，各部门从 ${F(sectors[sectors.length - 1], "indirect_over_direct", "fixed:3")}\u00a0到 ${F(sectors[0], "indirect_over_direct", "fixed:3")}`,
      html`Each unit of direct ${word(QUANTITIES, quantity)} brings ${F(whole, "indirect_over_direct", "fixed:3")}; sectors lie from ${F(sectors[sectors.length - 1], "indirect_over_direct", "fixed:3")} to ${F(sectors[0], "indirect_over_direct", "fixed:3")}`) : html`<code>${one.table_id}</code>`}
      lead=${t(html`${year}\u00a0年投入产出表，${F(one, "sectors", "count")}\u00a0个部门`, html`Input-output table of ${year}, ${F(one, "sectors", "count")} sectors`)}>
    ${chips("quantity", quantities, QUANTITIES, quantity)}${chips("convention", conventions, CONVENTIONS, convention)}
    ${RATIOS.length > 0 && html`<p>${t("竖线是报告用的系数：", "Lines are the ratios that reports use: ")}${RATIOS.map((ratio, i) => html`${i ? t("、", ", ") : ""}<b class="you">${F(ratio, "value", "fixed:3")}</b> (${T(ratio, "title")})`)}${t("。它们是产出之比，用在了岗位上。", ". They are ratios of outputs, used for jobs.")}</p>`}
    <h3>${t("按需求", "By demand")}</h3>${wholes.map((row) => line(row, row.sector_zh ? T(row, "sector") : row.demand === "all_final_use" ? t("全部最终使用", "all final use") : html`<code>${row.demand}</code>`))}
    <h3>${t("按部门", "By sector")}</h3>${sectors.map((row) => line(row, T(row, "sector")))}
    <p class="note"><${Mark} kind=${one.provenance} /> ${t("间接与直接之比（第一类乘数减一）。报告所用的系数等于把进口当作国产、对全部最终使用取平均的产出乘数减一：设 f 为最终使用、L 为里昂惕夫逆，即 i′Lf 与 i′f 之比减一。", "Indirect over direct (type I multiplier minus one). The ratio of the reports is the mean output multiplier over all final use, minus one, with imports counted as home made: with f for final use and L for the Leontief inverse, i′Lf over i′f, minus one.")}</p>
    <${Numbers} source="fct_multipliers" list=${[...wholes, ...sectors]} columns=${[
      [t("需求或部门", "demand or sector"), (row) => (row.sector_zh ? T(row, "sector") : row.demand.replace(/_/g, " ")), (row) => (row.sector_zh ? plain(row, "sector") : row.demand)],
      [t("间接比直接", "indirect over direct"), (row) => F(row, "indirect_over_direct", "fixed:3"), (row) => row.indirect_over_direct],
      [t("合计比直接", "total over direct"), (row) => F(row, "total_over_direct", "fixed:3"), (row) => row.total_over_direct],
    ]} />
  </${Section}>`;
}
function Page() {
  return html`<section class="head" aria-labelledby="title"><h1 id="title">${t("带动系数：同一张表，问法不同，答案不同", "Multipliers: one table, and an answer for each question")}</h1></section>
    ${[...group(rows("multipliers"), "table_id").values()].map((list) => html`<${Table} list=${list} />`)}`;
}
start(Page);
