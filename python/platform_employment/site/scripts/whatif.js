"use strict";
// What if a number were another: a control for each input, a river to the total, limits anew.

const WITHIN = { positive: [1e-9, Infinity], not_negative: [0, Infinity], share: [0, 1], any: [-Infinity, Infinity] };
const nice = (value, step) => Number((Math.round(value / step) * step).toPrecision(12));

/** What the reader set, by input or input/element, from the address and back. */
const readSet = (text) =>
  Object.fromEntries((text ?? "").split(",").filter(Boolean).map((pair) => {
    const at = pair.lastIndexOf(":");
    return [pair.slice(0, at), Number(pair.slice(at + 1))];
  }).filter(([, value]) => Number.isFinite(value)));
const writeSet = (set) => Object.entries(set).map(([name, value]) => `${name}:${value}`).join(",") || null;

/** The chain that the reader looks at: another window or scenario of the report's platform. */
function chosenChain(report) {
  const key = `${report.platform_id}|${state.window ?? report.window_end}|${state.scenario ?? report.scenario_id}`;
  const found = CHAIN_OF.get(key);
  const chain = found && found.method_id === report.method_id && isEstimated(found) ? found : CHAIN_OF.get(chainKey(report));
  const own = [...readPairs(state.choices)].filter(([decision, option]) => decisionsOf(chain).get(decision)?.some((row) => row.option_id === option));
  const taken = new Map([...choicesOf(chain), ...own]);
  return own.length && isValid(chain, taken) ? chainOfChoices(chain, taken) : chain;
}
const mayBe = (method, name, value) => {
  const [least, most] = WITHIN[(INPUT_ROWS.get(name) ?? stepRow(method, name))?.must_be] ?? WITHIN.any;
  return value >= least && value <= most;
};
/** A step that values make something that it must not be, such as a productivity below zero. */
const brokenBy = (method, found) => (STEP_ROWS.get(method) ?? []).find((row) => row.step_id in found && typeof found[row.step_id] === "number" && !mayBe(method, row.step_id, found[row.step_id]));
/** What the reader set, and what of the address cannot be taken with the rest of it. */
function readAddress(report, chain) {
  const refused = [];
  if (state.window && state.window !== chain.window_end) refused.push(`window=${state.window}`);
  if (state.scenario && !state.choices && state.scenario !== chain.scenario_id) refused.push(`scenario=${state.scenario}`);
  for (const [decision, option] of readPairs(state.choices)) if (choicesOf(chain).get(decision) !== option) refused.push(`${decision}=${option}`);
  const known = new Set(inputsOf(chain).map(keyOf));
  const isKnown = ([key, value]) => (known.has(key) || isGivable(chain, key)) && mayBe(chain.method_id, key.split("/")[0], value);
  let set = Object.fromEntries(Object.entries(readSet(state.set)).filter(isKnown));
  const found = workedOut(chain, set);
  if (!Number.isFinite(found[rootOf(chain.method_id).component_id]) || brokenBy(chain.method_id, found)) set = {};
  refused.push(...(state.set ?? "").split(",").filter((pair) => pair && !(pair.slice(0, pair.lastIndexOf(":")) in set)));
  const steps = STEPS.get(report.report_id) ?? [];
  if (state.trace && !steps.some((row) => row.step_id === state.trace)) refused.push(`trace=${state.trace}`);
  if (state.show && !rows("findings").some((row) => row.report_id === report.report_id && row.finding_id === state.show)) refused.push(`show=${state.show}`);
  return { set, refused };
}
/** The chain of the report's own scenario in the window of another one. */
const reportChain = (report, chain) => CHAIN_OF.get(`${chain.platform_id}|${chain.window_end}|${report.scenario_id}`) ?? CHAIN_OF.get(chainKey(report));
/** A chain as the address has it: a scenario, or the choices by which it differs from the report. */
function stateOf(report, chain) {
  if (chain.scenario_id !== null) return { scenario: chain.scenario_id === report.scenario_id ? null : chain.scenario_id, choices: null };
  const own = choicesOf(reportChain(report, chain));
  return { scenario: null, choices: writePairs([...choicesOf(chain)].filter(([decision, option]) => own.get(decision) !== option), ",") || null };
}

/**
 * A value that a scenario holds to a total does not move it: then the scenario that lets the total
 * go is the one to look at. It is found by trying, so no scenario is known by name.
 */
function chainThatMoves(chain, set, key) {
  const root = rootOf(chain.method_id).component_id;
  const without = { ...set };
  delete without[key];
  const moves = (one) => {
    const [a, b] = [workedOut(one, set)[root], workedOut(one, without)[root]];
    return Math.abs(a - b) > 0.005; // less is the rounding of parts
  };
  if (moves(chain)) return chain;
  const options = chain.scenario_id === null ? [...decisionsOf(chain)].flatMap(([decision, list]) => list.map((row) => new Map(choicesOf(chain)).set(decision, row.option_id))) : [];
  const made = options.filter((taken) => isValid(reportChain(reportOf(), chain), taken)).map((taken) => chainOfChoices(reportChain(reportOf(), chain), taken)).filter((one) => one !== chain);
  const others = chain.scenario_id === null ? made : CHAINS.filter((one) => one !== chain && one.platform_id === chain.platform_id && one.window_end === chain.window_end && one.method_id === chain.method_id && isEstimated(one));
  const distance = (one) => {
    const [mine, theirs] = [valuesOf(chain), valuesOf(one)].map((values) => JSON.stringify(values));
    return mine === theirs ? 0 : inputsOf(one).filter((cell) => !inputsOf(chain).includes(cell)).length + 1;
  };
  return others.filter(moves).sort((a, b) => distance(a) - distance(b))[0] ?? chain;
}

