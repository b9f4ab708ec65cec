"use strict";
// The first page: how a number comes about, and what happens when something in it is different.

const REPORTS = rows("reports");
const reportOf = () => REPORTS.find((row) => row.report_id === state.report) ?? REPORTS[0];
const platformOf = (id) => rows("platforms").find((row) => row.platform_id === id);
const STEPS = group(rows("steps"), "report_id");
const JOBS = group(rows("jobs"), "report_id");
const FIGURES = group(rows("linked_figures"), "report_id");
const SOURCES = keyed(rows("sources"), "source_id");

/** What the page shows of a report. */
function storyOf(report) {
  const method = report.method_id;
  const steps = group(STEPS.get(report.report_id) ?? [], "step_id");
  const jobs = keyed(JOBS.get(report.report_id) ?? [], "component_id");
  const chain = CHAIN_OF.get(chainKey(report));
  const figures = group(FIGURES.get(report.report_id) ?? [], "name");
  const isGiven = (name) => steps.get(name)?.[0].is_given || steps.get(name)?.[0].is_input;
  const kindsOf = (names) =>
    names.flatMap((name) => (steps.get(name) ?? []).map((row) => row.weakest_provenance));
  const kindOf = (component) => {
    const names = [...restsOn(method, component, isGiven)];
    const counted = names.filter((name) => INPUT_ROWS.get(name)?.role !== "conversion");
    const kind = weakest(kindsOf(counted.length ? counted : names));
    return { kind, also: weakest(kindsOf(names)) };
  };
  const leaves = leavesOf(method)
    .filter((row) => jobs.get(row.component_id)?.jobs_wan !== undefined)
    .map((row) => ({ row, job: jobs.get(row.component_id), ...kindOf(row.component_id) }));
  const total = jobs.get(rootOf(method).component_id);
  const parts = partsOf(method, chain, leaves, jobs);
  const figuresOf = (name) => (figures.get(name) ?? []).filter((row) => row.relation === "steps");
  return { report, method, steps, jobs, chain, leaves, parts, total, figuresOf, kindOf, isGiven, root: rootOf(method).component_id };
}

/**
 * The parts of a total as they are stated: a control total is one of them, and what it is made of
 * is in `of`.
 */
function partsOf(method, chain, leaves, jobs) {
  const held = [];
  for (const cell of inputsOf(chain)) {
    if (INPUT_ROWS.get(cell.input_name)?.role !== "control_total") continue;
    const scales = STEP_ROWS.get(method).filter((row) => row.role === "scale" && namesIn(row).includes(cell.input_name)).map((row) => row.step_id);
    const mine = leaves.filter((leaf) => scales.some((name) => everythingBehind(method, leaf.row.component_id).has(name)));
    const row = componentsOf(method).find((one) => {
      const own = leavesOf(method, one.component_id);
      return own.length === mine.length && own.length > 1 && mine.every((leaf) => own.includes(leaf.row));
    });
    if (row) held.push({ row, job: jobs.get(row.component_id), kind: cell.provenance, also: weakest(mine.map((leaf) => leaf.also)), of: mine });
  }
  return leaves.flatMap((leaf) => {
    const part = held.find((one) => one.of.includes(leaf));
    return !part ? [leaf] : part.of[0] === leaf ? [part] : [];
  });
}

const unknownRow = (name) => ({ _at: "", name_zh: name.replace(/_/g, " "), name_en: name.replace(/_/g, " ") });
const nameOfStep = (method, name) => {
  const component = componentsOf(method).find((row) => row.component_id === name);
  return component ?? stepRow(method, name) ?? INPUT_ROWS.get(name) ?? unknownRow(name);
};
const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1);

// the head

const MOST_CHIPS = 5; // more would push the number off the first screen
function ReportSwitch({ report }) {
  const isWide = useWide("(min-width: 641px)");
  if (REPORTS.length < 2) return null;
  const choose = (one) => go({ report: one === REPORTS[0] ? null : one.report_id, trace: null, set: null, scenario: null, window: null, choices: null, pick: null, show: null, at: null });
  if (!isWide || REPORTS.length > MOST_CHIPS) {
    return html`<${ReportChoice} reports=${REPORTS} report=${report} choose=${choose} />`;
  }
  return html`<div class="chips reports" role="group" aria-label=${t("哪一份报告", "Which report")}>${REPORTS.map(
    (one) => html`<button type="button" class="chip" aria-pressed=${one === report} onClick=${() => choose(one)}>${T(one, "title")}</button>`,
  )}</div>`;
}

