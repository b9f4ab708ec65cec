"use strict";
// Chains worked out on the page: inputs, jobs, limits. The arithmetic is METHODS, made from the
// method's own tree.

const CELLS = (() => {
  const { c: columns, r: cells } = DATA.chains?.cells ?? { c: [], r: [] };
  return cells.map((cell) => Object.fromEntries(columns.map((column, i) => [column, cell[i]])));
})();
const CHAINS = (() => {
  const { c: columns, r: chains } = DATA.chains?.chains ?? { c: [], r: [] };
  return chains.map((chain) => Object.fromEntries(columns.map((column, i) => [column, chain[i]])));
})();
const chainKey = (chain) => `${chain.platform_id}|${chain.window_end}|${chain.scenario_id ?? chain.choices}`;
const CHAIN_OF = new Map(CHAINS.map((chain) => [chainKey(chain), chain]));

const numbersOf = (chain) => {
  if (!chain.numbers) {
    const gone = new Set(chain.changes.filter((n) => n < 0).map((n) => -1 - n));
    const like = CHAINS[chain.like];
    const theirs = like === chain ? [] : numbersOf(like);
    chain.numbers = [...theirs.filter((n) => !gone.has(n)), ...chain.changes.filter((n) => n >= 0)];
  }
  return chain.numbers;
};
/** The rows of the inputs of a chain. */
const inputsOf = (chain) => (chain.cells ??= numbersOf(chain).map((n) => CELLS[n]));

/** The values of the inputs: numbers, or numbers by element; `set` has those of the reader. */
function valuesOf(chain, set = {}) {
  const values = {};
  for (const cell of inputsOf(chain)) {
    const { input_name: name, element_id: element } = cell;
    const own = set[element === "-" ? name : `${name}/${element}`];
    const value = own ?? cell.central;
    if (element === "-") values[name] = value;
    else (values[name] ??= {})[element] = value;
  }
  for (const [name, value] of Object.entries(set)) if (isGivable(chain, name)) values[name] = value;
  return values;
}

/** All steps of a chain, rounded as the method says. */
const workedOut = (chain, set = {}) => METHODS[chain.method_id](valuesOf(chain, set));

const isVaried = (cell) => cell.low !== null && cell.high !== null && cell.low < cell.high;
const keyOf = (cell) => (cell.element_id === "-" ? cell.input_name : `${cell.input_name}/${cell.element_id}`);
const isUnbounded = (cell) => cell.low !== null && cell.high === null;
/** The uncertain inputs of some kinds; a value that the reader set is taken as known. */
const uncertainOf = (chain, set, kinds) =>
  inputsOf(chain).filter((cell) => (isVaried(cell) || isUnbounded(cell)) && kinds.includes(cell.uncertainty_kind) && !(keyOf(cell) in set));
function withArrays(values, pairs) {
  const found = { ...values };
  for (const [{ input_name: name, element_id: element }, array] of pairs) {
    found[name] = element === "-" ? array : { ...found[name], [element]: array };
  }
  return found;
}
/** The inputs without control totals: what is scaled to one keeps the scale that it has. */
function letGo(chain, values) {
  const found = METHODS[chain.method_id](values, false);
  const scales = (STEP_ROWS.get(chain.method_id) ?? []).filter((row) => row.role === "scale").map((row) => row.step_id);
  return { ...values, ...Object.fromEntries(scales.map((name) => [name, found[name]])) };
}
/** All steps while the uncertain inputs of some kinds are drawn at once. */
function drawn(chain, set, kinds, isFree) {
  const cells = uncertainOf(chain, set, kinds).filter(isVaried);
  if (!cells.length) return null;
  const values = isFree ? letGo(chain, valuesOf(chain, set)) : valuesOf(chain, set);
  const { draws, seed } = DATA.chains;
  return METHODS[chain.method_id](withArrays(values, cells.map((cell) => [cell, drawsOf(cell, draws, seed)])), false);
}
const sortedOf = (found) => (found === undefined || typeof found === "number" ? null : Float64Array.from(found).sort());