/** The range of a slider: where the value may lie and as much again on each side. */
function boundsOf(cell, mustBe) {
  const { low, central, high } = cell;
  const [least, most] = WITHIN[mustBe] ?? WITHIN.any;
  const isWide = isVaried(cell) && cell.uncertainty_kind !== "rounding";
  let from = isWide ? low - (central - low) : Math.min(0.5 * central, 1.5 * central);
  let to = isWide ? high + (high - central) : Math.max(0.5 * central, 1.5 * central);
  if (central === 0) [from, to] = [0, 1];
  from = Math.max(from, least === 1e-9 ? central / 100 : least);
  to = Math.min(to, most);
  const raw = (to - from) / 200 || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((n) => n * power).find((one) => one >= raw);
  return { from, to, step };
}

function Hill({ cell, bounds }) {
  if (!isVaried(cell) || cell.uncertainty_kind === "rounding") return null;
  const x = linear(bounds.from, bounds.to);
  const kind = cell.provenance;
  const [a, b, c] = [cell.low, cell.central, cell.high].map((value) => x(value));
  return html`<svg class="hill" viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true">
    <path d=${`M${a} 16 L${b} 2 L${c} 16 Z`} ...${FILLS[kind]} vector-effect="non-scaling-stroke" /></svg>`;
}

/** One number of the reader: a slider, and a field for an exact value. */
function Control({ cell, name, element, value, isSet, onSet, method, found }) {
  const input = INPUT_ROWS.get(name) ?? stepRow(method, name);
  // a factor is shown as what it makes of a table: people of a team, and not times the table
  const read = readerStep(method, name);
  const readValue = read ? readerValue(read, found) : value;
  const unit = read ? read.unit : input.unit;
  const bounds = boundsOf(cell, input.must_be);
  const key = element === "-" ? name : `${name}/${element}`;
  const id = `set-${key.replace(/[^a-z0-9]/gi, "-")}`;
  const label = element === "-" ? T(input, "name") : html`<code>${element}</code>`;
  const x = linear(bounds.from, bounds.to);
  const style = `${read ? "short" : "unit"}:${unit}`;
  const words = unitWords(readValue, unit);
  const shown = formatNumber(readValue, style, lang, UNITS);
  return html`<div class=${`control${isSet ? " is-set" : ""}`}>
    <label for=${id}>${label}</label>
    <div class="slider">
      <${Hill} cell=${cell} bounds=${bounds} />
      <span class=${`was ${cell.provenance}`} style=${`left:${pct(x(cell.central))}`}></span>
      <input id=${id} type="range" min=${bounds.from} max=${bounds.to} step="any" value=${value} aria-valuetext=${`${shown} ${words}`}
        onInput=${(event) => onSet(key, nice(Number(event.target.value), bounds.step), cell.central)}
        onKeyDown=${(event) => {
          const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
          if (!by) return;
          event.preventDefault();
          onSet(key, Math.min(bounds.to, Math.max(bounds.from, nice(value + by * bounds.step, bounds.step))), cell.central);
        }} />
    </div>
    <output for=${id}>${unit === "factor" ? "×" : ""}${X(readValue, style, `value:${key}`)}${words && "\u00a0"}<span class="unit">${words}</span></output>
    <details class="exact"><summary>${t("输入", "Type")}</summary><label class="field"><span>${T(input, "name")} <span class="unit">(${unitName(unit)})</span></span>
      <input type="number" step="any" value=${Number(readValue.toPrecision(8))} onChange=${(event) => {
        const number = (Number(event.target.value) * value) / (readValue || 1);
        const [least, most] = WITHIN[input.must_be] ?? WITHIN.any;
        if (event.target.value !== "" && Number.isFinite(number) && number >= least && number <= most) onSet(key, number, cell.central);
      }} /></label></details>
  </div>`;
}

/** What a word like 万 stands for is no number that could be another. */
const isDefinition = (name) => INPUT_ROWS.get(name)?.role === "conversion" && UNITS[INPUT_ROWS.get(name).unit]?.dimension === "1";

