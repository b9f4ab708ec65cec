"use strict";

/* The reader's language: zh, en or both. */
(() => {
  const root = document.documentElement;
  const buttons = document.querySelectorAll(".languages button");
  const stored = () => {
    try { return localStorage.getItem("language"); } catch { return null; }
  };
  const choose = (language) => {
    root.dataset.language = language;
    root.lang = language === "en" ? "en" : "zh-CN";
    buttons.forEach((b) => b.setAttribute("aria-pressed", String(b.value === language)));
    try { localStorage.setItem("language", language); } catch { /* a private window */ }
  };
  buttons.forEach((b) => b.addEventListener("click", () => choose(b.value)));
  choose(stored() ?? root.dataset.language);
})();

/* A table that its head sorts, and that the controls of the form before it filter. */
document.querySelectorAll("table.sortable").forEach((table) => {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const form = document.querySelector(`form[data-table="${table.id}"]`);
  const collator = new Intl.Collator("zh-CN", { numeric: true });

  const compare = (a, b, column, isNumber) => {
    const [x, y] = [a, b].map((row) => row.cells[column].dataset.value);
    // rows without a value stay last, whichever way the others go
    if (!x || !y) return { last: (x ? 0 : 1) - (y ? 0 : 1) };
    return { order: isNumber ? Number(x) - Number(y) : collator.compare(x, y) };
  };
  heads.forEach((head, column) => {
    head.querySelector("button")?.addEventListener("click", () => {
      const descending = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const isNumber = head.classList.contains("number");
      rows.sort((a, b) => {
        const { last, order } = compare(a, b, column, isNumber);
        return last ?? (descending ? -order : order);
      });
      body.append(...rows);
    });
  });

  const controls = [...form.querySelectorAll("[name]")];
  const filter = () => {
    let shown = 0;
    for (const row of rows) {
      row.hidden = controls.some(({ name, value }) => {
        if (!value) return false;
        if (name === "search") return !row.textContent.toLowerCase().includes(value.toLowerCase());
        return row.dataset[name] !== value;
      });
      shown += row.hidden ? 0 : 1;
    }
    form.querySelector("output").value = `${shown} / ${rows.length}`;
  };
  const asked = new URLSearchParams(location.search);
  for (const control of controls) {
    if (asked.has(control.name)) control.value = asked.get(control.name);
  }
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  filter();
});
