"use strict";
// Every combination of the choices of a method as a dot, and the options as rows below.

const MOST_DOTS = 5000;
// piles over the axis, and how high they may be in percents of its width
const BINS = [48, 72, 96, 120, 150, 180, 220];
const MOST_HIGH = 45;
const OPTIONS = DATA.combinations?.options ?? [];
const CHOICES = rows("choices");

/** The combinations of the window and method of a report; none where the warehouse has none. */
function combinationsOf(report) {
  const found = DATA.combinations?.groups[`${report.platform_id}|${report.window_end}|${report.method_id}`] ?? [];
  return found.map(([value, flags, ...places]) => ({
    value,
    isReport: Boolean(flags & 1),
    isDefensible: Boolean(flags & 2),
    isSynthetic: Boolean(flags & 4),
    options: new Set(places.map((place) => OPTIONS[place])),
  }));
}
const typeOf = (one) => (one.isReport ? "report" : one.isSynthetic ? "synthetic" : one.isDefensible ? "firm" : "weak");
const DOT_TYPES = [
  ["report", () => t("报告的选择", "the choices of the report")],
  ["firm", () => t("每一步都说得通", "each step can be defended")],
  ["weak", () => t("有一步说不通", "a step that cannot be defended")],
  ["synthetic", () => t("用到合成样本，只作演示", "on the synthetic sample, for demonstration alone")],
];
const readPicks = (text) => new Map((text ?? "").split(",").filter(Boolean).map((one) => [one.split("=")[0], one]));

function Dots({ all, kept, low, high, reference }) {
  const each = Math.max(1, Math.ceil(all.length / MOST_DOTS));
  const piles = (bins, list) => {
    const found = new Map(DOT_TYPES.map(([type]) => [type, new Array(bins).fill(0)]));
    for (const one of list) found.get(typeOf(one))[Math.min(bins - 1, Math.max(0, Math.floor(((one.value - low) / (high - low)) * bins)))]++;
    return found;
  };
  const highest = (bins) => {
    const found = piles(bins, all);
    return Math.max(8, ...Array.from({ length: bins }, (_, bin) => DOT_TYPES.reduce((sum, [type]) => sum + Math.ceil(found.get(type)[bin] / each), 0)));
  };
  // many dots stand in many narrow piles, so that they stay round and the chart on a screen
  const bins = BINS.find((count) => highest(count) * (100 / count) <= MOST_HIGH) ?? BINS[BINS.length - 1];
  const size = 100 / bins;
  const [whole, shown] = [piles(bins, all), piles(bins, kept)];
  const tall = highest(bins);
  const step = Math.min(size, MOST_HIGH / tall);
  const height = tall * step + 1;
  const paths = [];
  const heights = new Array(bins).fill(0);
  for (const [type] of DOT_TYPES) {
    const [strong, faint] = [[], []];
    for (let bin = 0; bin < bins; bin++) {
      const dots = Math.ceil(whole.get(type)[bin] / each);
      const full = Math.ceil(shown.get(type)[bin] / each);
      for (let i = 0; i < dots; i++) {
        (i < full ? strong : faint).push(`M${((bin + 0.5) * size).toFixed(2)} ${(height - (heights[bin]++ + 0.5) * step).toFixed(2)}h0`);
      }
    }
    const isHollow = type === "weak" || type === "synthetic";
    const colour = { report: "var(--you)", firm: "var(--ink)", weak: "var(--second)", synthetic: "#a3a69f" }[type];
    for (const [list, opacity] of [[strong, 1], [faint, 0.13]]) {
      if (!list.length) continue;
      const d = list.join("");
      paths.push(html`<path d=${d} stroke=${colour} stroke-opacity=${opacity} stroke-width=${Math.min(step, size) * 0.88} stroke-linecap="round" fill="none" />`);
      if (isHollow) paths.push(html`<path d=${d} stroke="var(--card)" stroke-width=${Math.min(step, size) * 0.52} stroke-linecap="round" fill="none" />`);
    }
  }
  const x = linear(low, high);
  const words = t(`${all.length} 种组合，从 ${formatNumber(all[0].value, "jobs", lang)}\u00a0到 ${formatNumber(all[all.length - 1].value, "jobs", lang)}`, `${all.length} combinations, from ${formatNumber(all[0].value, "jobs", lang)} to ${formatNumber(all[all.length - 1].value, "jobs", lang)}`);
  return html`<div class="dot-chart"><span class="reference" style=${`left:${pct(x(reference))}`}><b class="you">${t("报告", "report")} ${X(reference, "jobs", "total of the report")}</b></span>
    <svg class="dots" viewBox=${`0 0 100 ${height}`} width="100%" role="img" aria-label=${words}>${paths}<line x1=${x(reference)} x2=${x(reference)} y1="0" y2=${height} stroke="var(--you)" stroke-width="0.15" stroke-dasharray="0.6 0.5" /></svg><${Axis} low=${low} high=${high} />
    ${each > 1 && html`<p class="note">${t(html`一个点代表至多 ${X(each, "count", "combinations a dot")}\u00a0种组合。`, html`A dot stands for up to ${X(each, "count", "combinations a dot")} combinations.`)}</p>`}</div>`;
}