/** The state that shows a finding: what its row wants changed, in the report's own scenario. */
function stateThatShows(report, finding) {
  const wanted = readPairs(finding.what_if);
  const later = rows("reports").filter((one) => one.platform_id === report.platform_id && one.window_end > report.window_end).map((one) => one.window_end).sort()[0];
  const window = wanted.get("window") === "later_report" ? (later ?? null) : null;
  const base = CHAIN_OF.get(`${report.platform_id}|${window ?? report.window_end}|${report.scenario_id}`);
  if (!base) return {};
  let taken = choicesOf(base);
  const decisions = group(OPTION_ROWS.get(report.method_id) ?? [], "decision_id");
  for (const [name, value] of wanted) if (decisions.has(name)) taken = withOption(base, taken, name, value) ?? taken;
  const found = workedOut(base);
  const set = {};
  for (const [name, value] of wanted) {
    if (decisions.has(name) || name === "window") continue;
    const cell = inputsOf(base).find((one) => one.input_name === name && one.element_id === "-");
    const now = cell ? cell.central : found[name];
    const next = value === "by_value" ? now * (1 + finding.value / 100) : value.endsWith("%") ? (now * Number(value.slice(0, -1))) / 100 : cell?.[value] ?? Number(value);
    if (Number.isFinite(next)) set[name] = Number(next.toPrecision(12));
  }
  return { ...stateOf(report, chainOfChoices(base, taken)), window, set: writeSet(set) };
}
/** The finding that brought a reader here. */
function Shown({ report }) {
  const finding = rows("findings").find((row) => row.report_id === report.report_id && row.finding_id === state.show);
  useEffect(() => {
    if (finding?.what_if && !["set", "choices", "scenario", "window"].some((name) => state[name])) go(stateThatShows(report, finding), true);
  }, [finding]);
  return finding ? html`<p class="switched">${t("方法发现：", "A finding on the method: ")}${T(finding, "statement")} <a href=${pageLink("findings.html", { at: `${finding.report_id}.${finding.finding_id}` })}>${t("回到发现", "Back to it")}</a></p>` : null;
}

/** All names of a method that a step is worked out from, those included that a chain has as given. */
const everythingBehind = (method, name, found = new Set()) => {
  if (!found.has(name)) {
    found.add(name);
    const step = stepRow(method, name);
    if (step) namesIn(step).forEach((other) => everythingBehind(method, other, found));
  }
  return found;
};
/** The names of a method whose value the options of a decision decide. */
function decidedBy(list) {
  const options = new Set(list.map((row) => `${row.decision_id}=${row.option_id}`));
  return new Set(OFFERED.filter((row) => row.options.some((option) => options.has(option))).map((row) => row.input_name));
}
/** A decision of the method: its options, the report's among them. */
function Choice({ decision, list, value, isSet, onChoose }) {
  const id = `choose-${decision}`;
  const taken = list.find((row) => row.option_id === value);
  const groups = [
    [t("报告的做法", "The choice of the report"), list.filter((row) => row.is_report)],
    [t("别的说得通的做法", "Others that can be defended"), list.filter((row) => !row.is_report && row.is_defensible)],
    [t("说不通的做法", "Not defensible"), list.filter((row) => !row.is_report && !row.is_defensible)],
  ];
  // a name that a narrow control would cut stands below it in full
  const isLong = taken && [...plain(taken, "name")].reduce((n, letter) => n + (letter > "\u2e7f" ? 2 : 1), 0) > 36;
  return html`<div class=${`control choice${isSet ? " is-set" : ""}`}><label for=${id}>${T(list[0], "decision")}</label>
    <select id=${id} value=${value} onChange=${(event) => onChoose(decision, event.target.value)}>${groups.map(([label, mine]) => mine.length > 0 && html`<optgroup label=${label}>${mine.map((row) => html`<option value=${row.option_id} selected=${row.option_id === value}>${plain(row, "name")}</option>`)}</optgroup>`)}</select>
    ${taken && (isLong || !taken.is_defensible) && html`<p class="note taken">${isLong ? html`${T(taken, "name")}${t("。", ". ")}` : ""}${taken.is_defensible ? "" : html`<i>${t("说不通", "not defensible")}</i>${taken.reason_zh ? html`${t("：", ": ")}${T(taken, "reason")}` : ""}`}</p>`}</div>`;
}
/** What the choices of the reader set, and which numbers they exchange. */
function Chosen({ report, chain }) {
  const base = reportChain(report, chain);
  if (!base || base === chain) return null;
  const [own, mine] = [choicesOf(base), choicesOf(chain)];
  const changed = optionsTaken(chain, mine).filter((row) => own.get(row.decision_id) !== row.option_id);
  if (!changed.length) return null;
  const [before, after] = [workedOut(base), workedOut(chain)];
  const moved = (STEP_ROWS.get(chain.method_id) ?? []).filter((row) => row.element_set === "-" && !row.component_id && Number.isFinite(before[row.step_id]) && Number.isFinite(after[row.step_id]) && Math.abs(after[row.step_id] - before[row.step_id]) > 1e-9 * Math.abs(before[row.step_id]));
  return html`<div class="switched" role="status"><ul class="chosen">${changed.map((row) => html`<li><b>${T(row, "decision")}</b>${t("：", ": ")}${row.provenance ? html`<${Glyph} kind=${row.provenance} /> ` : ""}${T(row, "name")}${t("。", ". ")}<span class="note">${t("设定 ", "Sets ")}${[...readPairs(row.sets)].map(([name, value], i) => html`${i ? " " : ""}<code>${name}=${value}</code>`)}${t("。", ". ")}${T(row, "reason")}${t("。", ".")}</span></li>`)}</ul>
    ${moved.length > 0 && html`<p class="note">${t("于是：", "So: ")}${moved.map((row, i) => html`${i ? t("；", "; ") : ""}${T(row, "name")} ${X(before[row.step_id], `short:${row.unit}`, `before:${row.step_id}`)} → <b>${X(after[row.step_id], `short:${row.unit}`, `after:${row.step_id}`)}</b> <span class="unit">${unitWords(after[row.step_id], row.unit)}</span>`)}${t("。", ".")}</p>`}</div>`;
}

