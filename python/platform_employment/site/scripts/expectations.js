"use strict";
// How each expectation came out in this build.

function Page() {
  const all = rows("expectations");
  const failed = all.filter((row) => !row.is_success);
  const [isOnlyFailed, setOnly] = useState(false);
  const list = isOnlyFailed ? failed : all;
  return html`<section class="head" aria-labelledby="title"><h1 id="title">${failed.length === 0
      ? t(html`${X(all.length, "count", "expectations")}\u00a0条预期全部成立`, html`All ${X(all.length, "count", "expectations")} expectations hold`)
      : t(html`${X(all.length, "count", "expectations")}\u00a0条预期中有 ${X(failed.length, "count", "expectations that fail")}\u00a0条不成立`, html`${X(failed.length, "count", "expectations that fail")} of ${X(all.length, "count", "expectations")} expectations fail`)}</h1>
    ${failed.length > 0 && html`<button type="button" class="quiet" aria-pressed=${isOnlyFailed} onClick=${() => setOnly(!isOnlyFailed)}>${t("只看不成立的", "Only those that fail")}</button>`}</section>
    ${[...group(list, "table_name")].map(([table, mine]) => html`<section aria-labelledby=${`t-${table}`}><h2 id=${`t-${table}`}><code>${table}</code></h2><div class="scroll" tabindex="0" role="region" aria-label=${t(`表：${table}`, `table: ${table}`)}><table><thead><tr><th scope="col">${t("预期", "expectation")}</th><th scope="col">${t("结果", "outcome")}</th><th scope="col" class="n">${t("行数", "rows")}</th></tr></thead>
      <tbody>${mine.map((row) => html`<tr><th scope="row"><span data-fact=${`${row._at}/expectation_type`} data-as="text">${row.expectation_type.replace(/_/g, " ")}</span>${row.column_name ? html` <code data-fact=${`${row._at}/column_name`} data-as="text">${row.column_name}</code>` : ""}${row.subject_zh ? html`<small>${T(row, "subject")}</small>` : ""}<small><code data-fact=${`${row._at}/expected`} data-as="text">${row.expected}</code></small></th>
      <td>${row.is_success ? t("成立", "holds") : html`<b>${t("不成立", "fails")}</b> ${row.message ? html`<span data-fact=${`${row._at}/message`} data-as="text">${row.message}</span>` : ""}`}</td><td class="n">${F(row, "evaluated_rows", "count")}</td></tr>`)}</tbody></table></div></section>`)}`;
}
start(Page);