function Choices({ story }) {
  const { report, total } = story;
  const all = useMemo(() => combinationsOf(report).sort((a, b) => a.value - b.value), [report]);
  if (all.length < 2) return null;
  const picks = readPicks(state.pick);
  const fits = (one, without = null) => [...picks].every(([decision, option]) => decision === without || one.options.has(option));
  const kept = all.filter((one) => fits(one));
  const firm = all.filter((one) => one.isDefensible && !one.isSynthetic);
  const [low, high] = niceRange(all[0].value, all[all.length - 1].value, 0.03);
  const x = linear(low, high);
  const used = new Set(all.flatMap((one) => [...one.options]));
  const options = CHOICES.filter((row) => row.method_id === report.method_id && used.has(`${row.decision_id}=${row.option_id}`));
  const middle = (list) => list[Math.floor((list.length - 1) / 2)].value;
  const toggle = (decision, option) => {
    const next = new Map(picks);
    if (next.get(decision) === option) next.delete(decision);
    else next.set(decision, option);
    go({ pick: [...next.values()].join(",") || null });
  };
  const title = firm.length
    ? t(html`报告走了一条路；${X(firm.length, "count", "defensible combinations")}\u00a0条说得通的路通向 ${X(firm[0].value, "jobs", "lowest defensible")}\u00a0万到 ${X(firm[firm.length - 1].value, "jobs", "highest defensible")}\u00a0万`,
        html`The report took one path; ${X(firm.length, "count", "defensible combinations")} that can be defended lead to ${X(firm[0].value, "jobs", "lowest defensible")} to ${X(firm[firm.length - 1].value, "jobs", "highest defensible")} million`)
    : t(html`${X(all.length, "count", "combinations")}\u00a0条路通向 ${X(all[0].value, "jobs", "lowest combination")}\u00a0万到 ${X(all[all.length - 1].value, "jobs", "highest combination")}\u00a0万`,
        html`${X(all.length, "count", "combinations")} paths lead to ${X(all[0].value, "jobs", "lowest combination")} to ${X(all[all.length - 1].value, "jobs", "highest combination")} million`);
  const below = kept.filter((one) => one.value < total.jobs_wan - 5e-5).length;
  const effects = rows("effects").filter((row) => row.platform_id === report.platform_id && row.window_end === report.window_end && row.method_id === report.method_id && row.choice_set === "defensible" && row.shapley_share !== null && row.decision_id !== "-").sort((a, b) => b.shapley_share - a.shapley_share);
  return html`<${Section} id="choices" title=${title} lead=${t("每个点是一种组合。点一行，只看作了这个选择的组合；短竖是中位数。范围没有概率。", "Each dot is one combination. Choose a row to see those that make this choice; the tick is the median. The range has no probability.")}>
    <div class="choices-card">
      <div class="choices-head"><p role="status">${kept.length
          ? html`<b>${X(kept.length, "count", "combinations shown")}</b>${t(" 种：", ": ")}<b>${X(kept[0].value, "jobs", "lowest shown")} – ${X(kept[kept.length - 1].value, "jobs", "highest shown")}</b> ${wan()}${t("，", ", ")}${X(below / kept.length, "percent", "share below the report")} ${t("低于报告", "below the report")}`
          : t("没有这样的组合：有的选择彼此排除。", "There is no such combination: some choices exclude each other.")}</p>
        <button type="button" class="quiet" disabled=${picks.size === 0} onClick=${() => go({ pick: null })}>${t("全部显示", "Show all")}</button></div>
      <div class="dot-row"><ul class="dot-key">${DOT_TYPES.filter(([type]) => all.some((one) => typeOf(one) === type)).map(([type, words]) => html`<li class=${type}>${words()}</li>`)}</ul>
        <${Dots} all=${all} kept=${kept} low=${low} high=${high} reference=${total.jobs_wan} /></div>
      ${[...group(options, "decision_id")].filter(([, list]) => list.length > 1).map(([decision, list]) => html`<h3 class="decision">${T(list[0], "decision")}</h3>
        ${list.map((row) => {
          const option = `${decision}=${row.option_id}`;
          const mine = all.filter((one) => one.options.has(option) && fits(one, decision));
          const isPicked = picks.get(decision) === option;
          return html`<button type="button" class="option" aria-pressed=${isPicked} onClick=${() => toggle(decision, option)}>
            <span class="option-name">${row.provenance ? html`<${Glyph} kind=${row.provenance} />` : ""}${T(row, "name")}${row.is_report ? html` <b class="you">${t("报告", "report")}</b>` : ""}${row.is_defensible ? "" : html` <i>${t("说不通", "not defensible")}</i>`}</span>
            <span class="option-plot"><svg width="100%" height="22" aria-hidden="true"><line x1=${pct(x(total.jobs_wan))} x2=${pct(x(total.jobs_wan))} y1="0" y2="22" stroke="var(--you)" stroke-dasharray="2 3" opacity="0.6" />
              ${mine.length > 0 && html`<line x1=${pct(x(mine[0].value))} x2=${pct(x(mine[mine.length - 1].value))} y1="11" y2="11" stroke="currentColor" stroke-width="1.6" stroke-dasharray=${row.is_defensible ? undefined : "3 3"} /><line x1=${pct(x(middle(mine)))} x2=${pct(x(middle(mine)))} y1="4" y2="18" stroke=${row.is_report ? "var(--you)" : "currentColor"} stroke-width="4" />`}</svg></span></button>
            ${(isPicked || !row.is_defensible) && html`<p class="note reason">${T(row, "reason")}</p>`}`;
        })}`)}
    </div>
    <p class="no-print"><${Copy} text=${() => csvOf(["jobs_wan", "is_report", "is_defensible", "has_synthetic_input", "choices"], all.map((one) => [one.value, one.isReport, one.isDefensible, one.isSynthetic, [...one.options].join(" ")]))}>${t("复制全部组合的 CSV", "Copy all combinations as CSV")}</${Copy}> <span class="note">${t("来源：", "Source: ")}<code>fct_choice_combinations</code></span></p>
    ${effects.length > 0 && html`<p class="lead">${t(html`在说得通的组合里，${T(effects[0], "name")}这一步决定了结果之差的 ${F(effects[0], "shapley_share", "percent")}。`, html`Among those that can be defended, the decision “${T(effects[0], "name")}” accounts for ${F(effects[0], "shapley_share", "percent")} of the variance.`)}</p>
    <${Numbers} source="fct_choice_effects" list=${effects} columns=${[
      [t("决定", "decision"), (row) => T(row, "name"), (row) => plain(row, "name")],
      [t("方差份额", "share of variance"), (row) => F(row, "shapley_share", "percent"), (row) => row.shapley_share],
      [t("低，万", "low, million"), (row) => F(row, "low_wan", "jobs"), (row) => row.low_wan],
      [t("中位数，万", "median, million"), (row) => F(row, "median_wan", "jobs"), (row) => row.median_wan],
      [t("高，万", "high, million"), (row) => F(row, "high_wan", "jobs"), (row) => row.high_wan],
    ]} />`}
  </${Section}>`;
}
