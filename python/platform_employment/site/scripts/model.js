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
    const first = CHAINS[chain.first];
    const theirs = first === chain ? [] : numbersOf(first);
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
/**
 * The range of a step when some inputs vary, each over its own: sorted draws.
 * `varies` picks cells; a value that the reader set does not vary.
 */
function drawn(chain, step, set, varies = isVaried) {
  const values = valuesOf(chain, set);
  for (const cell of inputsOf(chain)) {
    const { input_name: name, element_id: element } = cell;
    if (!isVaried(cell) || !varies(cell)) continue;
    if ((element === "-" ? name : `${name}/${element}`) in set) continue;
    const draws = drawsOf(cell, DATA.chains.draws, DATA.chains.seed);
    if (element === "-") values[name] = draws;
    else values[name] = { ...values[name], [element]: draws };
  }
  const found = METHODS[chain.method_id](values, false)[step];
  return typeof found === "number" ? null : Float64Array.from(found).sort();
}
function limitsOf(sorted) {
  if (!sorted || Number.isNaN(sorted[sorted.length - 1])) return null;
  const tail = (1 - DATA.chains.confidence) / 2;
  return [quantileOf(sorted, tail), quantileOf(sorted, 1 - tail)];
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