function Head({ story }) {
  const { report, total, parts } = story;
  const platform = platformOf(report.platform_id);
  const printed = story.figuresOf(story.root)[0];
  const name = T(platform, "name");
  const number = html`${F(total, "jobs_wan", "jobs")}\u00a0${wan()}`;
  const title = printed
    ? t(html`${name}“带动就业 ${number}”，是怎么算出来的？`, html`${name} “supports ${html`${F(total, "jobs_wan", "jobs")}\u00a0`}${jobsUnit()}”. How is that worked out?`)
    : t(html`${name}的就业估算：${number}，怎么算出来的？`, html`Jobs around ${name}: ${number}. How is that worked out?`);
  return html`<section class="head" aria-labelledby="title">
    <${ReportSwitch} report=${report} />
    <p class="eyebrow">${t("独立复算", "An independent recalculation")} · ${T(report, "title")} · ${windowText(report.window_end)}<br />${t("来源：", "Source: ")}<${Source} id=${report.source_id} />${report.published_on ? html`${t("，", ", ")}<time>${report.published_on}</time>` : ""}</p>
    ${state.report && report.report_id !== state.report && html`<p class="switched" role="status">${t("这个发布里没有地址所说的报告：", "This release has no report of the address: ")}<code>${state.report}</code>${t("。", ".")}</p>`}
    <h1 id="title">${title}</h1>
    <div class="big"><p><span class="huge">${F(total, "jobs_wan", "jobs")}</span>\u00a0<span class="huge-unit">${jobsUnit()}</span></p><p class="honest"><${Honest} story=${story} /></p></div>
    <${Strip} total=${total.jobs_wan} parts=${parts.map(({ row, job, kind, of }) => ({
      kind, value: job.jobs_wan, name: plain(row, "name"), label: T(row, "name"), shown: F(job, "jobs_wan", "part"), of: (of ?? []).map((leaf) => leaf.job.jobs_wan),
    }))} />
    <${Cards} story=${story} />
    <${Checks} story=${story} />
  </section>`;
}

/** The sentence beside the number: whether it agrees, and how much of it can be checked. */
function Honest({ story }) {
  const printed = story.figuresOf(story.root)[0];
  if (!printed) return html`${t("报告没有公布总量，没有可比的数。", "The report prints no total: there is nothing to compare with.")}`;
  const agrees = printed.difference !== null && Math.abs(printed.difference) <= printed.tolerance;
  const first = agrees
    ? t("算术对得上。", "The arithmetic holds.")
    : t(html`与报告相差 ${F(printed, "difference", "part")}\u00a0万。`, html`It differs from the report by ${F(printed, "difference", "part")} million.`);
  const strength = STRENGTHS.find((row) => row.strength === printed.strength && row.report_id === printed.report_id);
  const weak = story.parts.filter(({ kind }) => !["disclosed", "published"].includes(kind));
  const share = weak.reduce((sum, leaf) => sum + leaf.job.jobs_wan, 0) / story.total.jobs_wan;
  return html`${first}${t("", " ")}${strength && html`${t("这个数的核对强度：", "How strong that check is: ")}<b>${T(strength, "name")}</b>${t("——", " — ")}${T(strength, "definition")}${t("。", ".")}`}
    ${share > 0 && t(html`总量的 ${X(share, "percent", "share of parts that are not stated outright")}\u00a0是推算或假设出来的。`, html` ${X(share, "percent", "share of parts that are not stated outright")} of the total is derived or assumed.`)}`;
}
const STRENGTHS = rows("strength_counts");

/** How strong the checks of all numbers of the report are: the sentence of the README. */
function Checks({ story }) {
  const counts = STRENGTHS.filter((row) => row.report_id === story.report.report_id);
  const calculated = counts.filter((row) => row.calculated_numbers > 0);
  const rest = counts.reduce((sum, row) => sum + row.numbers - row.calculated_numbers, 0);
  if (!calculated.length) return null;
  const total = calculated.reduce((sum, row) => sum + row.calculated_numbers, 0);
  const said = calculated.map((row, i) => html`${i ? t("，", ", ") : ""}${t(
    html`<b>${T(row, "phrase")}</b> ${F(row, "calculated_numbers", "count")}\u00a0个（${T(row, "printed_numbers")}）`,
    html`${F(row, "calculated_numbers", "count")} ${row.calculated_numbers === 1 ? "is" : "are"} <b>${T(row, "phrase")}</b> (${T(row, "printed_numbers")})`,
  )}`);
  const n = X(total, "count", "numbers of the calculation");
  const others = X(rest, "count", "numbers that nobody checked");
  return html`<p class="checks">${t(html`计算中的 ${n}\u00a0个数字：${said}${rest ? html`；另有 ${others}\u00a0个数字未核对` : ""}。`, html`Of ${n} numbers of the calculation ${said}${rest ? html`; ${others} further numbers are unchecked` : ""}.`)} <a href=${pageLink("figures.html", { report: story.report.report_id })}>${t("台账", "The ledger")}</a></p>`;
}