function WhatIf({ story }) {
  const { report, method, root } = story;
  const chain = chosenChain(report);
  const { set, refused: ofAddress } = readAddress(report, chain);
  const [refused, setRefused] = useState(null);
  const baseChain = CHAIN_OF.get(chainKey(report));
  const found = workedOut(chain, set);
  const reportTotal = story.total.jobs_wan;
  const isGiven = (name) => inputsOf(chain).some((cell) => cell.input_name === name);
  const leaves = leavesOf(method).filter((row) => Number.isFinite(found[row.component_id]));
  const cellsBy = group(inputsOf(chain), "input_name");
  // an input stands with the part that it makes, not with others that only share its scale
  const isScale = (name) => stepRow(method, name)?.role === "scale";
  const placedWith = new Map();
  for (const stop of [(name) => isGiven(name) || isScale(name), isGiven]) {
    for (const row of leaves) for (const name of restsOn(method, row.component_id, stop)) if (!placedWith.has(name)) placedWith.set(name, row);
  }
  const taken = new Set();
  const decisions = decisionsOf(chain);
  const placed = new Set();
  const groups = leaves.map((row) => {
    const names = [...restsOn(method, row.component_id, isGiven)].filter((name) => placedWith.get(name) === row && cellsBy.has(name) && !isDefinition(name));
    names.forEach((name) => taken.add(name));
    const on = [...restsOn(method, row.component_id, isGiven)].filter((name) => cellsBy.has(name));
    const counted = on.filter((name) => INPUT_ROWS.get(name)?.role !== "conversion");
    const kind = weakest((counted.length ? counted : on).flatMap((name) => cellsBy.get(name).map((cell) => cell.provenance)));
    const behind = everythingBehind(method, row.component_id);
    const steps = [...behind].filter((name) => isGivable(chain, name) && Number.isFinite(found[name]) && stepRow(method, name).element_set === "-" && !taken.has(name));
    steps.forEach((name) => taken.add(name));
    const choices = [...decisions].filter(([decision, list]) => list.length > 1 && !placed.has(decision) && [...decidedBy(list)].some((name) => behind.has(name)));
    choices.forEach(([decision]) => placed.add(decision));
    return { row, names, steps, choices, kind, value: found[row.component_id] };
  });
  const setOne = (key, value, central) => {
    const next = { ...set, [key]: value };
    if (value === central) delete next[key];
    const moved = key in next ? chainThatMoves(chain, next, key) : chain;
    const broken = brokenBy(method, workedOut(moved, next));
    setRefused(broken ?? null);
    if (!broken) go({ set: writeSet(next), ...stateOf(report, moved) }, true);
  };
  const choose = (decision, option) => {
    const own = reportChain(report, chain);
    const next = withOption(own, choicesOf(chain), decision, option);
    setRefused(next ? null : {});
    if (next) go({ set: writeSet(set), ...stateOf(report, chainOfChoices(own, next)) });
  };
  const siblings = CHAINS.filter((one) => one.platform_id === chain.platform_id && one.method_id === method && isEstimated(one));
  const chips = siblings.filter((one) => one.window_end === chain.window_end).sort((a, b) => (b.scenario_id === report.scenario_id) - (a.scenario_id === report.scenario_id));
  const windows = [...new Set(siblings.filter((one) => one.scenario_id === chain.scenario_id).map((one) => one.window_end))];
  const isWhole = Object.keys(set).length === 0 && chain === baseChain;
  const river = useRef();
  const stepCell = (name) => {
    const without = { ...set };
    delete without[name];
    const behind = [...restsOn(method, name, isGiven)].flatMap((other) => (cellsBy.get(other) ?? []).map((cell) => cell.provenance));
    return { input_name: name, element_id: "-", low: null, central: workedOut(chain, without)[name], high: null, provenance: weakest(["derived", ...behind]) };
  };
  return html`<${Section} id="what-if" title=${t("如果这些数不一样呢？", "What if these numbers were different?")}
      lead=${t("拖动任一项，总量与范围按仓库同样的算式重算。滑轨上的山形是我们假设的范围，竖线是所用的值。", "Move any of them: the total and its range are worked out anew with the arithmetic of the warehouse. The hill on a track is the range that we assume, the tick is the value in use.")}>
    ${chips.length > 1 && html`<div class="chips" role="group" aria-label=${t("情景", "Scenarios")}>${chips.map((one) => {
      const scenario = scenarioOf(one);
      return html`<button type="button" class="chip" aria-pressed=${one === chain} data-chain=${chainKey(one)} onClick=${() => go({ ...stateOf(report, one), set: null })}>${scenario.provenance === "synthetic" ? html`<${Glyph} kind="synthetic" />` : ""}${T(scenario, "name")}</button>`;
    })}</div>`}
    ${windows.length > 1 && html`<p class="window-choice"><label for="window">${t("哪十二个月", "Which twelve months")}</label> <select id="window" value=${chain.window_end} onChange=${(event) => go({ window: event.target.value === report.window_end ? null : event.target.value, set: null })}>${windows.map((end) => html`<option value=${end} selected=${end === chain.window_end}>${t(`截至 ${end}`, `to ${end}`)}${end === report.window_end ? t("（报告）", " (the report)") : ""}</option>`)}</select> ${chain.window_end !== report.window_end && html`<span class="note">${t("报告以外的窗口是外推。", "A window other than the report's is extrapolated.")}</span>`}</p>`}
    ${chain.scenario_id !== null && chain.scenario_id !== report.scenario_id && html`<p class="switched" role="status">${t("现在的情景：", "The scenario now: ")}<b>${T(scenarioOf(chain), "name")}</b>${t("。", ". ")}${T(scenarioOf(chain), "description")}</p>`}
    <${Shown} report=${report} />
    <${Chosen} report=${report} chain=${chain} />
    ${ofAddress.length > 0 && html`<p class="switched" role="status">${t("地址里的这些取值没有采用，因为这个发布里没有，或与其余取值合不到一起：", "These values of the address are not taken: this release has none such, or they do not go together with the rest: ")}${ofAddress.map((one, i) => html`${i ? t("、", ", ") : ""}<code>${one}</code>`)}${t("。", ".")}</p>`}
    ${refused && html`<p class="switched" role="status">${refused.step_id ? t(html`没有采用：这样取值，${T(refused, "name")}就不成立了。`, html`Not taken: with this value ${T(refused, "name")} would be what it cannot be.`) : t("没有采用：这个选择与现在的其他选择合不到一起。", "Not taken: this choice goes together with no others.")}</p>`}
    <div class="what-if" ref=${river}>
      <div class="controls">${groups.map(({ row, names, steps, choices, kind, value }) => html`<fieldset class=${`part ${kind}`} data-part=${row.component_id}>
        <legend class="visually-hidden">${T(row, "name")}</legend>
        <div class="part-head"><div><b>${T(row, "name")}</b> <${Mark} kind=${kind} /></div><p class="part-value">${X(value, "part", `jobs:${row.component_id}`)} <span class="unit">${wan()}</span></p></div>
        ${choices.map(([decision, list]) => html`<${Choice} decision=${decision} list=${list} value=${choicesOf(chain).get(decision)} isSet=${choicesOf(baseChain).get(decision) !== choicesOf(chain).get(decision)} onChoose=${choose} />`)}
        ${steps.map((name) => html`<${Control} method=${method} found=${found} cell=${stepCell(name)} name=${name} element="-" value=${found[name]} isSet=${name in set} onSet=${setOne} />`)}
        ${names.map((name) => {
          const cells = cellsBy.get(name);
          if (cells.length === 1 && cells[0].element_id === "-") {
            return html`<${Control} method=${method} found=${found} cell=${cells[0]} name=${name} element="-" value=${set[name] ?? cells[0].central} isSet=${name in set} onSet=${setOne} />`;
          }
          const isOpen = cells.some((cell) => `${name}/${cell.element_id}` in set);
          return html`<details class="elements" open=${isOpen}><summary>${T(INPUT_ROWS.get(name) ?? stepRow(method, name), "name")}</summary>
            ${cells.map((cell) => html`<${Control} method=${method} found=${found} cell=${cell} name=${name} element=${cell.element_id} value=${set[`${name}/${cell.element_id}`] ?? cell.central} isSet=${`${name}/${cell.element_id}` in set} onSet=${setOne} />`)}</details>`;
        })}
        ${names.length + steps.length + choices.length === 0 && html`<p class="note">${t("只随别的部分变动。", "Moves with other parts alone.")}</p>`}
      </fieldset>`)}</div>
      <${River} groups=${groups} total=${found[root]} frame=${river} />
      <aside class="panel result" aria-label=${t("结果", "The result")}><${Result} story=${story} chain=${chain} set=${set} found=${found} isWhole=${isWhole} /></aside>
    </div>
    <${Numbers} source="fct_jobs" list=${groups} columns=${[
      [t("部分", "part"), ({ row }) => T(row, "name"), ({ row }) => plain(row, "name")],
      [t(`现在，${jobsUnit()}`, `now, ${jobsUnit()}`), ({ row, value }) => X(value, "part", `jobs:${row.component_id}`), ({ value }) => value],
      [t("报告", "report"), ({ row }) => (story.jobs.get(row.component_id) ? F(story.jobs.get(row.component_id), "jobs_wan", "part") : "–"), ({ row }) => story.jobs.get(row.component_id)?.jobs_wan ?? null],
      [t("依据", "rests on"), ({ kind }) => html`<${Mark} kind=${kind} />`, ({ kind }) => kind],
    ]} />
    <${Thresholds} story=${story} chain=${chain} set=${set} total=${found[root]} />
  </${Section}>`;
}

