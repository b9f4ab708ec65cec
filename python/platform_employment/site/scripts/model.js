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
const chainKey = (chain) => `${chain.platform_id}|${chain.window_end}|${chain.scenario_id}`;
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
const inputsOf = (chain) => numbersOf(chain).map((n) => CELLS[n]);

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