const MOST_NAMED = 6;
function Cards({ story }) {
  const { parts, total } = story;
  const kinds = KINDS.map((row) => row.provenance).filter((kind) => parts.some((part) => part.kind === kind));
  const converted = parts.filter(({ kind, also, of }) => kind !== also && !of);
  const divided = parts.filter(({ of }) => of);
  return html`<div class="cards">${kinds.map((kind) => {
    const mine = parts.filter((part) => part.kind === kind);
    const value = mine.reduce((sum, leaf) => sum + leaf.job.jobs_wan, 0);
    // of many parts the largest are named
    const largest = mine.length > MOST_NAMED ? [...mine].sort((a, b) => b.job.jobs_wan - a.job.jobs_wan).slice(0, MOST_NAMED - 1) : mine;
    const [named, others] = [mine.filter((part) => largest.includes(part)), mine.filter((part) => !largest.includes(part))];
    return html`<div class=${`card-kind ${kind}`}>
      <p class="percent">${X(value / total.jobs_wan, "percent", "share of a provenance")}</p>
      <p><${Mark} kind=${kind} /></p>
      <p>${named.map(({ row, job }, i) => html`${i ? t("、", ", ") : ""}${T(row, "name")} ${F(job, "jobs_wan", "part")}`)}${others.length > 0 && t(html`，另有 ${X(others.length, "count", "further parts of a provenance")}\u00a0项共 ${X(others.reduce((sum, part) => sum + part.job.jobs_wan, 0), "part", "jobs of further parts")}`, html` and ${X(others.length, "count", "further parts of a provenance")} more with ${X(others.reduce((sum, part) => sum + part.job.jobs_wan, 0), "part", "jobs of further parts")}`)}${t("：", ": ")}${T(kindRow(kind), "definition")}${t("。", ".")}</p>
    </div>`;
  })}</div>
  <p class="note">${t("各项四舍五入，合计不一定为百分之百。实心为写明的数，斜线为推算，点为假设，交叉线为合成：填充越实，依据越硬。", "Rounded: they need not add up to a hundred. Solid is stated, hatched derived, dotted assumed, crossed synthetic: the more solid the ink, the firmer the ground.")}
  ${converted.map(({ row, kind, also }) => html` ${t(html`${T(row, "name")}里的数是${T(kindRow(kind), "name")}的，把它算作岗位要一个换算：<${Mark} kind=${also} />。`, html`${T(row, "name")}: the count is ${T(kindRow(kind), "name")}, and counting it as jobs takes a conversion: <${Mark} kind=${also} />.`)}`)}
  ${divided.map(({ row, job, kind, also, of }) => {
    const names = of.map((leaf, i) => html`${i ? t("、", ", ") : ""}${T(leaf.row, "name")} ${F(leaf.job, "jobs_wan", "part")}`);
    return html` ${t(html`${T(row, "name")} ${F(job, "jobs_wan", "part")}\u00a0万是${T(kindRow(kind), "name")}的合计；怎么分成${names}，<${Mark} kind=${also} />。`, html`${T(row, "name")}: the total of ${F(job, "jobs_wan", "part")} million is ${T(kindRow(kind), "name")}. How it divides into ${names} is <${Mark} kind=${also} />.`)}`;
  })}</p>`;
}

// the ladder

const LAYER_WORDS = {
  printing: [t2("只允许公布数字的取整变动", "Only the printing of published numbers")],
  open: [t2("报告没有说死的地方", "What the report leaves open")],
  choices: [t2("换一种说得通的做法", "Another defensible method")],
  assumptions: [t2("放开合计，允许我们的假设变动", "Our assumptions vary, and totals are let go")],
  definitions: [t2("换一种定义：重复、全职、净额", "Another definition: overlap, full time, net")],
};
function t2(zh, en) {
  return () => t(zh, en);
}
const layerName = (layer) => (LAYER_WORDS[layer] ? LAYER_WORDS[layer][0]() : layer.replace(/_/g, " "));
const LIMITS = group(rows("uncertainty"), "report_id");
/** Names of inputs, definitions, or decisions where choices vary. */
function inputNames(list, story, layer) {
  const names = (list ?? "").split(", ").filter(Boolean);
  const decision = (name) => layer === "choices" && CHOICES.find((row) => row.method_id === story.method && row.decision_id === name);
  const known = (name) => DEFINITION_ROWS.get(`${story.method}|${name}`) ?? nameOfStep(story.method, name);
  return names.map((name, i) => html`${i ? t("、", ", ") : ""}${decision(name) ? T(decision(name), "decision") : T(known(name), "name")}`);
}

const SHORT_NAMES = {
  printing: ["取整", "printing"], assumptions: ["我们的假设", "our assumptions"],
  open: ["报告没有说死的", "what the report leaves open"], choices: ["做法", "method choices"], definitions: ["定义", "definitions"],
  synthetic: ["合成样本", "the synthetic sample"],
};
const shortName = (layer) => (SHORT_NAMES[layer] ? t(...SHORT_NAMES[layer]) : layer.replace(/_/g, " "));
const LAYER_ORDER = ["printing", "assumptions", "open", "choices", "definitions"];
const KIND_OF_LAYER = { printing: "disclosed", choices: "derived" };
const isWhole = (row) => row.definition_id === "-";
const hasEnds = (row) => row.low_wan !== null || row.high_wan !== null;

