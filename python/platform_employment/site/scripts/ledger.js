"use strict";
// Filters the rows of a table; the filters are in the address.

(() => {
  const form = document.getElementById("filters");
  const found = document.getElementById("found");
  const rows = [...document.querySelectorAll("tbody tr:not(.group)")];
  const groups = [...document.querySelectorAll("tbody[data-report]")];
  // 1,234.5 and 1234.5 are the same search
  const plain = (text) => text.toLowerCase().replace(/(\d),(?=\d)/g, "$1").replace(/\s+/g, " ").trim();
  const texts = rows.map((row) => plain(row.dataset.q));

  function filter() {
    const { report, state, place, q } = Object.fromEntries(new FormData(form));
    const words = plain(q ?? "").split(" ").filter(Boolean);
    let count = 0;
    rows.forEach((row, i) => {
      const fits =
        (!report || row.parentElement.dataset.report === report) &&
        (!state || row.dataset.state === state) &&
        (!place || row.dataset.place === place) &&
        words.every((word) => texts[i].includes(word));
      row.hidden = !fits;
      count += fits;
    });
    for (const group of groups) group.hidden = ![...group.querySelectorAll("tr:not(.group)")].some((row) => !row.hidden);
    found.textContent = `${count} / ${rows.length}`;
    const set = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    history.replaceState(null, "", set.size ? `#${set}` : location.pathname + location.search);
  }
  function read() {
    for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
      const control = form.elements.namedItem(name);
      if (control) control.value = value;
    }
    filter();
  }
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", read);
  read();
})();
