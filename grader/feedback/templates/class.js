"use strict";
// Sorting and filtering of the students' table. Without it every row is there in order of names.
(() => {
  const AT_ONCE = 200; // laying out thousands of rows takes seconds, so the rest come on demand
  const table = document.querySelector("table.students");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const [name, flag, named, shown, more] =
    ["name", "flag", "named", "shown", "more"].map((id) => document.getElementById(id));
  const facts = new Map(rows.map((row, place) => [row, {
    place,
    name: row.cells[0].textContent.toLocaleLowerCase(),
    flags: row.dataset.f.split(" "),
    named: (row.dataset.m || "").split(" "),
  }]));
  let sorted = rows;
  let limit = AT_ONCE;
  let wanted = "";

  const number = (text) => {
    if (text.startsWith("✓")) return 1e9;
    const value = parseFloat(text);
    return Number.isNaN(value) ? -1 : value;
  };
  const show = () => {
    const text = name.value.trim().toLocaleLowerCase();
    const fitting = sorted.filter((row) => {
      const fact = facts.get(row);
      return fact.name.includes(text)
        && (!flag.value || fact.flags.includes(flag.value))
        && (!wanted || fact.named.includes(wanted));
    });
    const visible = fitting.slice(0, limit);
    visible.forEach((row) => { row.hidden = false; });
    body.replaceChildren(...visible);
    shown.textContent = `${fitting.length} of ${rows.length}`;
    more.hidden = visible.length === fitting.length;
    more.textContent = `Show ${Math.min(AT_ONCE, fitting.length - limit)} more`;
  };
  const sort = (column) => {
    const head = heads[column];
    const before = head.getAttribute("aria-sort");
    const first = column === 0 ? "ascending" : "descending";
    const second = column === 0 ? "descending" : "ascending";
    const direction = before === first ? second : first;
    heads.forEach((h) => h.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", direction);
    const sign = direction === "ascending" ? 1 : -1;
    const place = (row) => facts.get(row).place;
    const key = new Map(rows.map((row) =>
      [row, column === 0 ? place(row) : number(row.cells[column].textContent)]));
    sorted = [...rows].sort((a, b) =>
      sign * (key.get(a) - key.get(b)) || place(a) - place(b));
    limit = AT_ONCE;
    show();
  };
  const filter = () => {
    limit = AT_ONCE;
    show();
  };
  const showMore = () => {
    limit += AT_ONCE;
    show();
  };
  const goToTable = () => {
    filter();
    document.getElementById("students").scrollIntoView();
    (named.hidden ? flag : named).focus({ preventScroll: true });
  };

  heads.forEach((head, i) => head.querySelector("button").addEventListener("click", () => sort(i)));
  name.addEventListener("input", filter);
  flag.addEventListener("change", filter);
  document.querySelector(".filters").addEventListener("submit", (event) => event.preventDefault());
  named.addEventListener("click", () => {
    wanted = "";
    named.hidden = true;
    filter();
    name.focus();
  });
  document.querySelectorAll("button[data-flag]").forEach((button) =>
    button.addEventListener("click", () => {
      flag.value = button.dataset.flag;
      goToTable();
    }));
  document.querySelectorAll("button[data-named]").forEach((button) =>
    button.addEventListener("click", () => {
      wanted = button.dataset.named;
      named.textContent = `${button.dataset.words} ✕`;
      named.setAttribute("aria-label", `${button.dataset.words}: show everyone again`);
      named.hidden = false;
      goToTable();
    }));
  more.addEventListener("click", showMore);
  window.addEventListener("beforeprint", () => {
    limit = rows.length;
    show();
  });
  show();
})();