/** From each part to its share of the total; drawn where there is room for two columns. */
function River({ groups, total, frame }) {
  const [places, setPlaces] = useState(null);
  useLayoutEffect(() => {
    const measure = () => {
      const box = frame.current?.getBoundingClientRect();
      const parts = [...(frame.current?.querySelectorAll("[data-part]") ?? [])].map((part) => part.getBoundingClientRect());
      const gap = frame.current?.querySelector(".river")?.getBoundingClientRect();
      if (!box || !gap || gap.width < 40) return setPlaces(null);
      setPlaces({ width: gap.width, height: box.height, parts: parts.map((part) => [part.top - box.top, part.bottom - box.top]) });
    };
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(frame.current);
    frame.current.querySelectorAll("[data-part]").forEach((part) => watch.observe(part));
    return () => watch.disconnect();
  }, [groups.length]);
  const paths = [];
  if (places && places.parts.length === groups.length) {
    const tall = Math.min(340, places.height * 0.6);
    const scale = tall / Math.max(total, 1e-9);
    let to = 40;
    groups.forEach(({ value, kind }, i) => {
      const thick = Math.max(value * scale, 0.5);
      const [top, bottom] = places.parts[i];
      const mid = (top + bottom) / 2;
      const from = mid - Math.min(thick, bottom - top) / 2;
      const left = Math.min(thick, bottom - top);
      const w = places.width;
      const bend = w / 2;
      paths.push(html`<path d=${`M0 ${from} C${bend} ${from} ${bend} ${to} ${w} ${to} L${w} ${to + thick} C${bend} ${to + thick} ${bend} ${from + left} 0 ${from + left} Z`} fill=${FILLS[kind].fill} fill-opacity="0.9" />`);
      to += thick;
    });
  }
  return html`<div class="river" aria-hidden="true">${places && html`<svg width=${places.width} height=${places.height}>${paths}</svg>`}</div>`;
}

