"use strict";
// Moves the sliders. The arithmetic is METHOD, generated from the method of the warehouse:
// it takes the inputs and returns every step.

(() => {
  const data = JSON.parse(document.getElementById("whatif").textContent);
  const zh = data.language === "zh";
  const t = (chinese, english) => (zh ? chinese : english);
  const SCALES = zh ? [[8, "亿"], [4, "万"]] : [[9, "billion"], [6, "million"], [3, "thousand"]];
  const WAN = 1e4;

  /** Half up in decimal: a half that a double has a little below is a half. */
  const rounded = (value, decimals) => Math.sign(value) * Number(`${Math.round(Number(`${Number(Math.abs(value).toPrecision(15))}e${decimals}`))}e${-decimals}`);
  const power = (value) => (value === 0 ? 0 : Number(Math.abs(value).toExponential().split("e")[1]));
  function written(value, digits = 3) {
    let decimals = digits - 1 - power(value);
    const shown = rounded(value, decimals);
    decimals = Math.max(0, digits - 1 - power(shown));
    const text = Math.abs(shown).toFixed(decimals);
    const [whole, part] = text.split(".");
    const commas = Math.abs(shown) >= (zh ? 1e5 : 1e3) ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole;
    return (shown < 0 ? "−" : "") + commas + (part ? `.${part}` : "");
  }
  /** A number of jobs with three digits, as `quantities.quantity` writes it. */
  function quantity(value) {
    const size = Math.abs(Number(value.toPrecision(3)));
    const [exponent, word] = SCALES.find(([e]) => size >= 10 ** e) ?? [0, ""];
    return written(value / 10 ** exponent) + (word ? ` ${word}` : "");
  }
  function inUnit(value, unit) {
    if (unit === "share" || unit === "percent") return `${written(unit === "share" ? value * 100 : value)}%`;
    if (unit === "wan_jobs" || unit === "wan_persons") return quantity(value * WAN);
    if (unit === "yi_yuan") return zh ? `${written(value)} 亿元` : `${written(value / 10)} bn yuan`;
    if (unit === "wan_yuan_per_job") return zh ? `${written(value)} 万元/岗位` : `${written(value * WAN)} yuan a job`;
    return written(value);
  }

  let set = {}; // values of the reader, by control or input; a step that may be given counts as one
  const controls = new Map(data.controls.map((control) => [control.id, control]));

  /** All steps with the values of the reader. */
  function calculate(values) {
    const inputs = structuredClone(data.inputs);
    for (const [key, value] of Object.entries(values)) {
      if (controls.get(key)?.kind === "overlap") continue;
      const [name, element] = key.split("/");
      if (element) inputs[name][element] = value;
      else inputs[name] = value;
    }
    return METHOD(inputs);
  }
  /** The parts and the total in 万, shared with other platforms where the reader says so. */
  function result(values) {
    const steps = calculate(values);
    const elsewhere = [...controls.values()].find((c) => c.kind === "overlap");
    const here = 1 - (elsewhere ? values[elsewhere.id] ?? 0 : 0);
    const parts = data.parts.map((id) => steps[id] * (data.overlap.includes(id) ? here : 1));
    return { parts, total: here === 1 ? steps[data.root] : parts.reduce((sum, one) => sum + one, 0) };
  }
  globalThis.whatIf = { result, calculate, quantity, data };

  const byId = (id) => document.getElementById(id);
  const make = (name, values, ...children) => {
    const made = Object.assign(document.createElement(name), values);
    made.append(...children);
    return made;
  };
  // the table of all inputs
  for (const [i, [key, label, mark, unit, href, line]] of data.fields.entries()) {
    const [name, element] = key.split("/");
    const field = make("input", { id: `i${i}`, type: "number", step: "any", defaultValue: element ? data.inputs[name][element] : data.inputs[name] });
    field.dataset.input = key;
    const text = make("label", { htmlFor: field.id }, element ? `${label} ${element}` : label);
    const cells = [[make("i", { className: `sw ${mark}` }), text], [field], [unit], href ? [make("a", { href }, String(line))] : []];
    byId("all-inputs").querySelector("tbody").append(make("tr", {}, ...cells.map((cell) => make("td", {}, ...cell))));
  }
  const ranges = [...document.querySelectorAll("[data-control]")];
  const fields = [...document.querySelectorAll("[data-input]")];
  const bars = [...byId("what-bar").children];
  const line = bars.pop();

  function show() {
    const { parts, total } = result(set);
    const isSame = Object.keys(set).length === 0;
    const difference = (total - data.total) * WAN;
    byId("what-total").textContent = isSame ? data.printed : quantity(total * WAN);
    byId("what-difference").textContent = isSame ? t("与报告相同", "as in the report")
      : Math.abs(difference) < 1 ? t("与报告相同", "as in the report")
        : t(`比报告${difference < 0 ? "少" : "多"} ${quantity(Math.abs(difference))}`, `${quantity(Math.abs(difference))} ${difference < 0 ? "fewer" : "more"} than the report`);
    byId("what-share").textContent = data.employed
      ? t(` · 占 ${data.year} 年${data.country}就业的 ${written((total * WAN * 100) / data.employed)}%`, ` · ${written((total * WAN * 100) / data.employed)}% of employment in ${data.country}, ${data.year}`)
      : "";
    // the axis follows the result
    const top = Math.max(total, data.total) * 1.08;
    parts.forEach((part, i) => { bars[i].style.width = `${(Math.max(0, part) / top) * 100}%`; });
    line.style.left = `${(data.total / top) * 100}%`;
    for (const range of ranges) {
      const control = controls.get(range.dataset.control);
      const isMoved = control.id in set;
      range.nextElementSibling.textContent = isMoved ? inUnit(set[control.id], control.unit) : range.nextElementSibling.dataset.printed;
      if (!isMoved) range.value = control.value;
    }
    for (const field of fields) if (!(field.dataset.input in set)) field.value = field.defaultValue;
  }
  function change(key, value, printed) {
    if (value === printed || Number.isNaN(value)) delete set[key];
    else set[key] = value;
    show();
    const text = Object.entries(set).map(([name, one]) => `${name}:${one}`).join(",");
    history.replaceState(null, "", text ? `#set=${encodeURIComponent(text)}` : location.pathname + location.search);
  }
  for (const range of ranges) {
    const control = controls.get(range.dataset.control);
    range.addEventListener("input", () => {
      // near the printed value the slider holds it
      const step = (range.max - range.min) / 200;
      const value = Number(Number(range.value).toPrecision(4));
      change(control.id, Math.abs(value - control.value) < step ? control.value : value, control.value);
    });
    range.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
      if (!way) return;
      event.preventDefault();
      const value = (set[control.id] ?? control.value) + (way * (range.max - range.min)) / 100;
      const held = Math.min(Number(range.max), Math.max(Number(range.min), Number(value.toPrecision(4))));
      range.value = held;
      change(control.id, held, control.value);
    });
  }
  for (const field of fields) field.addEventListener("input", () => change(field.dataset.input, field.valueAsNumber, Number(field.defaultValue)));

  function copy(button, text) {
    const done = () => { const old = button.textContent; button.textContent = t("已复制", "Copied"); setTimeout(() => { button.textContent = old; }, 1500); };
    const area = Object.assign(document.createElement("textarea"), { value: text });
    area.setAttribute("aria-hidden", "true");
    document.body.append(area);
    area.select();
    document.execCommand("copy"); // works from disk, where the clipboard interface does not
    area.remove();
    done();
  }
  byId("what-reset").addEventListener("click", () => { set = {}; show(); history.replaceState(null, "", location.pathname + location.search); });
  byId("what-link").addEventListener("click", (event) => copy(event.currentTarget, location.href));
  byId("what-rows").addEventListener("click", (event) => {
    // a value of the reader has the reader's own source, never the one of the report
    const head = "platform_id,scenario_id,period_start,period_end,input_name,element_id,low,central,high,distribution,uncertainty_kind,unit,provenance,source_id,rationale_zh,rationale_en";
    const rows = Object.entries(set).filter(([key]) => controls.get(key)?.kind !== "overlap").map(([key, value]) => {
      const [name, element = "-"] = key.split("/");
      return `${data.platform},own_scenario,,${data.window_end},${name},${element},,${value},,,,${data.units[name] ?? controls.get(key)?.unit ?? ""},assumed,own_assumptions,自己的取值,own value`;
    });
    copy(event.currentTarget, [head, ...rows].join("\n"));
  });
  function read() {
    const text = new URLSearchParams(location.hash.slice(1)).get("set");
    set = {};
    for (const pair of text ? text.split(",") : []) {
      const [key, value] = pair.split(":");
      const [name, element] = key.split("/");
      const isKnown = controls.has(key) || (element ? data.inputs[name]?.[element] !== undefined : typeof data.inputs[name] === "number");
      if (isKnown && Number.isFinite(Number(value))) set[key] = Number(value);
    }
    for (const range of ranges) if (range.dataset.control in set) range.value = set[range.dataset.control];
    for (const field of fields) if (field.dataset.input in set) field.value = set[field.dataset.input];
    show();
  }
  addEventListener("hashchange", () => { if (location.hash.startsWith("#set=")) read(); });
  read();
})();