function Ladder({ story }) {
  const { report, total, root } = story;
  const mine = (LIMITS.get(report.report_id) ?? []).filter((row) => row.component_id === root);
  const combos = combinationsOf(report).sort((a, b) => a.value - b.value);
  const limitsAre = {
    range: t("极值，没有概率", "extremes, no probability"),
    quantiles_of_assumptions: t("我们的假设的分位数", "quantiles of our assumptions"),
    confidence_limits: t("样本的置信限", "confidence limits of a sample"),
    as_if_random: t("视同逐户随机抽取，概率未知", "as if merchants had been drawn one by one; the probability is not known"),
    range_over_choices: t("各种做法的范围，没有概率", "range over methods, no probability"),
  };
  const list = mine.filter((row) => isWhole(row) && hasEnds(row)).map((row) => {
    const [low, high] = [row.low_wan, row.high_wan];
    return {
      row, low, high, layer: row.layer, kind: KIND_OF_LAYER[row.layer] ?? row.weakest_provenance ?? "assumed",
      title: layerName(row.layer),
      note: html`${limitsAre[row.limits_are] ? html`${limitsAre[row.limits_are]}${t("。", ". ")}` : ""}${t("变动：", "Varies: ")}${inputNames(row.varied_inputs, story, row.layer)}`,
      shownLow: low === null ? t("无下限", "no bound") : F(row, "low_wan", "jobs"),
      shownHigh: high === null ? t("无上限", "no bound") : F(row, "high_wan", "jobs"),
    };
  });
  const made = combos.filter((one) => one.isSynthetic);
  if (made.length) {
    const [low, high] = [made[0].value, made[made.length - 1].value];
    list.push({
      row: null, low, high, layer: "synthetic", kind: "synthetic", title: t("合成样本上的估计，只作演示", "Estimates on the synthetic sample, for demonstration"),
      note: t(html`${X(made.length, "count", "combinations")}\u00a0种组合；没有概率`, html`${X(made.length, "count", "combinations")} combinations; no probability`),
      shownLow: X(low, "jobs", "lowest combination"), shownHigh: X(high, "jobs", "highest combination"),
    });
  }
  if (!list.length) return null;
  const place = (layer) => (LAYER_ORDER.indexOf(layer) + 1 || LAYER_ORDER.length + 1);
  list.sort((a, b) => place(a.layer) - place(b.layer));
  const ends = list.flatMap((one) => [one.low, one.high]).filter((value) => value !== null);
  const [low, high] = niceRange(Math.min(total.jobs_wan, ...ends), Math.max(total.jobs_wan, ...ends), 0.2);
  // a side without a bound goes to the edge of the chart
  const drawnList = list.map((one) => ({ ...one, low: one.low ?? low, high: one.high ?? high, isOpenLow: one.low === null, isOpenHigh: one.high === null }));
  const definitions = mine.filter((row) => !isWhole(row));
  const known = list.filter((one) => one.low !== null && one.high !== null && one.layer !== "synthetic");
  const [least, most] = [known[0], known.reduce((a, b) => (b.high - b.low > a.high - a.low ? b : a), known[0])];
  const title = known.length > 1
    ? t(html`${shortName(least.layer)}的范围宽 ${X(least.high - least.low, "jobs", "width of the first layer")}\u00a0万，${shortName(most.layer)}的宽 ${X(most.high - most.low, "jobs", "width of the widest layer")}\u00a0万`, html`The range of ${shortName(least.layer)} is ${X(least.high - least.low, "jobs", "width of the first layer")} million wide, that of ${shortName(most.layer)} ${X(most.high - most.low, "jobs", "width of the widest layer")}`)
    : t("能差多少，取决于你允许什么变动", "How far it can be off depends on what you allow to vary");
  return html`<${Section} id="ladder" title=${title} lead=${html`${t("能差多少，取决于你允许什么变动。各层分开看，不相加。", "How far it can be off depends on what you allow to vary. The layers stand apart and do not add up. ")}${unitOfTotals()}${t("。", ".")}`}>
    <${Ranges} list=${drawnList} low=${low} high=${high} reference=${{ value: total.jobs_wan, shown: F(total, "jobs_wan", "jobs") }} />
    <p class="note">${t("各层分开列出，从不并成一个“置信区间”：取整是印刷精度，假设范围是我们的假设的分位数，做法的范围没有概率。", "The layers stand apart and are never pooled into one confidence interval: rounding is the precision of print, assumed ranges are quantiles of our assumptions, a range over methods has no probability.")}</p>
    ${definitions.length > 0 && html`<details class="numbers"><summary>${t("每一种定义单独来看", "Each definition by itself")}</summary><ul>${definitions.map((row) => html`<li>${T(DEFINITION_ROWS.get(`${report.method_id}|${row.definition_id}`) ?? unknownRow(row.definition_id), "name")}${t("：", ": ")}${F(row, "low_wan", "jobs")}–${F(row, "high_wan", "jobs")} ${wan()} <${Mark} kind=${row.weakest_provenance} /></li>`)}</ul></details>`}
    <${Numbers} source="fct_uncertainty, fct_choice_combinations" list=${list} columns=${[
      [t("层", "layer"), (row) => row.title, (row) => row.layer],
      [t("低", "low"), (row) => row.shownLow, (row) => row.low],
      [t("高", "high"), (row) => row.shownHigh, (row) => row.high],
      [t("没有动的", "held"), (row) => (row.row?.held_inputs ? inputNames(row.row.held_inputs, story, row.layer) : ""), (row) => row.row?.held_inputs ?? ""],
    ]} />
  </${Section}>`;
}
const DEFINITION_ROWS = keyed(rows("definitions"), "method_id", "definition_id");

// formulas with numbers put in

