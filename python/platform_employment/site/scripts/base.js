"use strict";
// What every page has: rows, languages, the address, facts, marks, header and footer.

const { h, html, render, useState, useEffect, useLayoutEffect, useMemo, useRef } = htmPreact;

const DATA = JSON.parse(document.getElementById("data").textContent);
const RELEASE = DATA.release;

/** Rows of an embedded table; `_at` says where a row stands. */
const tables = new Map();
function rows(name) {
  if (!tables.has(name)) {
    const { c: columns, r: cells, t: texts = {} } = DATA.tables[name] ?? { c: [], r: [] };
    const made = cells.map((row, i) => {
      const found = { _at: `${name}/${i}` };
      columns.forEach((column, j) => (found[column] = column in texts && row[j] !== null ? texts[column][row[j]] : row[j]));
      return found;
    });
    tables.set(name, made);
  }
  return tables.get(name);
}
const keyed = (list, ...names) => new Map(list.map((row) => [names.map((n) => row[n]).join("|"), row]));
const group = (list, key) => {
  const found = new Map();
  for (const row of list) {
    const at = typeof key === "function" ? key(row) : row[key];
    if (!found.has(at)) found.set(at, []);
    found.get(at).push(row);
  }
  return found;
};

const UNITS = Object.fromEntries(rows("units").map((row) => [row.unit, row]));
const KINDS = rows("provenance_kinds");
const RANKS = Object.fromEntries(KINDS.map((row) => [row.provenance, row.provenance_rank]));
const kindRow = (kind) => KINDS.find((row) => row.provenance === kind);
const weakest = (kinds) =>
  [...kinds].reduce((worst, kind) => ((RANKS[kind] ?? 0) > (RANKS[worst] ?? 0) ? kind : worst), null);

// the state is in the address: language, report, what is open, what the reader set

function readState() {
  const found = new URLSearchParams(location.hash.slice(1));
  // a bare #name is a place on the page
  if (location.hash && !location.hash.includes("=")) return { at: decodeURIComponent(location.hash.slice(1)) };
  return Object.fromEntries(found);
}
const listeners = new Set();
let state = readState();
let lang = state.lang === "en" ? "en" : "zh";

