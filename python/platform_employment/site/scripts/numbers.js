"use strict";
// The twin of site/numbers.py: a test writes the same numbers with both.

const MINUS = "\u2212";
const LEAST_WITH_COMMAS = { zh: 100000, en: 1000 };
const TINY = 1e-6; // less of a base unit is left in its own unit
const DIGITS = { unit: 6, short: 4 };

/** The digits of a number and the power of ten of the last: no arithmetic on doubles. */
function digitsOf(value) {
  const [mantissa, exponent] = String(Math.abs(value)).split("e");
  const [whole, fraction = ""] = mantissa.split(".");
  const digits = (whole + fraction).replace(/^0+(?=\d)/, "");
  return { digits, power: Number(exponent ?? 0) - fraction.length, isNegative: value < 0 };
}

/** Round half up at a power of ten. */
function roundedAt({ digits, power, isNegative }, to) {
  if (power >= to) return { digits: digits + "0".repeat(power - to), power: to, isNegative };
  const cut = to - power;
  const padded = digits.padStart(cut + 1, "0");
  let kept = BigInt(padded.slice(0, -cut));
  if (padded[padded.length - cut] >= "5") kept += 1n;
  return { digits: String(kept), power: to, isNegative };
}

function significant(number, kept) {
  if (/^0*$/.test(number.digits)) return { digits: "0", power: 0, isNegative: false };
  const digits = number.digits.replace(/^0+/, "");
  return roundedAt({ ...number, digits }, number.power + digits.length - kept);
}

function written({ digits, power, isNegative }, language, isTrimmed) {
  let text = power > 0 ? digits + "0".repeat(power) : digits;
  if (power < 0) {
    const padded = digits.padStart(1 - power, "0");
    text = `${padded.slice(0, power)}.${padded.slice(power)}`;
    if (isTrimmed) text = text.replace(/\.?0+$/, "");
  }
  let [whole, fraction] = text.split(".");
  whole = whole.replace(/^0+(?=\d)/, "");
  if (Number(whole) >= LEAST_WITH_COMMAS[language]) whole = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  text = fraction === undefined ? whole : `${whole}.${fraction}`;
  return isNegative && /[1-9]/.test(text) ? MINUS + text : text;
}

const scaled = (number, by) => ({ ...number, power: number.power + by });
const fixed = (number, decimals, language) => written(roundedAt(number, -decimals), language, false);
const trimmed = (number, language) => written(number, language, true);

/** A value in a unit, and the word that counts it in English. */
function inUnit(value, unit, language, units, kept = 6) {
  const number = digitsOf(value);
  if (unit === "share" || unit === "percent") {
    const percent = unit === "share" ? scaled(number, 2) : number;
    return [`${trimmed(significant(percent, kept), language)}%`, ""];
  }
  const known = units[unit];
  const isTiny = known && Math.abs(value * known.scale) < TINY;
  if (language === "zh" || !known || known.dimension === "1" || isTiny) return [trimmed(significant(number, kept), language), ""];
  // scales are whole powers of ten, or whole numbers of a unit like 0.5 kg
  const exact = digitsOf(known.scale);
  const digits = String(BigInt(number.digits) * BigInt(exact.digits));
  const base = significant({ ...number, digits, power: number.power + exact.power }, kept);
  const size = base.digits.length + base.power;
  if (size > 9) return [trimmed(scaled(base, -9), language), "billion"];
  if (size > 6) return [trimmed(scaled(base, -6), language), "million"];
  return [trimmed(base, language), ""];
}

function formatNumber(value, style, language, units = {}) {
  if (value === null || value === undefined) return "\u2013";
  const [name, argument] = style.split(/:(.*)/);
  const number = digitsOf(value);
  switch (name) {
    case "jobs":
    case "part": {
      if (language === "zh") return fixed(number, name === "jobs" ? 0 : 1, language).replace(/\.0$/, "");
      const isSmall = name === "part" && Math.abs(value) < 100;
      return fixed(scaled(number, -2), isSmall ? 3 : 2, language);
    }
    case "percent":
      return `${fixed(scaled(number, 2), 0, language)}%`;
    case "percent1":
      return `${fixed(scaled(number, 2), 1, language)}%`;
    case "count":
      return fixed(number, 0, language);
    case "exact":
      return trimmed(number, language);
    case "fixed":
      return fixed(number, Number(argument), language);
    case "unit":
    case "short":
      return inUnit(value, argument, language, units, DIGITS[name])[0];
  }
  throw new Error(`no style ${style}`);
}