const SIGNS = { "*": "×", "/": "÷", "-": MINUS, "+": "+" };
/** A formula with the numbers of a chain in it; each underlined as it is provided. */
function Formula({ story, name, element = "-", style = "unit", isWithUnits = true }) {
  const step = stepRow(story.method, name);
  const tokens = step ? (DATA.tokens[`${step.method_id}/${step.step_id}`] ?? []) : [];
  const out = [];
  const putIn = (other) => {
    const list = story.steps.get(other) ?? [];
    const row = list.find((one) => one.element_id === element) ?? list.find((one) => one.element_id === "-");
    if (!row) {
      return list.map((one, i) => {
        const [, word] = inUnit(one.value, one.unit, lang, UNITS, DIGITS[style]);
        return html`${i ? " + " : ""}<span class=${`put ${one.weakest_provenance}`}>${F(one, "value", `${style}:${one.unit}`)}${word && `\u00a0${word}`}</span>`;
      });
    }
    const words = isWithUnits ? unitWords(row.value, row.unit) : "";
    return html`<span class=${`put ${row.weakest_provenance}`}>${F(row, "value", `${style}:${row.unit}`)}${words && html`\u00a0<span class="unit">${words}</span>`}</span>`;
  };
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === "sum" && isName(tokens[i + 2] ?? "") && tokens[i + 3] === ")") {
      out.push(putIn(tokens[i + 2]));
      i += 3;
    } else if (token === "**") {
      const power = tokens[++i];
      out.push(html`<sup>${isName(power) ? putIn(power) : X(Number(power), "exact", "power in a formula")}</sup>`);
    } else if (isName(token)) out.push(putIn(token));
    else if (/^\d/.test(token)) out.push(X(Number(token), "exact", "number in a formula"));
    else if (token in SIGNS) out.push(i && tokens[i - 1] !== "(" ? ` ${SIGNS[token]} ` : SIGNS[token]);
    else out.push(token === "," ? ", " : token);
  }
  return html`<span class="formula">${out}</span>`;
}
const hasElements = (story, name) => (story.steps.get(name) ?? []).some((row) => row.element_id !== "-");

// the trace of a step

function Cell({ row }) {
  if (!row.seed) return null;
  return html`<code>${row.seed.replace(/^seeds\//, "")}${row.seed_line ? html`:<span data-fact=${`${row._at}/seed_line`} data-as="text">${row.seed_line}</span>` : ""}</code>`;
}
function Source({ id }) {
  const source = SOURCES.get(id);
  if (!source) return null;
  const isWeb = /^https?:\/\//.test(source.url ?? "");
  return isWeb ? html`<a href=${source.url} rel="noopener noreferrer">${T(source, "title")}</a>` : T(source, "title");
}
const GMV_PARTS = group(rows("gmv_parts"), "report_id");
/** A number without a line of its own that disclosed ones add up to: each of them, with its line. */
function PartsOf({ story, row }) {
  const parts = GMV_PARTS.get(story.report.report_id) ?? [];
  const sum = parts.reduce((total, part) => total + (part.sign === "-" ? -1 : 1) * part.gmv_yi_yuan, 0);
  if (row.seed_line || row.unit !== "yi_yuan" || !parts.length || Math.abs(sum - row.value) > 1e-6) return null;
  return html`<ul class="parts-of-sum">${parts.map((part) => html`<li>${part.sign === "-" ? MINUS : "+"}\u00a0${U(part, "gmv_yi_yuan", "yi_yuan")} <small><${Source} id=${part.source_id} /> <${Cell} row=${part} /></small></li>`)}</ul>`;
}
function InputLine({ story, name, isPrinted }) {
  const list = story.steps.get(name) ?? [];
  if (!list.length) return null;
  const isStep = !list[0].is_input && !list[0].is_given && stepRow(story.method, name);
  const kind = weakest(list.map((row) => row.weakest_provenance));
  const one = list.length === 1 ? list[0] : null;
  return html`<li>
    <div class="input-name">${isStep ? html`<button type="button" class="link" onClick=${() => go({ trace: name })}>${T(nameOfStep(story.method, name), "name")}</button>` : T(nameOfStep(story.method, name), "name")}
      ${!isStep && html`<small><${Source} id=${list[0].source_id} /> <${Cell} row=${list[0]} /></small>`}</div>
    <div class="input-value">${one ? U(one, "value", one.unit) : html`<details open=${isPrinted}><summary>${t("分段", "By element")}</summary><ul>${list.map((row) => html`<li><code>${row.element_id}</code> ${U(row, "value", row.unit)}</li>`)}</ul></details>`}</div>
    <div><${Mark} kind=${kind} /></div>
    ${one && !isStep ? html`<${PartsOf} story=${story} row=${one} />` : ""}
  </li>`;
}
function Findings({ story, name }) {
  const ids = new Set(story.figuresOf(name).map((row) => row.figure_id));
  const order = { serious: 0, moderate: 1, minor: 2, note: 3 };
  const list = rows("findings")
    .filter((row) => row.report_id === story.report.report_id && (row.affected_figure_ids ?? "").split(" ").some((id) => ids.has(id)))
    .sort((a, b) => (order[a.severity] ?? 9) - (order[b.severity] ?? 9));
  if (!list.length) return null;
  return html`<h4>${t("已知问题", "Known problems")}</h4><ul class="findings">${list.slice(0, 4).map(
    (row) => html`<li><${Severity} value=${row.severity} /><span><a href=${pageLink("findings.html", { at: `${row.report_id}.${row.finding_id}` })}>${T(row, "statement")}</a></span></li>`,
  )}</ul>${list.length > 4 && html`<p class="note"><a href=${pageLink("findings.html")}>${t(html`全部 ${X(list.length, "count", "findings that bear on a step")}\u00a0条`, html`All ${X(list.length, "count", "findings that bear on a step")}`)}</a></p>`}`;
}
const SEVERITY = { serious: [1, "严重", "serious"], moderate: [0.5, "中等", "moderate"], minor: [0, "轻微", "minor"], note: [0, "说明", "note"] };
function Severity({ value }) {
  const [full, zh, en] = SEVERITY[value] ?? SEVERITY.note;
  return html`<span class="severity"><svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><circle cx="6" cy="6" r="5" fill=${full === 1 ? "var(--ink)" : "none"} stroke="var(--ink)" stroke-width="1.5" />${full === 0.5 && html`<path d="M6 1 A5 5 0 0 0 6 11 Z" fill="var(--ink)" />`}</svg><span class="visually-hidden">${t(zh, en)}</span></span>`;
}

