"use strict";
// The verdict sheet of a report, as `platform-employment audit` prints it.

const SHEETS = group(rows("sheets"), "report_id");
function Page() {
  const reports = rows("reports").filter((row) => SHEETS.has(row.report_id));
  const report = reports.find((row) => row.report_id === state.report) ?? reports[0];
  const sections = [...group(SHEETS.get(report.report_id), "section").values()];
  const [head, ...others] = sections;
  return html`<section class="head sheet-head" aria-labelledby="title"><h1 id="title">${T(report, "title")}</h1>
    <div class="no-print"><${ReportChoice} reports=${reports} report=${report} choose=${(one) => go({ report: one.report_id }, true)} /></div>
    ${head.map((row) => html`<p>${T(row, "line")}</p>`)}</section>
    ${others.map((lines) => html`<${Section} id=${lines[0].name} title=${T(lines[0], "title")}><ul class="finding-list sheet">${lines.map((row) => html`<li><p>${T(row, "line")}</p></li>`)}</ul></${Section}>`)}`;
}
start(Page);