function address(patch, file = "") {
  const next = { ...state, ...patch };
  const pairs = Object.entries(next).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return `${file}#${new URLSearchParams(pairs)}`;
}
/** Change the state; `isSmall` makes no step to go back to. */
function go(patch, isSmall = false) {
  const to = address(patch);
  if (to === location.hash) return;
  history[isSmall ? "replaceState" : "pushState"](null, "", to);
  changed();
}
function changed() {
  state = readState();
  lang = state.lang === "en" ? "en" : "zh";
  listeners.forEach((listener) => listener());
}
addEventListener("popstate", changed);
addEventListener("hashchange", changed);
function useAddress() {
  const [, draw] = useState(0);
  useEffect(() => {
    const listener = () => draw((n) => n + 1);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, []);
  return state;
}
/** The link to another page in the language of this one. */
const pageLink = (file, patch = {}) => {
  const pairs = { ...(lang === "en" ? { lang } : {}), ...patch };
  const text = String(new URLSearchParams(pairs));
  return text ? `${file}#${text}` : file;
};

// words, facts, units

const t = (zh, en) => (lang === "zh" ? zh : en);
const hasChinese = (text) => /[\u3400-\u9fff]/.test(text);

/** A number of the warehouse: the cell that it is, and how it is written. */
function F(row, column, style) {
  return html`<span data-fact=${`${row._at}/${column}`} data-as=${style}>${formatNumber(row[column], style, lang, UNITS)}</span>`;
}
/** A number that the page works out; `what` says how, for whoever checks it. */
function X(value, style, what) {
  return html`<span data-fact=${`=${what}`} data-as=${style} data-value=${value}>${formatNumber(value, style, lang, UNITS)}</span>`;
}
/** A text of the warehouse in the language of the page. */
function T(row, name) {
  const both = `${name}_${lang}`;
  const column = both in row ? both : name;
  const text = row[column] ?? "";
  const other = lang === "en" && hasChinese(text) ? "zh-CN" : undefined;
  if (!row._at) return html`<span lang=${other}>${text}</span>`;
  return html`<span data-fact=${`${row._at}/${column}`} data-as="text" lang=${other}>${text}</span>`;
}
const plain = (row, name) => row[`${name}_${lang}`] ?? row[name] ?? "";

/** A day, month or year as text; dates are no figures. */
const day = (text) => html`<time>${text ?? "–"}</time>`;
function windowText(end) {
  const [year, month] = end.split("-").map(Number);
  const names = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
  const [y, m] = month === 12 ? [year, 1] : [year - 1, month + 1];
  return html`<time>${t(`${y} 年 ${m} 月至 ${year} 年 ${month} 月`, `${names[m - 1]} ${y} to ${names[month - 1]} ${year}`)}</time>`;
}

function baseName(unit) {
  if (Number(unit.scale) === 1) return unit.name_en;
  const base = Object.values(UNITS).find((row) => row.dimension === unit.dimension && Number(row.scale) === 1);
  if (base) return base.name_en;
  const one = (name) => name.replace(/_/g, " ").replace(/(ies)$/, "y").replace(/s$/, "");
  const parts = unit.dimension.split(" ");
  const over = parts.filter((part) => !part.includes("^-1")).map((part) => part.replace(/_/g, " "));
  const under = parts.filter((part) => part.includes("^-1")).map((part) => one(part.replace("^-1", "")));
  if (!under.length) return over.join(" ");
  return over.length ? `${over.join(" ")} a ${under.join(" and ")}` : `per ${under.join(" and ")}`;
}
/** The words after a number in a unit. */
function unitWords(value, name) {
  const unit = UNITS[name];
  if (!unit) return name ?? "";
  if (["share", "percent", "ratio", "factor"].includes(name)) return "";
  if (lang === "zh") return unit.name_zh;
  if (unit.dimension === "1" || Math.abs((value ?? 0) * unit.scale) < TINY) return unit.name_en;
  const [, word] = inUnit(value ?? 0, name, "en", UNITS);
  return [word, baseName(unit)].filter(Boolean).join(" ");
}
const unitName = (name) => (UNITS[name] ? (lang === "zh" ? UNITS[name].name_zh : UNITS[name].name_en) : (name ?? ""));
/** A number of a row with its unit. */
function U(row, column, unit, style = "unit") {
  const words = unitWords(row[column], unit);
  return html`<span class="nowrap">${F(row, column, `${style}:${unit}`)}${words ? "\u00a0" : ""}${words && html`<span class="unit">${words}</span>`}</span>`;
}
// what is counted: jobs, persons or full-time equivalents, as the report on the page does
let counted = "jobs";
const COUNTED = { jobs: ["万个就业机会", "million jobs"], persons: ["万人", "million persons"], fte: ["万个全时当量", "million full-time equivalents"] };
const jobsUnit = () => t(...(COUNTED[counted] ?? [`万（${counted}）`, `million (${counted})`]));
const unitOfTotals = () => t(`单位：${jobsUnit()}`, jobsUnit().replace(/^m/, "M"));
const wan = () => t("万", "million");

// provenance: fill, outline, glyph and word say it, and nothing else does

const GLYPHS = {
  disclosed: html`<circle cx="7" cy="7" r="5.5" fill="var(--disclosed)" />`,
  published: html`<rect x="2" y="2" width="10" height="10" fill="var(--published)" />`,
  derived: html`<g><rect x="3" y="3" width="8" height="8" transform="rotate(45 7 7)" fill="url(#p-derived)" stroke="var(--derived)" stroke-width="1.2" /></g>`,
  assumed: html`<circle cx="7" cy="7" r="5" fill="none" stroke="var(--assumed)" stroke-width="1.8" stroke-dasharray="2.4 1.6" />`,
  synthetic: html`<path d="M2.5 2.5 L11.5 11.5 M11.5 2.5 L2.5 11.5" stroke="var(--synthetic)" stroke-width="1.8" fill="none" />`,
};
function Glyph({ kind }) {
  return html`<svg class="glyph" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">${GLYPHS[kind]}</svg>`;
}
function Mark({ kind }) {
  const row = kindRow(kind);
  return row ? html`<span class=${`mark ${kind}`}><${Glyph} kind=${kind} />${T(row, "name")}</span>` : null;
}
function Patterns() {
  return html`<svg width="0" height="0" class="patterns" aria-hidden="true" focusable="false">
    <defs>
      <pattern id="p-derived" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="7" height="7" fill="#e2e6fa" /><rect width="3.2" height="7" fill="#4358cf" />
      </pattern>
      <pattern id="p-assumed" width="5" height="5" patternUnits="userSpaceOnUse">
        <rect width="5" height="5" fill="#fdeccf" /><circle cx="2.5" cy="2.5" r="1.25" fill="#914d00" />
      </pattern>
      <pattern id="p-synthetic" width="6" height="6" patternUnits="userSpaceOnUse">
        <rect width="6" height="6" fill="#f0f0ef" /><path d="M0 0 L6 6 M6 0 L0 6" stroke="#60645f" stroke-width="1" />
      </pattern>
    </defs>
  </svg>`;
}
const FILLS = {
  disclosed: { fill: "#132f57", stroke: "#132f57" },
  published: { fill: "#00707f", stroke: "#00707f" },
  derived: { fill: "url(#p-derived)", stroke: "#4358cf" },
  assumed: { fill: "url(#p-assumed)", stroke: "#914d00", "stroke-dasharray": "4 3" },
  synthetic: { fill: "url(#p-synthetic)", stroke: "#60645f" },
};

// header, footer, frame

function Header({ page }) {
  return html`<header class="top">
    <div class="wrap bar">
      <a class="brand" href=${pageLink("index.html")}>${DATA.project}</a>
      <nav aria-label=${t("各页", "Pages")}>
        ${DATA.pages.map(
          (one) => html`<a href=${pageLink(one.file)} aria-current=${one.file === page ? "page" : undefined}>${t(one.title_zh, one.title_en)}</a>`,
        )}
      </nav>
      <div class="languages" role="group" aria-label="Language 语言">
        ${[["zh", "中文"], ["en", "English"]].map(
          ([code, name]) => html`<button type="button" lang=${code === "zh" ? "zh-CN" : "en"} aria-pressed=${lang === code} onClick=${() => go({ lang: code === "en" ? "en" : null }, true)}>${name}</button>`,
        )}
      </div>
    </div>
  </header>`;
}
function Footer() {
  return html`<footer>
    <div class="wrap">
      <p class="key">${KINDS.map((row) => html`<${Mark} kind=${row.provenance} />`)}<span>${t("填充越实，依据越硬。", "The more solid the ink, the firmer the ground.")}</span></p>
      <p>${RELEASE.id ? html`${t("发布", "Release")} <code>${RELEASE.id}</code> · ` : ""}<time>${RELEASE.date}</time>${RELEASE.commit ? html` · <code>${RELEASE.commit}</code>` : ""}</p>
      ${DATA.engineers.length > 0 &&
      html`<p>${t("给工程师：", "For engineers: ")}${DATA.engineers.map(
        (one, i) => html`${i ? " · " : ""}<a href=${one.file}>${t(one.title_zh, one.title_en)}</a> (${X(one.megabytes, "fixed:1", "size of the file in MB")} MB)`,
      )}</p>`}
    </div>
  </footer>`;
}

/** Headings and notes of one part of a page. */
function Section({ id, title, lead, children }) {
  return html`<section id=${id} aria-labelledby=${`${id}-title`}>
    <h2 id=${`${id}-title`}>${title}</h2>
    ${lead && html`<p class="lead">${lead}</p>`}
    ${children}
  </section>`;
}

/** Which report a page is about, where there are many. */
function ReportChoice({ reports, report, choose }) {
  return html`<p class="report-choice"><label for="report">${t("报告", "Report")}</label> <select id="report" onChange=${(event) => choose(reports.find((one) => one.report_id === event.target.value))}>${reports.map((one) => html`<option value=${one.report_id} selected=${one === report}>${plain(one, "title")}</option>`)}</select></p>`;
}

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.setAttribute("aria-hidden", "true");
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button?.focus();
  }
}
function Copy({ text, children }) {
  const [isDone, setDone] = useState(false);
  const onClick = (event) => {
    copy(typeof text === "function" ? text() : text, event.currentTarget);
    setDone(true);
    setTimeout(() => setDone(false), 2000);
  };
  return html`<button type="button" class="quiet copy" onClick=${onClick}>${children}<span role="status">${isDone ? t("：已复制", ": copied") : ""}</span></button>`;
}
const csvCell = (value) => {
  const text = value === null || value === undefined ? "" : String(value);
  return /[",\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
};
const csvOf = (heads, lines) => [heads, ...lines].map((line) => line.map(csvCell).join(",")).join("\n");
/** The numbers of a chart as a table and as csv: columns are [head, cell, value]. */
function Numbers({ columns, list, source }) {
  const csv = () => csvOf(columns.map(([head]) => head), list.map((row) => columns.map(([, , value]) => value(row))));
  return html`<details class="numbers">
    <summary>${t("图中的数", "The numbers of the chart")}</summary>
    <div class="scroll" tabindex="0" role="region" aria-label=${t("图中的数", "The numbers of the chart")}><table>
      <thead><tr>${columns.map(([head]) => html`<th scope="col">${head}</th>`)}</tr></thead>
      <tbody>${list.map((row) => html`<tr>${columns.map(([, show, value], i) => {
        const shown = show(row);
        return i ? html`<td class=${typeof value(row) === "number" ? "n" : ""}>${shown}</td>` : html`<th scope="row">${shown}</th>`;
      })}</tr>`)}</tbody>
    </table></div>
    <p><${Copy} text=${csv}>${t("复制 CSV", "Copy CSV")}</${Copy}> <span class="note">${t("来源：", "Source: ")}<code>${source}</code></span></p>
  </details>`;
}

/** A number as one cites it: value, unit, honest word, report, release, address. */
function citation(text, unit, word, report, patch) {
  const where = `${DATA.page}${address(patch)}`;
  const release = RELEASE.id ? `${DATA.project} ${RELEASE.id}` : `${DATA.project} ${RELEASE.date}`;
  return t(
    `${text} ${unit}（${word}）；${plain(report, "title")}，复算：${release}，${where}`,
    `${text} ${unit} (${word}); ${plain(report, "title")}, recalculated: ${release}, ${where}`,
  );
}

function start(Page) {
  const App = () => {
    useAddress();
    useLayoutEffect(() => {
      document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
      document.title = `${t(DATA.title_zh, DATA.title_en)} · ${DATA.project}`;
    });
    const [isLost, setLost] = useState(false);
    useEffect(() => {
      const place = state.at && document.getElementById(state.at);
      place?.scrollIntoView();
      setLost(Boolean(state.at) && !place);
    }, [state.at]);
    return html`<${Patterns} /><a class="skip" href="#main" onClick=${(event) => { event.preventDefault(); document.getElementById("main").focus(); }}>${t("跳到正文", "Skip to the content")}</a><${Header} page=${DATA.page} />
      <main id="main" tabindex="-1"><div class="wrap">${isLost && html`<p class="switched" role="status">${t("这一页没有地址所指之处：", "This page has no place that the address names: ")}<code>${state.at}</code>${t("。", ".")}</p>`}<${Page} /></div></main><${Footer} />`;
  };
  const root = document.getElementById("root");
  root.replaceChildren();
  render(html`<${App} />`, root);
}