function Trace({ story, name, level = 3, isPrinted = false }) {
  const list = story.steps.get(name) ?? [];
  if (!list.length) return null;
  const one = list.length === 1 ? list[0] : null;
  const kind = weakest(list.map((row) => row.weakest_provenance));
  const step = stepRow(story.method, name);
  const isStep = step && !list[0].is_given && !list[0].is_input;
  const limits = (LIMITS.get(story.report.report_id) ?? []).filter((row) => row.component_id === name && isWhole(row) && hasEnds(row));
  const job = story.jobs.get(name);
  const value = job ? formatNumber(job.jobs_wan, "part", lang) : one ? formatNumber(one.value, `unit:${one.unit}`, lang, UNITS) : "";
  return html`<article class="trace">
    ${h(`h${level}`, {}, T(nameOfStep(story.method, name), "name"))}
    <p class="trace-value">${job ? html`<b>${F(job, "jobs_wan", "part")}</b> ${wan()}` : one ? html`<b>${F(one, "value", `unit:${one.unit}`)}</b> ${unitWords(one.value, one.unit)}` : ""}</p>
    <p class="trace-kind"><${Mark} kind=${kind} /></p>
    ${story.figuresOf(name).slice(0, 3).map((row) => html`<p class="printed">${t("报告所印：", "In the report: ")}${T(row, "subject")} <b>${U(row, "published_value", row.unit)}</b>${row.quotation ? html`${t("，原文", ", in its words ")}<q lang="zh-CN">${row.quotation}</q>` : ""} <a href=${pageLink("figures.html", { at: `${row.report_id}.${row.figure_id}` })}>${t("台账", "ledger")}</a>${t("。", ". ")}<${Strength} row=${row} /></p>`)}
    ${isStep && html`<h4>${t("怎么算", "How it is worked out")}</h4>
      ${hasElements(story, name)
        ? html`<ul class="formulas">${list.map((row) => html`<li><code>${row.element_id}</code><${Formula} story=${story} name=${name} element=${row.element_id} isWithUnits=${false} /> = ${F(row, "value", `unit:${row.unit}`)}</li>`)}</ul>`
        : html`<p class="formula-box"><${Formula} story=${story} name=${name} /> = ${one && U(one, "value", one.unit)}</p>`}
      <p class="note"><code data-fact=${`${step._at}/formula`} data-as="text">${step.formula}</code> <${Cell} row=${step} /></p>
      <h4>${t("用到的输入", "What goes in")}</h4>
      <ul class="inputs">${namesIn(step).map((other) => html`<${InputLine} story=${story} name=${other} isPrinted=${isPrinted} />`)}</ul>`}
    ${!isStep && html`<h4>${t("出处", "Where it comes from")}</h4><ul class="inputs"><${InputLine} story=${story} name=${name} isPrinted=${isPrinted} /></ul>`}
    ${limits.length > 0 && html`<h4>${t("能差多少", "How far it can be off")}</h4><ul class="limits">${limits.map((row) => html`<li><b>${row.low_wan === null ? t("无下限", "no bound") : F(row, "low_wan", "part")}\u00a0–\u00a0${row.high_wan === null ? t("无上限", "no bound") : F(row, "high_wan", "part")}</b> ${wan()} <span>${layerName(row.layer)}</span></li>`)}</ul>`}
    <${Findings} story=${story} name=${name} />
    <p class="note place"><code>fct_steps</code> · <code>${story.report.platform_id} ${name}</code> <${Copy} text=${() => citation(value, job ? jobsUnit() : one ? unitWords(one.value, one.unit) : "", kindRow(kind) ? plain(kindRow(kind), "name") : "", story.report, { trace: name })}>${t("复制引文", "Copy as a citation")}</${Copy}></p>
  </article>`;
}
function Strength({ row }) {
  const known = STRENGTHS.find((one) => one.strength === row.strength && one.report_id === row.report_id);
  return known ? html`<span class="strength" title=${plain(known, "definition")}>${T(known, "name")}</span>` : null;
}

// the waterfall

