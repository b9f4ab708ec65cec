"use strict";
// Opens the trace of a row: next to the rows on a wide screen, below the row on a narrow one.

(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const side = document.querySelector(".side");
  const wide = matchMedia("(min-width: 981px)");
  const parts = [...document.querySelectorAll(".part")].filter((part) => part.querySelector("button"));
  if (!parts.length) return;
  let open = null;

  const traceOf = (part) => document.getElementById(part.querySelector("button").getAttribute("aria-controls"));

  function place() {
    for (const part of parts) {
      const trace = traceOf(part);
      const isOpen = part === open;
      part.classList.toggle("on", isOpen);
      part.querySelector("button").setAttribute("aria-expanded", String(isOpen));
      trace.classList.toggle("open", isOpen);
      const home = isOpen && wide.matches && side ? side : part;
      if (trace.parentElement !== home) home.append(trace);
    }
  }
  function show(part, isMoved) {
    open = part;
    place();
    if (part && isMoved && !wide.matches) traceOf(part).focus({ preventScroll: false });
  }
  function fromAddress() {
    const id = decodeURIComponent(location.hash.slice(1));
    const part = parts.find((one) => one.id === id || traceOf(one).id === id);
    if (part) show(part, false);
    return Boolean(part);
  }

  for (const part of parts) part.querySelector("button").addEventListener("click", () => show(part === open && !wide.matches ? null : part, true));
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !open) return;
    const button = open.querySelector("button");
    show(null, false);
    button.focus();
  });
  wide.addEventListener("change", place);
  addEventListener("hashchange", fromAddress);
  // on paper every trace is below its row
  addEventListener("beforeprint", () => {
    for (const part of parts) part.append(traceOf(part));
  });
  addEventListener("afterprint", place);

  if (!fromAddress() && wide.matches) {
    const widths = parts.map((part) => parseFloat(part.querySelector("button .b i")?.style.width) || 0);
    // the largest part, not the total, which is the last row
    const rows = parts.length > 1 ? widths.slice(0, -1) : widths;
    show(parts[rows.indexOf(Math.max(...rows))], false);
  }
})();
