"use strict";
// Sorting and filtering of the students' table. Everything is there and readable without it.
(() => {
  const table = document.querySelector("table.students");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const [name, flag, named, shown] = ["name", "flag", "named", "shown"].map((id) => document.getElementById(id));
  const names = rows.map((row) => row.cells[0].textContent.toLocaleLowerCase());
  const order = new Map(rows.map((row, i) => [row, i]));
  let wanted = "";

  const number = (text) => {
    if (text.startsWith("✓")) return 1e9;
    const value = parseFloat(text);
    return Number.isNaN(value) ? -1 : value;
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
    const key = new Map(rows.map((row, i) =>
      [row, column === 0 ? i : number(row.cells[column].textContent)]));
    const sorted = [...rows].sort((a, b) =>
      sign * (key.get(a) - key.get(b)) || order.get(a) - order.get(b));
    body.replaceChildren(...sorted);
  };
  const filter = () => {
    const text = name.value.trim().toLocaleLowerCase();
    let count = 0;
    rows.forEach((row, i) => {
      const fits = names[i].includes(text)
        && (!flag.value || row.dataset.f.split(" ").includes(flag.value))
        && (!wanted || (row.dataset.m || "").split(" ").includes(wanted));
      row.hidden = !fits;
      count += fits;
    });
    shown.textContent = `${count} of ${rows.length}`;
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
  filter();
})();
