// An input for each type of question, out of the browser's own inputs.
//
// field(card, answer, changed) gives {node, value(), focus(), refuse(text)}: value() is what
// answers.yaml will hold, or null while nothing is answered; changed("typed" | "picked" | "left")
// is called when it may have become another; refuse(text) says below it why it was not taken.

let counter = 0;

/** A new id that no other widget on the page has. */
export function fresh(name) {
  counter += 1;
  return `nnv-${name}-${counter}`;
}

/** An element: properties, "on…" listeners, attributes; children are nodes or plain text. */
export function make(tag, settings = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(settings)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "html") node.innerHTML = value; // made by markup.py, where HTML is escaped
    else if (name in node && name !== "spellcheck") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function field(card, answer, changed) {
  const kinds = {
    single_choice: one, true_false: one, multiple_choice: some, ordering, matching,
    fill_in: gaps, free_text: lines,
  };
  return (kinds[card.type] ?? line)(card, answer, changed);
}

/** Where a refusal is shown, and read out at once. */
function refusal(input) {
  const id = fresh("refusal");
  const node = make("p", { class: "refusal", id, role: "alert" });
  const refuse = (text) => {
    node.textContent = text;
    if (!input) return;
    input.setAttribute("aria-invalid", text ? "true" : "false");
    if (text) input.setAttribute("aria-errormessage", id);
    else input.removeAttribute("aria-errormessage");
  };
  return { node, refuse };
}

function group(card, ...children) {
  const below = refusal();
  const legend = make("legend", {}, card.how);
  return { node: make("fieldset", {}, legend, ...children, below.node), refuse: below.refuse };
}

function picks(card, kind, isOn, changed) {
  const name = fresh("pick");
  const inputs = card.options.map((option) => make("input", {
    type: kind, name, value: option.id, checked: isOn(option.id),
    onchange: () => changed("picked"),
  }));
  const rows = card.options.map((option, i) =>
    make("label", { class: "pick" }, inputs[i], make("span", { html: option.html })));
  return { inputs, ...group(card, ...rows) };
}

function one(card, answer, changed) {
  const { inputs, node, refuse } = picks(card, "radio", (id) => id === answer, changed);
  return {
    node, refuse,
    value: () => inputs.find((input) => input.checked)?.value ?? null,
    focus: () => (inputs.find((input) => input.checked) ?? inputs[0]).focus(),
  };
}

function some(card, answer, changed) {
  const chosen = Array.isArray(answer) ? answer : [];
  const { inputs, node, refuse } = picks(card, "checkbox", (id) => chosen.includes(id), changed);
  return {
    node, refuse,
    value: () => {
      const picked = inputs.filter((input) => input.checked).map((input) => input.value);
      return picked.length ? picked : null;
    },
    focus: () => inputs[0].focus(),
  };
}

function text(tag, card, answer, changed, settings) {
  return make(tag, {
    value: typeof answer === "string" ? answer : "", maxLength: card.longest,
    autocomplete: "off", oninput: () => changed("typed"), onchange: () => changed("left"),
    ...settings,
  });
}

function alone(card, input, ...after) {
  const below = refusal(input);
  input.id = fresh("text");
  const label = make("label", { htmlFor: input.id }, card.how);
  return {
    node: make("div", { class: "alone" }, label, make("div", { class: "row" }, input, ...after),
      below.node),
    refuse: below.refuse,
    value: () => input.value.trim() || null,
    focus: () => input.focus(),
  };
}

function line(card, answer, changed) {
  const unit = card.unit ? make("span", { class: "unit", id: fresh("unit") }, card.unit) : null;
  const input = text("input", card, answer, changed, {
    type: "text", spellcheck: "false", autocapitalize: "off",
    "aria-describedby": unit ? unit.id : null,
  });
  return alone(card, input, unit);
}

function lines(card, answer, changed) {
  return alone(card, text("textarea", card, answer, changed, { rows: 7 }));
}

function matching(card, answer, changed) {
  const given = answer ?? {};
  const selects = card.prompts.map((prompt) => {
    const select = make("select", { id: fresh("match"), name: prompt.id, onchange: () => changed("picked") },
      make("option", { value: "" }, "Choose …"),
      ...card.choices.map((choice) => make("option", { value: choice.id }, choice.text)));
    select.value = given[prompt.id] ?? "";
    return select;
  });
  const rows = card.prompts.map((prompt, i) => make("div", { class: "match" },
    make("label", { htmlFor: selects[i].id, html: prompt.html }), selects[i]));
  return {
    ...group(card, ...rows),
    value: () => filled(card.prompts.map((prompt, i) => [prompt.id, selects[i].value])),
    focus: () => selects[0].focus(),
  };
}

function filled(pairs) {
  const given = pairs.filter(([, words]) => words);
  return given.length ? Object.fromEntries(given) : null;
}

function gaps(card, answer, changed) {
  const given = answer !== null && typeof answer === "object" ? answer : {};
  const sentence = make("div", { class: "sentence", html: card.text });
  const places = [...sentence.querySelectorAll("[data-gap]")];
  const inputs = places.map((place, i) => {
    const input = text("input", card, given[place.dataset.gap], changed, {
      type: "text", class: "gap", spellcheck: "false", autocapitalize: "off",
      "aria-label": `Gap ${i + 1} of ${places.length}`,
    });
    place.append(input);
    return input;
  });
  return {
    ...group(card, sentence),
    value: () => filled(places.map((place, i) => [place.dataset.gap, inputs[i].value.trim()])),
    focus: () => inputs[0].focus(),
  };
}

/** A list whose items are moved by buttons, or with Alt and the arrow keys. */
function ordering(card, answer, changed) {
  const ids = card.options.map((option) => option.id);
  const whole = Array.isArray(answer) && answer.length === ids.length
    && answer.every((id) => ids.includes(id));
  let moved = whole;
  const list = make("ol", { class: "order" });
  const said = make("p", { class: "aside", role: "status" });
  const rows = (whole ? answer : ids).map((id) => row(card.options.find((o) => o.id === id)));
  list.append(...rows.map((each) => each.node));
  mark();

  function row(option) {
    const button = (step, sign, word) => make("button", {
      type: "button", "aria-label": `Move ${word}: ${option.text}`, onclick: () => move(own, step),
    }, sign);
    const up = button(-1, "↑", "up");
    const down = button(1, "↓", "down");
    const own = { id: option.id, text: option.text, up, down };
    own.node = make("li", {
      onkeydown: (event) => {
        const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (!step || !event.altKey) return;
        event.preventDefault();
        move(own, step);
      },
    }, make("span", { class: "what", html: option.html }), up, down);
    return own;
  }

  function move(own, step) {
    const from = rows.indexOf(own);
    const to = from + step;
    if (to < 0 || to >= rows.length) return;
    const focused = own.node.contains(document.activeElement) ? document.activeElement : null;
    rows.splice(to, 0, ...rows.splice(from, 1));
    list.append(...rows.map((each) => each.node));
    focused?.focus();
    moved = true;
    mark();
    said.textContent = `${own.text}: now ${to + 1} of ${rows.length}`;
    changed("moved");
  }

  // a button that can do nothing more stays in reach, so that the focus is not lost
  function mark() {
    rows.forEach((each, i) => {
      each.up.setAttribute("aria-disabled", String(i === 0));
      each.down.setAttribute("aria-disabled", String(i === rows.length - 1));
    });
  }

  return {
    ...group(card, list, said),
    value: () => (moved ? rows.map((each) => each.id) : null),
    keep: () => { moved = true; },
    focus: () => rows[0].down.focus(),
  };
}