/** Dots that stand for equal chances, stacked over an axis. */
function ChanceDots({ sorted, low, high, kind = "assumed", count = 50 }) {
  const bins = 36;
  const stacks = new Array(bins).fill(0);
  const dots = [];
  for (let i = 0; i < count; i++) {
    const value = quantileOf(sorted, (i + 0.5) / count);
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(((value - low) / (high - low)) * bins)));
    dots.push([(bin + 0.5) * (100 / bins), stacks[bin]++]);
  }
  const size = 100 / bins;
  const tall = Math.max(6, ...stacks) * size;
  return html`<svg class="dots" viewBox=${`0 0 100 ${tall + 1}`} width="100%" aria-hidden="true">${dots.map(
    ([x, row]) => html`<circle cx=${x} cy=${tall - (row + 0.5) * size} r=${size * 0.44} fill=${`var(--${kind})`} />`,
  )}</svg>`;
}
/** Draws are made after the page has answered the reader. */
function useDraws(chain, set, root) {
  const key = `${chainKey(chain)} ${JSON.stringify(set)}`;
  const [made, setMade] = useState({ key: null, sorted: null, printed: null });
  useEffect(() => {
    const timer = setTimeout(() => {
      const assumed = drawn(chain, set, ["assumption"], true) ?? drawn(chain, set, ["sampling"], false);
      setMade({ key, sorted: sortedOf(assumed?.[root]), printed: corners(chain, set, "rounding")[root] ?? null });
    }, 60);
    return () => clearTimeout(timer);
  }, [key]);
  // while they are made, those of before stay
  return made;
}