const MOST_CROSSED = 12;
/** The extremes of each component over the corners of the box of the inputs of a kind. */
function corners(chain, set, kind) {
  const cells = uncertainOf(chain, set, [kind]);
  const streams = [...new Set(cells.map((cell) => cell.stream))].sort();
  const n = streams.length;
  if (!n) return {};
  const names = componentsOf(chain.method_id).map((row) => row.component_id);
  const end = (cell) => cell.high ?? cell.low + Math.abs(cell.low) + 1;
  const values = valuesOf(chain, set);
  const method = METHODS[chain.method_id];
  const at = (array, i) => (typeof array === "number" ? array : array[i]);
  // each by itself, the others on their way between
  const single = method(withArrays(values, cells.map((cell) => {
    const mine = streams.indexOf(cell.stream);
    return [cell, Float64Array.from({ length: 2 * n }, (_, i) => (i >> 1 !== mine ? cell.low + 0.3 * (end(cell) - cell.low) : i % 2 ? end(cell) : cell.low))];
  })), false);
  const way = (name, s) => {
    const [low, high] = [at(single[name], 2 * s), at(single[name], 2 * s + 1)];
    return Math.abs(high - low) <= 1e-9 * Math.max(Math.abs(low), Math.abs(high)) ? 0 : high < low ? -1 : 1;
  };
  let box;
  if (n <= MOST_CROSSED) box = Array.from({ length: 2 ** n }, (_, i) => streams.map((_, s) => Boolean((i >> s) & 1)));
  else box = names.flatMap((name) => { const rises = streams.map((_, s) => way(name, s) > 0); return [rises, rises.map((one) => !one)]; });
  const found = method(withArrays(values, cells.map((cell) => {
    const s = streams.indexOf(cell.stream);
    return [cell, Float64Array.from(box, (corner) => (corner[s] ? end(cell) : cell.low))];
  })), false);
  const open = streams.map((stream) => cells.some((cell) => cell.stream === stream && isUnbounded(cell)));
  const inside = box.map((corner) => !corner.some((isHigh, s) => isHigh && open[s]));
  return Object.fromEntries(names.filter((name) => streams.some((_, s) => way(name, s))).map((name) => {
    const jobs = box.map((_, i) => at(found[name], i)).filter((_, i) => inside[i]);
    const sides = new Set(streams.map((_, s) => (open[s] ? way(name, s) : 0)));
    return [name, [sides.has(-1) ? null : Math.min(...jobs), sides.has(1) ? null : Math.max(...jobs)]];
  }));
}
function limitsOf(sorted) {
  if (!sorted || Number.isNaN(sorted[sorted.length - 1])) return null;
  const tail = (1 - DATA.chains.confidence) / 2;
  return [quantileOf(sorted, tail), quantileOf(sorted, 1 - tail)];
}

/** The layers that the inputs of a chain make: each component's ends by layer and method. */
function layersOf(chain, set = {}) {
  const found = {};
  const quantiles = (layer, kinds, isFree) => {
    const all = drawn(chain, set, kinds, isFree);
    for (const { component_id: name } of all ? componentsOf(chain.method_id) : []) {
      const ends = limitsOf(sortedOf(all[name]));
      if (ends) found[`${layer}|monte_carlo|${name}`] = ends;
    }
  };
  for (const [layer, kind] of [["printing", "rounding"], ["open", "open"]]) {
    for (const [name, ends] of Object.entries(corners(chain, set, kind))) found[`${layer}|corners|${name}`] = ends;
  }
  quantiles("assumptions", ["assumption"], true);
  quantiles("open", ["sampling"], false);
  return found;
}

// what rests on what, read off the formulas

const STEP_ROWS = group(rows("method_steps"), "method_id");
const stepRow = (method, name) => (STEP_ROWS.get(method) ?? []).find((row) => row.step_id === name);
const INPUT_ROWS = keyed(rows("method_inputs"), "input_name");
const isName = (token) => /^[a-z]/.test(token) && !["min", "max", "sum", "smaller_root"].includes(token);
const namesIn = (step) => [...new Set((DATA.tokens[`${step.method_id}/${step.step_id}`] ?? []).filter(isName))];
/** The inputs that a step rests on in a chain where some are given. */
function restsOn(method, name, isGiven, found = new Set()) {
  const step = stepRow(method, name);
  if (!step || isGiven(name)) found.add(name);
  else namesIn(step).forEach((other) => restsOn(method, other, isGiven, found));
  return found;
}

