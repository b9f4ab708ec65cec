"use strict";
// Forms of charts. Positions are percents of the width, so that a chart re-flows on any screen and
// on paper, and its text keeps its size.

const linear = (low, high) => (value) => (100 * (value - low)) / (high - low || 1);
const pct = (value) => `${Math.round(value * 1000) / 1000}%`;

/** Three to five round values in a range. */
function ticks(low, high, most = 5) {
  const span = high - low || 1;
  const power = 10 ** Math.floor(Math.log10(span / most));
  const step = [1, 2, 5, 10].map((n) => n * power).find((one) => span / one <= most);
  const found = [];
  for (let i = Math.ceil(low / step); i * step <= high + step * 1e-9; i++) found.push(Number((i * step).toPrecision(12)));
  return found;
}
function niceRange(low, high, room = 0.06) {
  const span = high - low || Math.abs(high) || 1;
  return [low - span * room, high + span * room];
}

/** A bar filled by provenance, from `from` to `to` percent. */
function Bar({ from, to, kind, height = 24, y = 0, label }) {
  const width = Math.max(to - from, 0.25);
  return html`<rect x=${pct(from)} y=${y} width=${pct(width)} height=${height} ...${FILLS[kind] ?? FILLS.synthetic} stroke-width="1.2">${label && html`<title>${label}</title>`}</rect>`;
}

function Axis({ low, high, style = "jobs", what = "tick of an axis" }) {
  const x = linear(low, high);
  return html`<div class="axis" aria-hidden="true">${ticks(low, high).map(
    (value) => html`<span style=${`left:${pct(x(value))}`}>${X(value, style, what)}</span>`,
  )}</div>`;
}

/**
 * How the ticks of an axis are written: English has one of million or billion for all of them, and
 * `words` says which.
 */
function axisOf(most, unit) {
  const { scale } = UNITS[unit];
  if (lang === "zh") return { show: (value) => X(value, "exact", "tick of an axis"), words: unitName(unit) };
  const [word, size] = [["billion", 1e9], ["million", 1e6], ["", 1]].find(([, one]) => most * scale >= one) ?? ["", 1];
  return { show: (value) => X(Number(((value * scale) / size).toPrecision(12)), "exact", "tick of an axis"), words: [word, baseName(UNITS[unit])].filter(Boolean).join(" ") };
}

/** The total as one bar, a segment a part, grouped by provenance. */
function Strip({ parts, total }) {
  const kinds = KINDS.map((kind) => kind.provenance).filter((kind) => parts.some((part) => part.kind === kind));
  const ordered = kinds.flatMap((kind) => parts.filter((part) => part.kind === kind));
  let at = 0;
  const placed = ordered.map((part) => {
    const from = at;
    at += (100 * part.value) / total;
    return { ...part, from, to: at };
  });
  const words = placed.map((part) => `${part.name} ${formatNumber(part.value, "part", lang)}`).join(t("，", ", "));
  return html`<figure class="strip">
    <div class="strip-heads">${kinds.map((kind) => {
      const mine = placed.filter((part) => part.kind === kind);
      const from = mine[0].from;
      const width = mine[mine.length - 1].to - from;
      return html`<div class=${`strip-head ${kind}`} style=${`left:${pct(from)};width:${pct(width)}`}><b>${width > 9 ? html`${T(kindRow(kind), "name")} ${X(mine.reduce((sum, part) => sum + part.value, 0) / total, "percent", "share of a provenance")}` : ""}</b></div>`;
    })}</div>
    <svg width="100%" height="46" role="img" aria-label=${words}>${placed.map((part) => html`<${Bar} ...${part} height=${44} y=${1} label=${part.name} />`)}${placed.slice(1).map((part) => html`<line x1=${pct(part.from)} x2=${pct(part.from)} y1="0" y2="46" stroke="var(--paper)" stroke-width="2" />`)}${placed.flatMap((part) => {
      let inner = part.from;
      return (part.of ?? []).slice(0, -1).map((value) => {
        inner += (100 * value) / total;
        return html`<line x1=${pct(inner)} x2=${pct(inner)} y1="1" y2="45" stroke="var(--paper)" stroke-width="1.5" stroke-dasharray="3 3" />`;
      });
    })}</svg>
    <div class="strip-parts" aria-hidden="true">${placed.map(
      (part) => html`<div class=${part.to - part.from < 25 ? "small" : ""} style=${`left:${pct(part.from)};width:${pct(part.to - part.from)}`}>${part.to - part.from > 8 ? html`<span>${part.label}</span> <b>${part.shown}</b>` : ""}</div>`,
    )}</div>
  </figure>`;
}

/** Ranges on one axis, a row each, with the reference as a line. */
function Ranges({ list, reference, low, high, style = "jobs" }) {
  const x = linear(low, high);
  return html`<div class="ranges">
    <div class="ranges-top"><span></span><div class="ranges-plot"><b style=${`left:${pct(x(reference.value))}`}>${reference.shown}</b></div></div>
    ${list.map(
      (row) => html`<div class="range-row">
        <div class="range-name"><b>${row.title}</b>${row.note && html`<span>${row.note}</span>`}</div>
        <div class="ranges-plot">
          <svg width="100%" height="30" aria-hidden="true">
            ${ticks(low, high).map((value) => html`<line x1=${pct(x(value))} x2=${pct(x(value))} y1="0" y2="30" stroke="var(--rule)" />`)}
            ${row.low !== null && html`<${Bar} from=${x(row.low)} to=${x(row.high)} kind=${row.kind} height=${20} y=${5} />`}
            <line x1=${pct(x(reference.value))} x2=${pct(x(reference.value))} y1="0" y2="30" stroke="var(--ink)" stroke-width="1.4" />
          </svg>
          ${row.low !== null
            ? html`<span class=${`range-low${row.isOpenLow ? " open" : ""}`} style=${`right:min(${pct(100 - x(row.low))}, calc(100% - 3.4em))`}>${row.shownLow}</span><span class=${`range-high${row.isOpenHigh ? " open" : ""}`} style=${`left:min(${pct(x(row.high))}, calc(100% - 3.4em))`}>${row.shownHigh}</span>`
            : html`<span class="range-none">${row.none}</span>`}
        </div>
      </div>`,
    )}
    <div class="range-row"><span></span><div class="ranges-plot"><${Axis} low=${low} high=${high} style=${style} /></div></div>
  </div>`;
}

/** A line of points with a scaled picture behind texts that keep their size. */
function Plot({ width = 640, height = 260, label, x, y, children, xTicks, yTicks, xShow, yShow }) {
  return html`<div class="plot"><div class="plot-area">
    <svg viewBox=${`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label=${label}>
      ${yTicks.map((value) => html`<line x1="0" x2=${width} y1=${y(value)} y2=${y(value)} class="grid" />`)}
      ${children}
    </svg>
    ${yTicks.map((value) => html`<span class="y-tick" aria-hidden="true" style=${`top:${pct((100 * y(value)) / height)}`}>${yShow(value)}</span>`)}</div>
    <div class="axis" aria-hidden="true">${xTicks.map((value) => html`<span style=${`left:${pct((100 * x(value)) / width)}`}>${xShow(value)}</span>`)}</div>
  </div>`;
}