const WHAT_IF = "what_if"; // the id of a scenario that is copied; its author names it
function Result({ story, chain, set, found, isWhole }) {
  const { report, root, total } = story;
  const value = found[root];
  const { sorted: shown, printed } = useDraws(chain, set, root);
  const limits = limitsOf(shown);
  const difference = value - total.jobs_wan;
  const isSame = Math.abs(difference) < 5e-5;
  const [low, high] = niceRange(total.jobs_wan * 0.85, total.jobs_wan * 1.15, 0);
  const [from, to] = [Math.min(low, value * 0.97), Math.max(high, value * 1.03)];
  const x = linear(from, to);
  const kind = weakest(inputsOf(chain).map((cell) => cell.provenance));
  const scenario = chain.scenario_id ?? WHAT_IF;
  const parameters = () => {
    const list = Object.entries(set).map(([key, number]) => {
      const [name, element = "-"] = key.split("/");
      const unit = (INPUT_ROWS.get(name) ?? stepRow(chain.method_id, name)).unit;
      const cell = inputsOf(chain).find((one) => one.input_name === name && one.element_id === element);
      return [chain.platform_id, scenario, "", "", name, element, "", number, "", "", "", "", unit, "assumed", cell?.source_id ?? "", "", ""].map(csvCell).join(",");
    });
    return ["platform_id,scenario_id,period_start,period_end,input_name,element_id,low,central,high,comparator,distribution,uncertainty_kind,unit,provenance,source_id,rationale_zh,rationale_en", ...list].join("\n");
  };
  /** The row of reference/scenarios.csv that takes these choices. */
  const scenarioRow = () => {
    const base = reportChain(report, chain);
    const own = choicesOf(base);
    const changed = optionsTaken(chain, choicesOf(chain)).filter((row) => own.get(row.decision_id) !== row.option_id);
    const said = (code) => changed.map((row) => row[`name_${code}`]);
    const isMade = inputsOf(chain).some((cell) => cell.provenance === "synthetic");
    const sample = inputsOf(chain).some((cell) => (cell.options ?? []).some((option) => option.startsWith("sample="))) ? sampleOf(base) : scenarioOf(base)?.sample_id;
    const source = changed[changed.length - 1]?.source_id ?? inputsOf(chain).find((cell) => cell.provenance === "assumed")?.source_id ?? report.source_id;
    const row = [chain.platform_id, WHAT_IF, chain.method_id, said("zh").join("；") || "如果", said("en").join("; ") || "What if", changed.map((one) => `${one.decision_id}=${one.option_id}`).join(" "), sample ?? "", said("zh").join("；") || "其余同报告口径", said("en").join("; ") || "otherwise as the report", isMade ? "synthetic" : "assumed", source];
    return ["platform_id,scenario_id,method_id,name_zh,name_en,choices,sample_id,description_zh,description_en,provenance,source_id", row.map(csvCell).join(",")].join("\n");
  };
  return html`<div class="result-head"><p>${t("按这些取值，总量为", "With these values the total is")}</p>
      <p class="result-total" role="status"><b>${X(value, "jobs", `jobs:${root}`)}</b> <span>${wan()}</span></p>
      <p class="result-difference">${isSame ? t("与这份报告的重算相同", "The same as for the report") : html`${t("与报告相差 ", "From the report ")}<b class="you">${X(difference, "jobs", "difference from the report")}</b>${t("（", " (")}${X(difference / total.jobs_wan, "percent1", "difference from the report as a share")}${t("）", ")")}`}</p></div>
    <div class="result-rest">
    ${printed && printed[0] !== null && printed[1] !== null && html`<p><b>${X(printed[0], "jobs", "low of printing")} – ${X(printed[1], "jobs", "high of printing")}</b> ${wan()} <span class="note">${t("只有公布数字的取整在变", "when only the rounding of published numbers varies")}</span></p>`}
    ${limits ? html`<p><b>${X(limits[0], "jobs", "low of the draws")} – ${X(limits[1], "jobs", "high of the draws")}</b> ${wan()} <span class="note">${t(html`你没有设定的假设在各自范围内变动、合计不再固定时，居中的 ${X(DATA.chains.confidence, "percent", "share of the draws")}\u00a0结果：是假设的分位数，不是置信区间`, html`the middle ${X(DATA.chains.confidence, "percent", "share of the draws")} of results when the assumptions that you did not set vary and totals are let go: quantiles of assumptions, no confidence interval`)}</span></p>
      <${ChanceDots} sorted=${shown} low=${from} high=${to} kind=${kind === "synthetic" ? "synthetic" : "assumed"} />` : html`<p class="note">${t("没有可以变动的输入：报告没有给出误差。", "Nothing here varies: the report gives no error.")}</p>`}
    <div class="result-line"><svg width="100%" height="16" aria-hidden="true"><line x1="0" x2="100%" y1="8" y2="8" stroke="var(--rule-dark)" />
      ${limits && html`<rect x=${pct(x(limits[0]))} width=${pct(x(limits[1]) - x(limits[0]))} y="6" height="4" fill="var(--ink)" />`}
      <line x1=${pct(x(total.jobs_wan))} x2=${pct(x(total.jobs_wan))} y1="0" y2="16" stroke="var(--ink)" stroke-dasharray="2 2" stroke-width="2" />
      <circle cx=${pct(x(value))} cy="8" r="5" fill=${isWhole ? "var(--ink)" : "var(--you)"} /></svg><${Axis} low=${from} high=${to} /></div>
    <p class="note">${t("每点代表相同的可能。虚线是报告的总量。你设定的值视为已知，不再变动。", "Each dot stands for the same chance. The dashed line is the total of the report. A value that you set counts as known and no longer varies.")}</p>
    </div>
    <p class="buttons"><button type="button" class="quiet" disabled=${isWhole} onClick=${() => go({ set: null, scenario: null, window: null, choices: null, show: null })}>${t("恢复报告取值", "Back to the report's values")}</button>
      <${Copy} text=${() => location.href}>${t("复制链接", "Copy the link")}</${Copy}>
      <${Copy} text=${() => citation(formatNumber(value, "jobs", lang), jobsUnit(), isWhole ? plain(kindRow(total.weakest_provenance), "name") : t("如果，不是报告的数", "what if: no number of the report"), report, {})}>${t("复制引文", "Copy as a citation")}</${Copy}>
      ${chain.scenario_id === null && html`<${Copy} text=${scenarioRow}>${t("复制为情景的行", "Copy as the row of a scenario")}</${Copy}>`}
      ${Object.keys(set).length > 0 && html`<${Copy} text=${parameters}>${t("复制为输入的行", "Copy as rows of inputs")}</${Copy}>`}</p>
    ${(chain.scenario_id === null || Object.keys(set).length > 0) && html`<p class="note">${t("行贴进自己文件夹的 ", "Rows go into ")}${chain.scenario_id === null ? html`<code>reference/scenarios.csv</code>` : ""}${chain.scenario_id === null && Object.keys(set).length > 0 ? t("、", " and ") : ""}${Object.keys(set).length > 0 ? html`<code>platform/input_values.csv</code>` : ""}${t("，就成了一个情景。", " of a folder of your own.")}</p>`}`;
}

