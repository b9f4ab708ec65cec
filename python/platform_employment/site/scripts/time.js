"use strict";
// GMV and estimates over time; windows other than a report's are extrapolation and drawn as such.

const TIME_LIMITS = rows("total_limits");
// the end of a year is its place on the axis
const yearOf = (text) => { const [y, m] = text.split("-").map(Number); return y + (m - 12) / 12; };
const TOTALS = group(rows("totals"), (row) => `${row.platform_id}|${row.scenario_id}`);

function widestLimits(row) {
  // definitions and choices are no range of an estimate over time
  const mine = TIME_LIMITS.filter((one) => ["assumptions", "open"].includes(one.layer) && one.high_wan !== null && one.platform_id === row.platform_id && one.window_end === row.window_end && one.scenario_id === row.scenario_id && one.low_wan !== null);
  return mine.sort((a, b) => b.high_wan - b.low_wan - (a.high_wan - a.low_wan))[0] ?? null;
}
function Platform({ platform }) {
  const id = platform.platform_id;
  const reports = rows("reports").filter((row) => row.platform_id === id);
  const series = rows("gmv").filter((row) => row.platform_id === id && row.period_type !== "quarter");
  const quarters = rows("gmv").filter((row) => row.platform_id === id && row.period_type === "quarter");
  const scenarios = [...new Set(reports.map((row) => row.scenario_id))];
  const long = scenarios.map((scenario) => TOTALS.get(`${id}|${scenario}`) ?? []).sort((a, b) => b.length - a.length)[0] ?? [];
  const points = rows("headlines_by_report").filter((row) => row.platform_id === id).sort((one, other) => yearOf(one.window_end) - yearOf(other.window_end));
  const [early, late] = [points[0], points[points.length - 1]];
  const estimates = long.map((row) => ({ row, limits: widestLimits(row), isReport: reports.some((one) => one.window_end === row.window_end && one.scenario_id === row.scenario_id) }));
  const firstYear = Math.floor(Math.min(...[...series, ...long, ...points].map((row) => yearOf(row.period_end ?? row.window_end)))) - 0.2;
  const lastYear = Math.max(...[...series, ...long, ...points].map((row) => yearOf(row.period_end ?? row.window_end))) + 0.3;
  const x = (value) => ((value - firstYear) / (lastYear - firstYear)) * 640;
  const years = [];
  for (let year = Math.ceil(firstYear); year <= lastYear; year++) years.push(year);
  const every = [1, 2, 5, 10, 20, 50].find((one) => years.length / one <= 7) ?? 100;
  const xTicks = years.filter((year) => (every < 5 ? year - years[0] : year) % every === 0);
  // a bar a window, as wide as there is room for
  const wide = Math.min(10, ...series.slice(1).map((row, i) => 0.8 * (x(yearOf(row.period_end)) - x(yearOf(series[i].period_end)))));
  const xShow = (value) => html`<time>${value}</time>`;
  const most = Math.max(1, ...series.map((row) => row.gmv_yi_yuan + row.half_width_yi_yuan)) * 1.08;
  const gy = (value) => 260 - (260 * value) / most;
  const tops = [...estimates.flatMap(({ row, limits }) => [row.jobs_wan, limits?.high_wan ?? 0]), ...points.map((row) => row.jobs_wan)];
  const mostJobs = Math.max(1, ...tops) * 1.08;
  const jy = (value) => 260 - (260 * value) / mostJobs;
  const bands = estimates.filter(({ limits }) => limits);
  const [first, last] = [series[0], series[series.length - 1]];
  const gmvAxis = axisOf(most, "yi_yuan");
  const farthest = estimates.filter((one) => !one.isReport).sort((a, b) => b.row.jobs_wan - a.row.jobs_wan)[0];
  const dash = (kind) => (kind === "disclosed" || kind === "published" ? undefined : "5 4");
  return html`<${Section} id=${`time-${id}`} title=${T(platform, "name")}>
    ${series.length > 1 && html`<h3>${t(html`十二个月的 GMV 从 ${F(first, "gmv_yi_yuan", "unit:yi_yuan")} ${unitWords(first.gmv_yi_yuan, "yi_yuan")}到 ${F(last, "gmv_yi_yuan", "unit:yi_yuan")} ${unitWords(last.gmv_yi_yuan, "yi_yuan")}`, html`GMV of twelve months went from ${F(first, "gmv_yi_yuan", "unit:yi_yuan")} ${unitWords(first.gmv_yi_yuan, "yi_yuan")} to ${F(last, "gmv_yi_yuan", "unit:yi_yuan")} ${unitWords(last.gmv_yi_yuan, "yi_yuan")}`)}</h3>
      <${Plot} label=${t("十二个月的电商交易总额，按窗口结束日", "GMV of twelve months by the end of the window")} x=${x} y=${gy} xTicks=${xTicks} xShow=${xShow} yTicks=${ticks(0, most)} yShow=${gmvAxis.show}>
        ${series.map((row) => html`<rect x=${x(yearOf(row.period_end)) - wide / 2} width=${wide} y=${gy(row.gmv_yi_yuan)} height=${Math.max(0.5, 260 - gy(row.gmv_yi_yuan))} ...${FILLS[row.provenance]} stroke-width=${wide > 4 ? 1 : 0} vector-effect="non-scaling-stroke" />`)}
      </${Plot}>
      <p class="note">${t(`单位：${gmvAxis.words}。竖条按依据填充；取整半宽见下表。`, `In ${gmvAxis.words}. Bars are filled by what they rest on; half widths of rounding are in the table.`)}</p>
      <${Numbers} source="fct_gmv" list=${[...series, ...quarters]} columns=${[
        [t("期间", "period"), (row) => html`${day(row.period_start)} – ${day(row.period_end)}`, (row) => `${row.period_start}/${row.period_end}`],
        [t("GMV", "GMV"), (row) => U(row, "gmv_yi_yuan", "yi_yuan"), (row) => row.gmv_yi_yuan],
        [t("半宽", "half width"), (row) => U(row, "half_width_yi_yuan", "yi_yuan"), (row) => row.half_width_yi_yuan],
        [t("依据", "rests on"), (row) => html`<${Mark} kind=${row.provenance} />`, (row) => row.provenance],
      ]} />`}
    ${estimates.length + points.length > 0 && html`<h3>${farthest
        ? t(html`报告的窗口以外是外推：最高 ${F(farthest.row, "jobs_wan", "jobs")}\u00a0万（截至 ${day(farthest.row.window_end)}）`, html`Beyond the window of the report it is extrapolation: at most ${F(farthest.row, "jobs_wan", "jobs")} million (to ${day(farthest.row.window_end)})`)
        : points.length > 1
          ? t(html`${X(points.length, "count", "reports of a platform")}\u00a0份报告：从 ${F(early, "jobs_wan", "jobs")}\u00a0万（截至 ${day(early.window_end)}）到 ${F(late, "jobs_wan", "jobs")}\u00a0万（截至 ${day(late.window_end)}）`, html`${X(points.length, "count", "reports of a platform")} reports: from ${F(early, "jobs_wan", "jobs")} million (to ${day(early.window_end)}) to ${F(late, "jobs_wan", "jobs")} million (to ${day(late.window_end)})`)
          : t(html`一份报告：${F(early, "jobs_wan", "jobs")}\u00a0万（截至 ${day(early.window_end)}）`, html`One report: ${F(early, "jobs_wan", "jobs")} million (to ${day(early.window_end)})`)}</h3>
      ${(farthest || points.length > 1) && html`<${Plot} label=${t("各窗口的就业估算，万个就业机会", "Jobs by window, million")} x=${x} y=${jy} xTicks=${xTicks} xShow=${xShow} yTicks=${ticks(0, mostJobs)} yShow=${(value) => X(value, "jobs", "tick of an axis")}>
        ${bands.length > 1 && html`<path d=${`M${bands.map(({ row, limits }) => `${x(yearOf(row.window_end))} ${jy(limits.high_wan)}`).join(" L")} L${[...bands].reverse().map(({ row, limits }) => `${x(yearOf(row.window_end))} ${jy(limits.low_wan)}`).join(" L")} Z`} fill="url(#p-assumed)" stroke="none" opacity="0.75" />`}
        ${farthest && estimates.length > 1 && html`<path d=${`M${estimates.map(({ row }) => `${x(yearOf(row.window_end))} ${jy(row.jobs_wan)}`).join(" L")}`} fill="none" stroke="var(--assumed)" stroke-width="2" stroke-dasharray="5 4" vector-effect="non-scaling-stroke" />`}
        ${points.map((row) => html`<path d=${`M${x(yearOf(row.window_end))} ${jy(row.jobs_wan)} h0.01`} stroke="var(--ink)" stroke-width="13" stroke-linecap="round" vector-effect="non-scaling-stroke" />`)}
      </${Plot}>`}
      <p class="note">${!farthest ? (points.length > 1 ? t("实心点：各报告自己的总量。", "Dots: the total of each report.") : "") : t("实心点：各报告自己的总量。虚线：系数与结转的输入不变时的外推，点状带为假设或报告没有说死之处的范围。", "Dots: the total of each report. Dashed: extrapolation with inputs carried along; the dotted band is the range of assumptions or of what the report leaves open.")} ${farthest ? html`<${Mark} kind="assumed" />` : ""}</p>
      <${Numbers} source="fct_job_totals, fct_uncertainty" list=${estimates} columns=${[
        [t("窗口", "window"), ({ row }) => day(row.window_end), ({ row }) => row.window_end],
        [t("总量，万个就业机会", "total, million jobs"), ({ row }) => F(row, "jobs_wan", "jobs"), ({ row }) => row.jobs_wan],
        [t("低", "low"), ({ limits }) => (limits ? F(limits, "low_wan", "jobs") : "–"), ({ limits }) => limits?.low_wan ?? null],
        [t("高", "high"), ({ limits }) => (limits ? F(limits, "high_wan", "jobs") : "–"), ({ limits }) => limits?.high_wan ?? null],
        [t("", ""), (one) => (one.isReport ? t("报告的窗口", "window of the report") : t("外推", "extrapolated")), (one) => (one.isReport ? "report" : "extrapolated")],
      ]} />
      <p class="note">${points.map((row, i) => html`${i ? " · " : ""}${T(row, "title")}${t("：", ": ")}${F(row, "jobs_wan", "jobs")} ${wan()} <${Mark} kind=${row.weakest_provenance} />`)}</p>`}
    <${Growth} platform=${id} />
  </${Section}>`;
}
const GROWTH = [
  ["gmv_wan", "GMV 的增长", "growth of GMV"],
  ["jobs_per_gmv_wan", "同样 GMV 用的人", "jobs for the same GMV"],
  ["ratio_wan", "带动系数", "the ratio to other jobs"],
  ["content_wan", "内容生态等其余部分", "the content ecosystem or whatever else there is"],
  ["direct_wan", "直接就业", "direct jobs"],
];
/** The change between two windows, split into parts that add up to it. */
function Change({ row }) {
  const parts = GROWTH.filter(([name]) => row[name] !== null && row[name] !== 0);
  // parts of methods that do not divide a total alike are no parts of its change
  const isAlike = row.from_scenario_key === row.scenario_key || row.gmv_wan !== 0;
  if (parts.length < 2 || !isAlike) {
    return html`<p>${t(
      html`从 ${day(row.from_window_end)} 到 ${day(row.window_end)}：变动 ${F(row, "change_wan", "part")}\u00a0万${isAlike ? "" : "；两份报告的分项不同，不作分解"}。`,
      html`From ${day(row.from_window_end)} to ${day(row.window_end)}: a change of ${F(row, "change_wan", "part")} million${isAlike ? "" : "; the two reports have different parts, so it is not split"}.`)}</p>`;
  }
  const ends = [0, ...parts.map(([name]) => row[name])];
  const [low, high] = niceRange(Math.min(...ends), Math.max(...ends), 0.24);
  const x = linear(low, high);
  const largest = parts.reduce((a, b) => (Math.abs(row[b[0]]) > Math.abs(row[a[0]]) ? b : a), parts[0]);
  const kind = row.is_extrapolated ? "assumed" : "derived";
  return html`<h3>${t(
      html`从 ${day(row.from_window_end)} 到 ${day(row.window_end)}：变动 ${F(row, "change_wan", "jobs")}\u00a0万，其中${largest[1]} ${F(row, largest[0], "jobs")}\u00a0万`,
      html`From ${day(row.from_window_end)} to ${day(row.window_end)}: a change of ${F(row, "change_wan", "jobs")} million, ${F(row, largest[0], "jobs")} of it ${largest[2]}`)}</h3>
    ${parts.map(([name, zh, en]) => html`<div class="swing wide"><span class="swing-name">${t(zh, en)}</span><span class="swing-bar"><svg width="100%" height="22" aria-hidden="true"><${Bar} from=${x(Math.min(0, row[name]))} to=${x(Math.max(0, row[name]))} kind=${kind} height=${14} y=${4} /><line x1=${pct(x(0))} x2=${pct(x(0))} y1="0" y2="22" stroke="var(--ink)" /></svg><span class="range-high" style=${`left:min(${pct(x(Math.max(0, row[name])))}, calc(100% - 3.4em))`}>${F(row, name, "part")}</span></span></div>`)}
    <p class="note"><${Mark} kind=${kind} /> ${row.is_extrapolated ? t("有一端是外推。", "One side is extrapolated.") : ""}${row.from_scenario_id !== row.scenario_id ? t("两份报告的方法不同。", " The two reports have different methods.") : ""}</p>`;
}
function Growth({ platform }) {
  const all = rows("growth").filter((row) => row.platform_id === platform);
  if (!all.length) return null;
  const reports = all.filter((row) => row.is_between_reports);
  const shown = reports.length ? reports : all.slice(-1);
  return html`${shown.map((row) => html`<${Change} row=${row} />`)}<${Numbers} source="fct_growth" list=${all} columns=${[
    [t("从", "from"), (row) => day(row.from_window_end), (row) => row.from_window_end],
    [t("到", "to"), (row) => day(row.window_end), (row) => row.window_end],
    [t("变动，万", "change, million"), (row) => F(row, "change_wan", "part"), (row) => row.change_wan],
    ...GROWTH.map(([name, zh, en]) => [t(zh, en), (row) => F(row, name, "part"), (row) => row[name]]),
  ]} />`;
}
function Page() {
  return html`<section class="head" aria-labelledby="title"><h1 id="title">${t("随时间：哪些是公布的，哪些是外推的", "Over time: what is published and what is extrapolated")}</h1></section>
    ${[...new Set(rows("reports").map((one) => one.platform_id))].map((id) => rows("platforms").find((row) => row.platform_id === id)).map((platform) => html`<${Platform} platform=${platform} />`)}`;
}
start(Page);