function Waterfall({ story }) {
  const { leaves, total, method, root, report } = story;
  const isWide = useWide();
  const isPrinted = usePrinting();
  const open = state.trace && story.steps.has(state.trace) ? state.trace : null;
  const shown = open ?? mostQuestioned(story);
  const x = (value) => (100 * value) / (total.jobs_wan * 1.28);
  let at = 0;
  const starts = [...story.steps.values()].map((list) => list[0]).filter((row) => INPUT_ROWS.get(row.step_id)?.role === "gmv");
  const lines = [];
  const walk = (id) => {
    const children = childrenOf(method, id);
    const from = at;
    if (!children.length) {
      const leaf = leaves.find((one) => one.row.component_id === id);
      if (!leaf) return;
      at += leaf.job.jobs_wan;
      lines.push({ ...leaf, id, from, to: at });
    } else {
      children.forEach((child) => walk(child.component_id));
      if (id !== root && children.length > 1) lines.push({ id, row: componentsOf(method).find((one) => one.component_id === id), job: story.jobs.get(id), from, to: at, isSum: true });
    }
  };
  walk(root);
  lines.push({ id: root, row: rootOf(method), job: total, from: 0, to: total.jobs_wan, isTotal: true });
  const largest = leaves.reduce((a, b) => (b.job.jobs_wan > a.job.jobs_wan ? b : a));
  const title = t(
    html`最大的一块是${T(largest.row, "name")}：${F(largest.job, "jobs_wan", "jobs")}\u00a0万，占 ${X(largest.job.jobs_wan / total.jobs_wan, "percent", "share of the largest part")}`,
    html`The largest part is ${T(largest.row, "name")}: ${F(largest.job, "jobs_wan", "jobs")} million, ${X(largest.job.jobs_wan / total.jobs_wan, "percent", "share of the largest part")} of it`,
  );
  return html`<${Section} id="sum" title=${title} lead=${html`${t("点任一条，看它怎么算、用了什么、哪里有问题。", "Choose a bar to see how it is worked out, what goes in and what is wrong with it. ")}${unitOfTotals()}${t("。", ".")}`}>
    <div class="two">
      <div class="waterfall">
        ${starts.map((row) => html`<div class="water-row"><button type="button" class="water" aria-expanded=${shown === row.step_id} onClick=${() => go({ trace: row.step_id })}>
          <span class="water-name"><b>${T(nameOfStep(method, row.step_id), "name")}</b></span>
          <span class="water-start">${U(row, "value", row.unit)} <${Mark} kind=${row.weakest_provenance} /></span></button>
          ${!isWide && shown === row.step_id && open && html`<${Trace} story=${story} name=${row.step_id} />`}</div>`)}
        ${lines.map((line) => html`<div class="water-row"><button type="button" class=${`water${line.isSum ? " sub" : ""}`} aria-expanded=${shown === line.id} onClick=${() => go({ trace: line.id })}>
          <span class="water-name"><b>${T(line.row, "name")}</b>${!line.isSum && !line.isTotal && html`<small><${Formula} story=${story} name=${line.id} style="short" /></small>`}</span>
          <span class="water-bar">
            <svg width="100%" height=${line.isSum ? 14 : 30} aria-hidden="true">
              ${line.isSum
                ? html`<line x1=${pct(x(line.from))} x2=${pct(x(line.to))} y1="8" y2="8" stroke="var(--second)" />`
                : line.isTotal
                  ? partsPlaced(story.parts, lines).map((one) => html`<${Bar} from=${x(one.from)} to=${x(one.to)} kind=${one.kind} height=${28} y=${1} />`)
                  : html`<${Bar} from=${x(line.from)} to=${x(line.to)} kind=${line.kind} height=${28} y=${1} />`}
            </svg>
            <span class="water-value" style=${`left:min(${pct(x(line.to))}, calc(100% - 3.4em))`}>${line.isSum ? "= " : ""}${F(line.job, "jobs_wan", line.isTotal ? "jobs" : "part")}${!line.isSum && !line.isTotal ? html`<span class="visually-hidden"> ${plain(kindRow(line.kind), "name")}</span>` : ""}</span>
          </span></button>
          ${!isWide && open && shown === line.id && html`<${Trace} story=${story} name=${line.id} />`}</div>`)}
        ${!isWide && open && !lines.some((line) => line.id === open) && !starts.some((row) => row.step_id === open) && html`<${Trace} story=${story} name=${open} />`}
        <${Swings} story=${story} />
      </div>
      ${isWide && html`<aside class="panel trace-panel" aria-label=${t("一步的来历", "The trace of a step")} aria-live="polite">${!lines.some((line) => line.id === shown) && html`<button type="button" class="quiet" onClick=${() => history.back()}>← ${t("返回", "Back")}</button>`}<${Trace} story=${story} name=${shown} /></aside>`}
    </div>
    ${isPrinted && html`<div class="print-only">${tracesOf(story, lines).map((name) => html`<${Trace} key=${name} story=${story} name=${name} isPrinted=${true} />`)}</div>`}
    <${Numbers} source="fct_jobs, fct_job_totals" list=${lines} columns=${[
      [t("部分", "part"), (line) => T(line.row, "name"), (line) => plain(line.row, "name")],
      [t("万个就业机会", "million jobs"), (line) => F(line.job, "jobs_wan", "part"), (line) => line.job.jobs_wan],
      [t("依据", "rests on"), (line) => html`<${Mark} kind=${line.job.weakest_provenance} />`, (line) => line.job.weakest_provenance],
    ]} />
  </${Section}>`;
}
/** What is printed: the lines of the waterfall, then every step behind them. */
const tracesOf = (story, lines) => {
  const behind = (STEP_ROWS.get(story.method) ?? []).map((row) => row.step_id).filter((name) => everythingBehind(story.method, story.root).has(name));
  return [...new Set([...lines.map((line) => line.id), ...behind])].filter((name) => story.steps.has(name));
};
/** Whether the page is on its way to paper: what only paper shows is drawn then. */
function usePrinting() {
  const [isPrinted, setPrinted] = useState(() => matchMedia("print").matches);
  useEffect(() => {
    const paper = matchMedia("print");
    const listener = () => setPrinted(paper.matches);
    const [before, after] = [() => setPrinted(true), () => setPrinted(false)];
    paper.addEventListener("change", listener);
    addEventListener("beforeprint", before);
    addEventListener("afterprint", after);
    return () => {
      paper.removeEventListener("change", listener);
      removeEventListener("beforeprint", before);
      removeEventListener("afterprint", after);
    };
  }, []);
  return isPrinted;
}