// components of a method

const COMPONENTS = group(rows("components"), "method_id");
const componentsOf = (method) => COMPONENTS.get(method) ?? [];
const childrenOf = (method, id) => componentsOf(method).filter((row) => row.parent_component_id === id);
const rootOf = (method) => componentsOf(method).find((row) => row.parent_component_id === null);
/** The leaves in the order of the tree. */
function leavesOf(method, id = rootOf(method).component_id) {
  const children = childrenOf(method, id);
  if (!children.length) return [componentsOf(method).find((row) => row.component_id === id)];
  return children.flatMap((child) => leavesOf(method, child.component_id));
}

/** Whether a chain has an input of its window, and none is missing. */
function isEstimated(chain) {
  if (chain.isEstimated === undefined) {
    const names = new Set(inputsOf(chain).map((cell) => cell.input_name));
    const needed = restsOn(chain.method_id, rootOf(chain.method_id).component_id, (name) => names.has(name));
    chain.isEstimated = chain.is_of_window && [...needed].every((name) => names.has(name));
  }
  return chain.isEstimated;
}

/** A step that a reader may set although no input of the chain gives it; no scale of a total. */
const isGivable = (chain, name) => {
  const step = stepRow(chain.method_id, name);
  return Boolean(step?.may_be_given) && step.role !== "scale" && !inputsOf(chain).some((cell) => cell.input_name === name);
};

// the choices of a reader: a chain that no scenario names

const SCENARIOS = group(rows("scenarios"), "platform_id");
const scenarioOf = (chain) => (SCENARIOS.get(chain.platform_id) ?? []).find((row) => row.scenario_id === chain.scenario_id);
const readPairs = (text) => new Map((text ?? "").split(/[ ,]/).filter(Boolean).map((pair) => pair.split("=")));
const writePairs = (pairs, separator = " ") => [...pairs].map(([name, value]) => `${name}=${value}`).sort().join(separator);
const choicesOf = (chain) => readPairs(chain.choices ?? scenarioOf(chain)?.choices);
const OFFERED = rows("offered").map((row) => ({ ...row, options: (row.options ?? "").split(" ").filter(Boolean) }));
/** The rows of inputs for the method and window of a chain. */
const offeredTo = (base) => (base.offered ??= OFFERED.filter((row) => ["method_id", "platform_id", "window_end"].every((name) => row[name] === null || row[name] === base[name])));
const OPTION_ROWS = group(rows("choices"), "method_id");
const USED_OPTIONS = group(rows("options"), (row) => `${row.platform_id}|${row.window_end}|${row.method_id}`);
/** The options of each decision that stand in a combination of the window of a chain. */
function decisionsOf(chain) {
  const used = new Set((USED_OPTIONS.get(`${chain.platform_id}|${chain.window_end}|${chain.method_id}`) ?? []).map((row) => row.option));
  const known = (OPTION_ROWS.get(chain.method_id) ?? []).filter((row) => (row.platform_id ?? chain.platform_id) === chain.platform_id && used.has(`${row.decision_id}=${row.option_id}`));
  return group(known, "decision_id");
}
const optionsTaken = (chain, taken) =>
  (OPTION_ROWS.get(chain.method_id) ?? []).filter((row) => (row.platform_id ?? chain.platform_id) === chain.platform_id && taken.get(row.decision_id) === row.option_id);
/** The sample of a scenario, or the only one of its platform. */
function sampleOf(chain) {
  const samples = new Set((SCENARIOS.get(chain.platform_id) ?? []).map((row) => row.sample_id).filter(Boolean));
  return scenarioOf(chain)?.sample_id ?? (samples.size === 1 ? [...samples][0] : null);
}
/** The inputs of a chain under some options. */
const cellsUnder = (base, options) =>
  select(offeredTo(base), new Set([...options.map((row) => `${row.decision_id}=${row.option_id}`), `scenario=${base.scenario_id}`, `sample=${sampleOf(base)}`])).filter((row) => row.central !== null);