/** The next value of four digits, as a threshold is shown, that is as far from here or farther. */
function outwards(value, here) {
  if (value === 0) return 0;
  const power = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 3);
  const digits = value / power;
  return Number(((value > here ? Math.ceil(digits - 1e-9) : Math.floor(digits + 1e-9)) * power).toPrecision(12));
}
/** How far an input must go for the total to pass a round number. */
function crossing(chain, set, key, cell, target, root) {
  const [least, most] = WITHIN[(INPUT_ROWS.get(cell.input_name) ?? stepRow(chain.method_id, cell.input_name))?.must_be] ?? WITHIN.any;
  const at = (value) => workedOut(chain, { ...set, [key]: value })[root] - target;
  const here = set[key] ?? cell.central;
  const start = at(here);
  for (const end of [here - Math.abs(here), here + 4 * Math.abs(here)]) {
    let [a, b] = [here, Math.min(most, Math.max(least, end))];
    const finish = at(b);
    if (!Number.isFinite(finish) || Math.sign(finish) === Math.sign(start)) continue;
    for (let i = 0; i < 60; i++) {
      const mid = (a + b) / 2;
      if (Math.sign(at(mid)) === Math.sign(start)) a = mid;
      else b = mid;
    }
    const far = Math.min(most, Math.max(least, outwards(b, here)));
    const passed = at(far);
    return Number.isFinite(passed) && Math.sign(passed) !== Math.sign(start) ? far : null;
  }
  return null;
}
function Thresholds({ story, chain, set, total }) {
  const { root, method } = story;
  const power = 10 ** Math.floor(Math.log10(Math.max(total, 1)));
  const below = Math.ceil(total / power - 1) * power;
  const above = below + power * (below + power > total ? 1 : 2);
  const key = `${chainKey(chain)} ${writeSet(set)} ${lang}`;
  const [made, setMade] = useState({ chain: null, list: [] });
  useEffect(() => {
    const timer = setTimeout(() => {
      const list = [];
      const found = workedOut(chain, set);
      const steps = [...everythingBehind(method, root)].filter((name) => isGivable(chain, name) && Number.isFinite(found[name]) && !(name in set));
      for (const cell of [...inputsOf(chain), ...steps.map((name) => ({ input_name: name, element_id: "-", central: found[name], provenance: "derived" }))]) {
        if (cell.element_id !== "-" || cell.provenance === "published" || ["conversion", "coefficient"].includes(INPUT_ROWS.get(cell.input_name)?.role)) continue;
        for (const target of [below, above]) {
          const value = target > 0 ? crossing(chain, set, cell.input_name, cell, target, root) : null;
          if (value !== null) list.push({ cell, target, value, far: Math.abs(value / (set[cell.input_name] ?? cell.central) - 1) });
        }
      }
      list.sort((a, b) => a.far - b.far);
      setMade({ chain, list: list.filter((one) => one.far <= 1).slice(0, 6) });
    }, 200);
    return () => clearTimeout(timer);
  }, [key]);
  // what was worked out for another chain is not true of this one
  if (!made.list.length || made.chain !== chain) return null;
  return html`<div class="thresholds"><h3>${t(html`要让总量越过 ${X(below, "jobs", "round number below")}\u00a0或 ${X(above, "jobs", "round number above")}\u00a0万，得怎样？`, html`What it takes for the total to pass ${X(below, "jobs", "round number below")} or ${X(above, "jobs", "round number above")} million`)}</h3>
    <ul>${made.list.map(({ cell, target, value }) => {
      const input = INPUT_ROWS.get(cell.input_name) ?? stepRow(method, cell.input_name);
      const now = set[cell.input_name] ?? cell.central;
      const words = (number) => html`<span class="unit">${unitWords(number, input.unit)}</span>`;
      const goal = X(target, "jobs", "round number");
      const [from, to] = [X(now, `unit:${input.unit}`, `value:${cell.input_name}`), X(value, `short:${input.unit}`, `crossing:${cell.input_name}:${target}`)];
      const isLower = target < total;
      return html`<li>${t(
        html`总量${isLower ? "降到" : "升到"} ${goal} 万${isLower ? "以下" : "以上"}，要${T(input, "name")}从 ${from} ${words(now)}变到 ${to} ${words(value)}。`,
        html`The total ${isLower ? "falls below" : "rises above"} ${goal} million if ${T(input, "name")} goes from ${from} ${words(now)} to ${to} ${words(value)}.`,
      )}</li>`;
    })}</ul></div>`;
}