/** The part that most findings bear on: what one would ask about first. */
function mostQuestioned(story) {
  const count = (leaf) => {
    const ids = new Set(story.figuresOf(leaf.row.component_id).map((row) => row.figure_id));
    return rows("findings").filter((row) => row.report_id === story.report.report_id && (row.affected_figure_ids ?? "").split(" ").some((id) => ids.has(id))).length;
  };
  return story.leaves.reduce((a, b) => (count(b) > count(a) ? b : a)).row.component_id;
}
/** The parts of the total where their bars stand. */
const partsPlaced = (parts, lines) =>
  parts.map((part) => {
    const mine = lines.filter((line) => !line.isTotal && (part.of ?? [part]).some((leaf) => leaf.row === line.row));
    return { kind: part.kind, from: mine[0].from, to: mine[mine.length - 1].to };
  });

function useWide(width = "(min-width: 1081px)") {
  const query = useMemo(() => matchMedia(width), [width]);
  const [isWide, setWide] = useState(query.matches);
  useEffect(() => {
    const listener = () => setWide(query.matches);
    query.addEventListener("change", listener);
    return () => query.removeEventListener("change", listener);
  }, [query]);
  return isWide;
}

const SWINGS = group(rows("swings"), "report_id");
function Swings({ story }) {
  const list = (SWINGS.get(story.report.report_id) ?? []).filter((row) => row.total_at_low_wan !== null);
  if (!list.length) return null;
  const ends = list.flatMap((row) => [row.total_at_low_wan, row.total_at_high_wan]);
  const [low, high] = niceRange(Math.min(...ends), Math.max(...ends), 0.22);
  const x = linear(low, high);
  const largest = list[0];
  // where totals differ in digits that are not shown, the change of the total is
  const isChange = Math.max(...ends) - Math.min(...ends) < 50;
  const end = (row, column) => (isChange ? X(row[column] - story.total.jobs_wan, "part", `change of the total: ${column}`) : F(row, column, "jobs"));
  return html`<div class="swings"><h3>${t(html`单独动一个输入：${T(largest, "name")}影响最大`, html`One input at a time: ${T(largest, "name")} moves the total most`)}</h3>
    ${list.map((row) => {
      const [from, to] = row.total_at_low_wan < row.total_at_high_wan ? ["total_at_low_wan", "total_at_high_wan"] : ["total_at_high_wan", "total_at_low_wan"];
      return html`<div class="swing"><span class="swing-name">${T(row, "name")}<small class="visually-hidden"><${Mark} kind=${row.provenance} /></small></span>
        <span class="swing-bar"><svg width="100%" height="20" aria-hidden="true"><${Bar} from=${x(row[from])} to=${x(row[to])} kind=${row.provenance ?? weakest((story.steps.get(row.input_name) ?? []).map((one) => one.weakest_provenance))} height=${14} y=${3} />
          <line x1=${pct(x(story.total.jobs_wan))} x2=${pct(x(story.total.jobs_wan))} y1="0" y2="20" stroke="var(--ink)" stroke-width="1.2" /></svg>
        <span class="range-low" style=${`right:min(${pct(100 - x(row[from]))}, calc(100% - 3.4em))`}>${end(row, from)}</span><span class="range-high" style=${`left:min(${pct(x(row[to]))}, calc(100% - 3.4em))`}>${end(row, to)}</span></span></div>`;
    })}
    ${isChange && html`<p class="note">${t("所示为总量的变动：", "What is shown is the change of the total: ")}${jobsUnit()}${t("。", ".")}</p>`}
    <${Numbers} source="fct_swings" list=${list} columns=${[
      [t("输入", "input"), (row) => T(row, "name"), (row) => plain(row, "name")],
      [t("取低值时的总量", "total at its low"), (row) => F(row, "total_at_low_wan", "part"), (row) => row.total_at_low_wan],
      [t("取高值时的总量", "total at its high"), (row) => F(row, "total_at_high_wan", "part"), (row) => row.total_at_high_wan],
      [t("依据", "rests on"), (row) => html`<${Mark} kind=${row.provenance} />`, (row) => row.provenance],
    ]} /></div>`;
}

function Page() {
  const report = reportOf();
  const story = useMemo(() => storyOf(report), [report, lang]);
  counted = report.unit_counted ?? "jobs";
  return html`<${Head} story=${story} /><${Ladder} story=${story} /><${Waterfall} story=${story} /><${WhatIf} story=${story} /><${Choices} story=${story} />`;
}
start(Page);
