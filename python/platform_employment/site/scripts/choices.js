"use strict";
// Every combination of the choices of a method as a dot, and the options as rows below.

const MOST_DOTS = 5000;

/** The combinations of the chain of a report; none where the warehouse has none. */
function combinationsOf(report) {
  const all = rows("combinations").filter((row) => row.platform_id === report.platform_id && (row.window_end ?? report.window_end) === report.window_end && (row.method_id ?? report.method_id) === report.method_id);
  return all.map((row) => ({
    row,
    value: row.total_jobs_wan ?? row.total_wan ?? row.jobs_wan,
    options: new Set(String(row.choices ?? row.options ?? "").split(/[ ,]+/).filter(Boolean)),
    isReport: Boolean(row.is_report),
    isDefensible: row.is_defensible !== false,
    isSynthetic: Boolean(row.is_synthetic ?? row.rests_on_synthetic ?? row.weakest_provenance === "synthetic"),
  })).filter((one) => one.value !== null && one.value !== undefined);
}

function Choices({ story }) {
  const combos = useMemo(() => combinationsOf(story.report), [story.report]);
  if (!combos.length) return null;
  return html`<${Section} id="choices" title=${html`${X(combos.length, "count", "combinations")}`}></${Section}>`;
}