const MADE = new Map();
/** The chain of a scenario of a report with other options: that of another scenario where one takes them. */
function chainOfChoices(base, taken) {
  const text = writePairs(taken);
  const sample = sampleOf(base);
  const named = (SCENARIOS.get(base.platform_id) ?? []).find((row) => row.choices === text && row.method_id === base.method_id && [null, sample].includes(row.sample_id));
  const known = named && CHAIN_OF.get(`${base.platform_id}|${base.window_end}|${named.scenario_id}`);
  if (known) return known;
  const key = `${chainKey(base)}|${text}`;
  if (!MADE.has(key)) {
    const options = optionsTaken(base, taken);
    const cells = cellsUnder(base, options);
    const { platform_id, window_end, method_id } = base;
    MADE.set(key, { platform_id, window_end, method_id, scenario_id: null, choices: text, is_of_window: cells.some((cell) => cell.is_of_window), cells });
  }
  return MADE.get(key);
}
/** Whether options go together, and their chain can be worked out. */
function isValid(base, taken) {
  const agrees = optionsTaken(base, taken).every((option) => [...readPairs(option.requires)].every(([decision, names]) => !taken.has(decision) || names.split("|").includes(taken.get(decision))));
  if (!agrees) return false;
  const chain = chainOfChoices(base, taken);
  return isEstimated(chain) && componentsOf(chain.method_id).every((row) => Number.isFinite(workedOut(chain)[row.component_id]));
}
/** An option taken, and as few other decisions changed as make it valid; null where none do. */
function withOption(base, taken, decision, option) {
  const next = new Map(taken).set(decision, option);
  if (isValid(base, next)) return next;
  const others = [...decisionsOf(base)].filter(([id]) => id !== decision);
  const changes = others.flatMap(([id, list]) => list.filter((row) => row.option_id !== taken.get(id)).sort((a, b) => b.is_report - a.is_report || b.is_defensible - a.is_defensible).map((row) => [id, row.option_id]));
  const one = changes.map((change) => new Map(next).set(...change)).find((found) => isValid(base, found));
  if (one) return one;
  for (const first of changes) for (const second of changes) {
    if (first[0] >= second[0]) continue;
    const found = new Map(next).set(...first).set(...second);
    if (isValid(base, found)) return found;
  }
  return null;
}

// what a factor is in the unit of the reader: people of a team, not so many times the table

const isRatio = (unit) => UNITS[unit]?.dimension === "1" || (UNITS[unit]?.dimension ?? "").includes("^-1");
/** The steps whose weighted mean or sum a factor scales: `of`, `by` (weights) or `over`, and the unit. */
function readerStep(method, factor) {
  if (INPUT_ROWS.get(factor)?.role !== "factor") return null;
  const steps = STEP_ROWS.get(method) ?? [];
  const setOf = (name) => stepRow(method, name)?.element_set ?? INPUT_ROWS.get(name)?.element_set ?? "-";
  const of = steps.find((row) => row.element_set !== "-" && namesIn(row).includes(factor));
  if (!of) return null;
  const tokens = DATA.tokens[`${method}/${of.step_id}`] ?? [];
  const at = tokens.indexOf(factor);
  const base = tokens[at - 1] === "*" && isName(tokens[at - 2] ?? "") ? tokens[at - 2] : tokens[at + 1] === "*" ? tokens[at + 2] : null;
  const baseUnit = stepRow(method, base)?.unit ?? INPUT_ROWS.get(base)?.unit;
  if (!baseUnit || setOf(base) !== of.element_set) return null;
  const over = namesIn(of).find((name) => ![base, factor].includes(name) && setOf(name) === of.element_set);
  if (over) return { of: of.step_id, over, unit: baseUnit };
  if (!isRatio(baseUnit)) return { of: of.step_id, unit: of.unit };
  const user = steps.find((row) => row.element_set === of.element_set && namesIn(row).includes(of.step_id));
  const by = user && namesIn(user).find((name) => name !== of.step_id && setOf(name) === of.element_set);
  return by ? { of: of.step_id, by, unit: of.unit } : null;
}
/** The value of a factor in that unit, from steps worked out. */
function readerValue({ of, over, by }, found) {
  const elements = Object.keys(found[of] ?? {});
  const sum = (value) => elements.reduce((total, e) => total + value(e), 0);
  if (over) return sum((e) => found[of][e]) / sum((e) => found[over][e]);
  if (by) return sum((e) => found[of][e] * found[by][e]) / sum((e) => found[by][e]);
  return sum((e) => found[of][e]);
}
