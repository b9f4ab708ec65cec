"use strict";
// Other ways from a sample of merchants to all of them, and the curve that they stand on.

const POINTS = group(rows("points"), (row) => `${row.platform_id}|${row.sample_id}`);
const OF_SAMPLE = group(rows("estimators"), (row) => `${row.platform_id}|${row.window_end}|${row.sample_id}`);
const COEFFICIENTS = group(rows("coefficients"), (row) => `${row.platform_id}|${row.sample_id}`);
const DIAGNOSTICS = group(rows("diagnostics"), (row) => `${row.platform_id}|${row.sample_id}`);
const TERMS = ["intercept", "turnover", "turnover_squared"];

function Sample({ list, isFirst }) {
  const [one] = list;
  const key = `${one.platform_id}|${one.sample_id}`;
  const usable = list.filter((row) => row.jobs_wan !== null);
  if (!usable.length) return null;
  const report = list.find((row) => row.sort_order === Math.min(...list.map((each) => each.sort_order)));
  const ends = usable.flatMap((row) => [row.conf_low ?? row.jobs_wan, row.conf_high ?? row.jobs_wan]);
  const [low, high] = niceRange(Math.min(...ends), Math.max(...ends), 0.22);
  const x = linear(low, high);
  const [least, most] = [usable.reduce((a, b) => (b.jobs_wan < a.jobs_wan ? b : a)), usable.reduce((a, b) => (b.jobs_wan > a.jobs_wan ? b : a))];
  const platform = rows("platforms").find((row) => row.platform_id === one.platform_id);
  return html`<${Section} id=${`sample-${one.sample_id}-${one.window_end}`} title=${t(
      html`同一批商户，${X(usable.length, "count", "estimators with a value")}\u00a0种估计：从 ${F(least, "jobs_wan", "jobs")}\u00a0万到 ${F(most, "jobs_wan", "jobs")}\u00a0万`,
      html`The same merchants, ${X(usable.length, "count", "estimators with a value")} estimators: ${F(least, "jobs_wan", "jobs")} to ${F(most, "jobs_wan", "jobs")} million`)}
      lead=${html`${T(platform, "name")} · <code>${one.sample_id}</code> · ${windowText(one.window_end)} <${Mark} kind=${one.weakest_provenance} />`}>
    <div class="ranges">${list.map((row) => html`<div class="range-row"><div class="range-name"><b>${T(row, "name")}</b><span>${T(row, "assumption")}</span></div>
      <div class="ranges-plot"><svg width="100%" height="30" aria-hidden="true"><line x1=${pct(x(report.jobs_wan ?? low))} x2=${pct(x(report.jobs_wan ?? low))} y1="0" y2="30" stroke="var(--ink)" stroke-dasharray="2 3" />
        ${row.conf_low !== null && html`<${Bar} from=${x(row.conf_low)} to=${x(row.conf_high)} kind=${row.weakest_provenance} height=${12} y=${9} />`}
        ${row.jobs_wan !== null && html`<circle cx=${pct(x(row.jobs_wan))} cy="15" r="5" fill="var(--ink)" />`}</svg>
        ${row.jobs_wan !== null ? html`<span class="range-high" style=${`left:min(${pct(x(row.conf_high ?? row.jobs_wan))}, calc(100% - 3.4em))`}>${F(row, "jobs_wan", "part")}</span>` : html`<span class="range-none">${row.reason_code}</span>`}</div></div>`)}
      <div class="range-row"><span></span><div class="ranges-plot"><${Axis} low=${low} high=${high} /></div></div></div>
    <p class="note">${t("虚线是报告的公式。带子是抽样误差的范围（百分之九十五）。", "Dashed: the formula of the report. Bands: limits of sampling error (95 per cent).".replace("95", "ninety-five"))} ${unitOfTotals()}${t("。", ".")}</p>
    <${Numbers} source="fct_estimator_comparison" list=${list} columns=${[
      [t("估计量", "estimator"), (row) => T(row, "name"), (row) => plain(row, "name")],
      [t("万个就业机会", "million jobs"), (row) => F(row, "jobs_wan", "part"), (row) => row.jobs_wan],
      [t("低", "low"), (row) => F(row, "conf_low", "part"), (row) => row.conf_low],
      [t("高", "high"), (row) => F(row, "conf_high", "part"), (row) => row.conf_high],
      [t("何时更合适", "preferred when"), (row) => T(row, "preferred_when"), (row) => plain(row, "preferred_when")],
    ]} />
    ${isFirst && html`<${Curve} of=${key} />`}
  </${Section}>`;
}
function Curve({ of: key }) {
  const points = (POINTS.get(key) ?? []).filter((row) => row.turnover_wan_yuan > 0 && row.headcount > 0);
  const all = COEFFICIENTS.get(key) ?? [];
  const first = all.find((row) => row.term === TERMS[0]);
  const term = (name) => all.find((row) => row.industry_code === first?.industry_code && row.cov_type === first?.cov_type && row.term === name);
  if (!points.length || !first || !term(TERMS[2])) return null;
  const [b0, b1, b2] = TERMS.map((name) => term(name).estimate);
  const xs = points.map((row) => Math.log10(row.turnover_wan_yuan));
  const root = b2 < 0 ? (-b1 - Math.sqrt(b1 * b1 - 4 * b2 * b0)) / (2 * b2) : null;
  const peak = b2 < 0 ? -b1 / (2 * b2) : null;
  const low = Math.min(...xs);
  const high = Math.max(Math.log10(root ?? 1) + 0.1, ...xs);
  const ys = points.map((row) => row.turnover_wan_yuan / row.headcount).sort((a, b) => a - b);
  const most = Math.max(peak ? b0 + b1 * peak + b2 * peak * peak : 0, quantileAt(ys, 0.995)) * 1.08;
  const x = (value) => (640 * (Math.log10(value) - low)) / (high - low);
  const y = (value) => 260 - (260 * value) / most;
  const path = points.filter((row) => row.turnover_wan_yuan / row.headcount <= most).map((row) => `M${x(row.turnover_wan_yuan).toFixed(1)} ${y(row.turnover_wan_yuan / row.headcount).toFixed(1)}h0`).join("");
  const line = Array.from({ length: 120 }, (_, i) => 10 ** (low + ((high - low) * i) / 119)).map((value) => [x(value), y(b0 + b1 * value + b2 * value * value)]).filter(([, at]) => at <= 270).map(([a, b]) => `${a.toFixed(1)} ${b.toFixed(1)}`).join(" L");
  const beyond = points.filter((row) => peak && row.turnover_wan_yuan > peak).length;
  const diagnostics = (DIAGNOSTICS.get(key) ?? []).filter((row) => row.industry_code === first.industry_code);
  const [across, up] = [axisOf(10 ** high, "wan_yuan"), axisOf(most, "wan_yuan")];
  const powers = [];
  for (let p = Math.ceil(low); p <= high; p++) powers.push(10 ** p);
  return html`<h3>${peak
      ? t(html`曲线在营业额 ${X(peak, "short:wan_yuan", "peak of the curve")} ${unitWords(peak, "wan_yuan")}处到顶，在 ${X(root, "short:wan_yuan", "zero of the curve")} ${unitWords(root, "wan_yuan")}处降到零`, html`The curve peaks at a turnover of ${X(peak, "short:wan_yuan", "peak of the curve")} ${unitWords(peak, "wan_yuan")} and falls to zero at ${X(root, "short:wan_yuan", "zero of the curve")} ${unitWords(root, "wan_yuan")}`)
      : t("曲线与样本", "Curve and sample")}</h3>
    <${Plot} label=${t("商户的营业额与劳动生产率，以及拟合的曲线", "Turnover and productivity of merchants, and the curve fitted to them")} x=${x} y=${y} xTicks=${powers} xShow=${across.show} yTicks=${ticks(0, most, 4)} yShow=${up.show}>
      <path d=${path} class=${`points ${first.provenance}`} fill="none" vector-effect="non-scaling-stroke" />
      <path d=${`M${line}`} fill="none" stroke="var(--ink)" stroke-width="2" vector-effect="non-scaling-stroke" />
      ${peak && html`<line x1=${x(peak)} x2=${x(peak)} y1="0" y2="260" stroke="var(--second)" stroke-dasharray="3 3" vector-effect="non-scaling-stroke" />`}
    </${Plot}>
    <p class="note">${t(`横轴：营业额（${across.words}，对数）；纵轴：每个岗位的营业额（${up.words}）。`, `Across: turnover in ${across.words}, on a log scale; up: turnover a job in ${up.words}.`)} <${Mark} kind=${first.provenance} /> <span class="said">${t(html`图中 ${X(points.length, "count", "merchants drawn")}\u00a0户，其中 ${X(beyond, "count", "merchants beyond the peak")}\u00a0户在顶点以外。`, html`${X(points.length, "count", "merchants drawn")} merchants are drawn, ${X(beyond, "count", "merchants beyond the peak")} of them beyond the peak.`)}</span></p>
    <p class="no-print"><${Copy} text=${() => csvOf(["turnover_wan_yuan", "headcount"], points.map((row) => [row.turnover_wan_yuan, row.headcount]))}>${t("复制图中各点的 CSV", "Copy the points as CSV")}</${Copy}> <span class="note">${t("来源：", "Source: ")}<code>int_fit__compared_merchants</code></span></p>
    ${diagnostics.map((row) => html`<p class="note">${t("拟合优度 R²：", "R² of the fit: ")}${F(row, "r_squared", "fixed:2")}${row.placebo_r_squared !== undefined && row.placebo_r_squared !== null ? t(html`；打乱人数后仍有 ${F(row, "placebo_r_squared", "fixed:2")}：自变量两边都有，拟合好看不说明什么。`, html`; with permuted headcounts still ${F(row, "placebo_r_squared", "fixed:2")}: turnover stands on both sides, so a good fit says little.`) : ""}</p>`)}`;
}
const quantileAt = (sorted, p) => sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))];
function Page() {
  // a sample has one curve, in whichever windows it is used
  const samples = [...OF_SAMPLE.values()];
  return html`<section class="head" aria-labelledby="title"><h1 id="title">${t("从一批商户到全平台，算法不同，结果也不同", "From a sample of merchants to all of them: another estimator, another number")}</h1></section>
    ${samples.map((list, i) => html`<${Sample} list=${list} isFirst=${samples.findIndex(([one]) => one.platform_id === list[0].platform_id && one.sample_id === list[0].sample_id) === i} />`)}`;
}
start(Page);
