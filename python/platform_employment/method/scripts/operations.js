// The operations of a formula. A value is a number, an array of them (many draws at once), or an
// object of these by element; undefined where an input is missing.
const isPlain = (value) => typeof value === "number" || ArrayBuffer.isView(value);
const map = (f, values) => {
  if (values.includes(undefined)) return undefined;
  const length = Math.max(...values.map((value) => value.length ?? 0));
  if (length === 0) return f(...values);
  const [a, b, c] = values.map((value) => (typeof value === "number" ? new Float64Array(length).fill(value) : value));
  const found = new Float64Array(length);
  for (let i = 0; i < length; i++) found[i] = f(a[i], b?.[i], c?.[i]);
  return found;
};
/** Apply a function to each element; a value without elements goes with every element. */
const each = (f) => (...values) => {
  const many = values.find((value) => value !== undefined && !isPlain(value));
  if (!many || values.includes(undefined)) return map(f, values);
  const at = (e) => values.map((value) => (isPlain(value) ? value : value[e]));
  return Object.fromEntries(Object.keys(many).sort().map((e) => [e, map(f, at(e))]));
};
const add = each((x, y) => x + y);
const sub = each((x, y) => x - y);
const mul = each((x, y) => x * y);
const div = each((x, y) => x / y);
const pow = each((x, y) => x ** y);
const neg = each((x) => -x);
const min = each((x, y) => Math.min(x, y));
const max = each((x, y) => Math.max(x, y));
const sum = (value) => value && Object.keys(value).sort().map((e) => value[e]).reduce((x, y) => add(x, y));
const smallerRoot = each((a, b, c) => {
  const root = Math.sqrt(b * b - 4 * a * c);
  return (-2 * a) / (b >= 0 ? b + root : b - root);
});
const halfUp = (value, decimals) =>
  // a decimal half that a double has a little below is a half
  each((x) => (Math.sign(x) * Math.round(Number((Math.abs(x) * 10 ** decimals).toPrecision(15)))) / 10 ** decimals)(value);
