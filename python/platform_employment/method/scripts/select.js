"use strict";
/**
 * The rule of int_chain__inputs: a row applies where all its options are taken; of an input, the
 * rows of the highest priority count, all elements together; a row without any value takes its
 * input away.
 *
 * rows: of int_inputs__rows, the ones of the platform, period and method; options: a Set of
 * `decision=option`. Returns the rows that count.
 */
function select(rows, options) {
  const applying = rows.filter((row) => row.options.every((option) => options.has(option)));
  const highest = new Map();
  for (const { input_name: name, priority } of applying) highest.set(name, Math.max(priority, highest.get(name) ?? 0));
  return applying.filter((row) => row.priority === highest.get(row.input_name) && (row.low ?? row.central ?? row.high ?? null) !== null);
}
/** The values of selected rows, as a method reads them: numbers, or numbers by element. */
function valuesOfRows(rows) {
  const values = {};
  for (const { input_name: name, element_id: element, central } of rows) {
    if (central === null) continue; // only the two ends are known
    if (element === "-") values[name] = central;
    else (values[name] ??= {})[element] = central;
  }
  return values;
}
