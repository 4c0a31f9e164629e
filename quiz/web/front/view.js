// What surrounds the inputs: who takes the quiz, how far they are, one question after the other.
//
// mount(root, ask) shows a quiz in an element; ask(request) gives a promise of a reply, both as
// desk.py names them, and is rejected where nobody answers.

import { field, fresh, make } from "./fields.js";

const PAUSE_MS = { typed: 1500, moved: 600 };
const FADES_MS = 6000;
const DIRECTING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text of the student's, with the characters that turn its direction made visible. */
function visible(words) {
  return words.replace(DIRECTING, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function points(n) {
  return `${n} ${n === 1 ? "point" : "points"}`;
}

export function mount(root, ask) {
  const status = make("p", { class: "status", role: "status" });
  const stage = make("div", { class: "stage" });
  const refresh = { now: null };
  root.replaceChildren(stage, status);

  let fading = 0;

  /** Say something below the question; what is well goes away again, what is wrong stays. */
  function say(words, bad = false) {
    clearTimeout(fading);
    if (words && !bad) fading = setTimeout(say, FADES_MS, "");
    status.textContent = words;
    status.classList.toggle("bad", bad);
  }

  /** Ask, and say it where nobody answers. */
  async function asked(request) {
    try {
      return await ask(request);
    } catch (error) {
      return { problem: error.message || String(error), unreachable: true };
    }
  }

  async function begin(student) {
    const state = await asked(student === undefined ? { do: "open" } : { do: "open", student });
    if (state.problem) {
      say(state.problem, true);
      if (!stage.childElementCount) stage.append(make("p", {}, "The quiz cannot be shown."));
      return;
    }
    say("");
    if (state.need_id) who(stage, state, begin);
    else if (state.mode === "practice") practise(stage, state, asked, say);
    else take(stage, state, asked, say, begin, refresh);
  }

  begin();
  return { leave: () => refresh.now?.() };
}

function front(state, extra = null) {
  return make("header", {}, make("h1", {}, state.title), extra);
}

/** Ask for the id, once. */
function who(stage, state, begin) {
  const id = fresh("id");
  const note = fresh("note");
  const input = make("input", {
    id, type: "text", required: true, maxLength: 100, autocomplete: "username", spellcheck: "false",
    autocapitalize: "off", value: state.suggested ?? "", "aria-describedby": note,
  });
  const form = make("form", {
    class: "card", onsubmit: (event) => {
      event.preventDefault();
      if (input.value.trim()) begin(input.value.trim());
    },
  },
  make("label", { htmlFor: id }, "Your id on the class list"),
  make("div", { class: "row" }, input, make("button", { class: "main" }, "Begin")),
  make("p", { class: "aside", id: note },
    "As in your course's gradebook. It decides your numbers, so type it exactly."));
  stage.replaceChildren(front(state, make("div", { class: "intro", html: state.text })), form);
  // on a page of its own there is nothing else to do; in a notebook there is
  if (document.body.classList.contains("nnv-page")) input.focus();
}

/** The text of a question, its hints, and what is said about it. */
function questionCard(card, heading, answer, changed, submit) {
  const input = field(card, answer, changed);
  const text = make("div", { class: "text", id: fresh("text"), html: card.text });
  const head = make("h3", { tabIndex: -1 }, ...heading);
  const hints = make("ol", { class: "hints", "aria-live": "polite" });
  const shown = { hints: 0 };
  const more = make("button", { type: "button", class: "quiet", onclick: () => {
    hints.append(make("li", { html: card.hints[shown.hints] }));
    shown.hints += 1;
    name();
  } });
  function name() {
    more.textContent = shown.hints ? "Another hint" : "Hint";
    more.hidden = shown.hints >= card.hints.length;
  }
  name();
  const verdict = make("div", { class: "verdict", role: "status" });
  const buttons = make("div", { class: "buttons" });
  const node = make("form", {
    class: "card", noValidate: true, "aria-describedby": text.id,
    onsubmit: (event) => { event.preventDefault(); submit(); },
  }, head, card.type === "fill_in" ? null : text, input.node, hints, verdict, buttons);
  if (card.type === "fill_in") node.removeAttribute("aria-describedby");
  return { node, head, input, more, buttons, verdict, shown };
}

function tell(verdict, outcome) {
  const words = outcome.right ? "Right" : outcome.points > 0 ? "Partly right" : "Not right yet";
  verdict.className = `verdict ${outcome.right ? "right" : "wrong"}`;
  verdict.replaceChildren(
    make("strong", {}, `${outcome.right ? "✓" : "✗"} ${words}`),
    make("div", { html: outcome.html }));
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Take a graded quiz. */
function take(stage, state, asked, say, begin, refresh) {
  const { questions, answers } = state;
  const total = questions.length;
  const known = new Map(questions.map((card) => [card.id, card]));
  let here = null; // {card, input, shown, since, timer}
  let queue = Promise.resolve();

  const bar = make("progress", { max: total, "aria-label": "Answered questions" });
  const count = make("span", { class: "count" });
  const list = make("ol", { class: "list" });
  const all = make("details", { class: "all" }, make("summary", {}, "All questions"), list);
  const name = make("bdi", {}, visible(state.student));
  const put = make("button", { type: "button", class: "quiet", onclick: () =>
    who(stage, { ...state, suggested: state.student }, begin) }, "Not your id?");
  const header = front(state, make("div", { class: "progress" },
    make("span", {}, "You are ", name, " ", put), make("span", { class: "bar" }, bar, count)));
  const intro = make("div", { class: "intro", html: state.text });
  const body = make("div", {});
  stage.replaceChildren(header, intro, body, all);

  const done = () => questions.filter((card) => card.id in answers).length;
  function progress() {
    bar.value = done();
    count.textContent = `${done()} of ${total} answered`;
    put.hidden = Object.keys(answers).length > 0;
    list.replaceChildren(...questions.map((card) => make("li", {}, make("button", {
      type: "button", class: "quiet", "aria-current": here?.card === card ? "step" : null,
      onclick: () => leave(() => show(card.position)),
    }, make("span", { class: "mark", "aria-hidden": "true" }, card.id in answers ? "✓" : "○"),
    ` ${card.title || card.id}`,
    make("span", { class: "unseen" }, card.id in answers ? ", answered" : ", open")))));
  }

  function show(position, focus = true) {
    clearTimeout(here?.timer);
    if (position > total) return end();
    const card = questions[position - 1];
    const heading = [`Question ${position} of ${total}`, make("span", { class: "worth" }, ` · ${points(card.points)}`)];
    const made = questionCard(card, heading, answers[card.id] ?? null, changed, onward);
    const part = state.parts.find((each) => each.id === card.part);
    const first = questions.find((each) => each.part === card.part) === card;
    here = { card, ...made, since: performance.now(), timer: 0 };
    const left = state.left[card.id];
    made.buttons.append(
      make("button", { class: "main" }, state.auto ? "Save and go on" : "Answer"),
      make("button", { type: "button", onclick: () => leave(() => show(position - 1)), disabled: position === 1 }, "Back"),
      make("button", { type: "button", onclick: () => leave(() => show(position + 1)) }, state.auto ? "Later" : "Next"),
      made.more);
    if (left !== null && left !== undefined) made.buttons.append(attempts(left));
    body.replaceChildren(...(part && (part.title || part.text) ? [make("h2", {}, part.title)] : [make("h2", { class: "unseen" }, "Questions")]),
      ...(part?.text && first ? [make("div", { class: "intro", html: part.text })] : []), made.node);
    intro.hidden = position !== 1;
    progress();
    if (focus) made.head.focus();
  }

  function attempts(left) {
    const words = left === 0 ? "No attempt left; your last answer stays." : `Attempts left: ${left}`;
    return make("span", { class: "aside" }, words);
  }

  function changed(how) {
    const at = here;
    if (!at) return;
    at.input.refuse("");
    clearTimeout(at.timer);
    say("");
    if (!state.auto) return;
    // half a number is no number: it waits until the field is left
    if (how === "typed" && at.card.type === "numeric") return;
    at.timer = setTimeout(() => save(at), PAUSE_MS[how] ?? 0);
  }

  /** Save what stands in a field; a promise of whether all is well. */
  function save(at) {
    clearTimeout(at.timer);
    const answer = at.input.value();
    queue = queue.then(async () => {
      if (answer === null || same(answer, answers[at.card.id])) return true;
      const now = performance.now();
      const seconds = Math.round((now - at.since) / 100) / 10;
      const reply = await asked({
        do: "give", question: at.card.id, answer, seconds, hints: at.shown.hints,
      });
      if (reply.problem) {
        if (reply.unreachable) say(`Not saved. ${reply.problem}`, true);
        else at.input.refuse(reply.problem);
        return false;
      }
      at.since = now;
      answers[at.card.id] = reply.saved;
      state.left[at.card.id] = reply.left;
      // what was taken may be spelt otherwise than what was typed
      if (same(at.input.value(), answer)) answers[at.card.id] = answer;
      say(`Saved: ${at.card.title || `question ${at.card.position}`}.`);
      progress();
      return reply.outcome ?? true;
    });
    return queue;
  }

  async function onward() {
    const at = here;
    at.input.keep?.();
    if (at.input.value() === null) {
      at.input.refuse(state.auto ? "Answer it, or choose Later." : "Answer it, or choose Next.");
      at.input.focus();
      return;
    }
    if (!state.auto && same(at.input.value(), answers[at.card.id]) && state.left[at.card.id] !== 0) {
      delete answers[at.card.id]; // the same answer again is an attempt again
    }
    const saved = await save(at);
    if (here !== at) return;
    if (!saved) at.input.focus();
    else if (saved === true || state.auto) show(at.card.position + 1);
    else {
      tell(at.verdict, saved);
      at.buttons.querySelector("span.aside")?.replaceWith(attempts(state.left[at.card.id]));
    }
  }

  async function leave(go) {
    if (here && state.auto && !(await save(here))) return here.input.focus();
    go();
  }

  function end() {
    here = null;
    const open = questions.filter((card) => !(card.id in answers));
    const head = make("h2", { tabIndex: -1 }, open.length ? "Still open" : "All answered");
    const next = open.length
      ? make("button", { type: "button", class: "main", onclick: () => show(open[0].position) }, "Go to the next open question")
      : null;
    const words = open.length
      ? `${open.length} of ${total} questions are still open.`
      : `All ${total} questions are answered. ${state.done ?? `They are saved in ${state.place}; hand it in with the exercises.`}`;
    body.replaceChildren(make("section", { class: "card" }, head, make("p", {}, words),
      make("div", { class: "buttons" }, next,
        make("button", { type: "button", onclick: () => show(total) }, "Back"),
        state.extra ? state.extra() : null)));
    intro.hidden = true;
    progress();
    head.focus();
  }

  // another tab, or a terminal, may have gone on meanwhile
  async function again() {
    if (document.hidden) {
      if (here && state.auto) save(here);
      return;
    }
    const saved = await asked({ do: "open" });
    if (saved.problem || saved.need_id || saved.student !== state.student) return;
    for (const id of known.keys()) {
      const clean = here?.card.id !== id || same(here.input.value(), answers[id] ?? null);
      if (!clean || same(saved.answers[id], answers[id])) continue;
      if (id in saved.answers) answers[id] = saved.answers[id];
      else delete answers[id];
      if (here?.card.id === id) show(here.card.position, false);
    }
    Object.assign(state.left, saved.left);
    progress();
  }
  refresh.now = again;

  if (state.extra) all.before(state.extra());
  const open = questions.find((card) => !(card.id in answers));
  show(open ? open.position : total + 1, false);
  if (done()) say(`Welcome back: ${done()} of ${total} answered.`);
}

/** Practise a bank: feedback at once, again and again. */
function practise(stage, state, asked, say) {
  const body = make("div", {});
  const intro = make("div", { class: "intro", html: state.text });
  stage.replaceChildren(front(state), intro, body);
  let number = 0;

  async function next(focus = true) {
    const reply = await asked({ do: "next" });
    if (reply.problem) return say(reply.problem, true);
    say("");
    number += 1;
    intro.hidden = number > 1;
    show(reply.question, reply, focus);
  }

  function show(card, round, focus) {
    const waiting = round.early ? `nothing is due; this one comes again ${round.early}` : `${round.waiting} to go`;
    const heading = [`Question ${number}`, make("span", { class: "worth" }, ` · ${waiting}`)];
    let tried = false;
    const made = questionCard(card, heading, null, () => made.input.refuse(""), check);
    const main = make("button", { class: "main" }, "Check");
    const on = make("button", { type: "button", onclick: go }, "Skip");
    made.buttons.append(main, on, made.more);
    body.replaceChildren(make("h2", {}, card.title || "Practice"), made.node);
    if (focus) made.head.focus();

    function request(what, extra) {
      return asked({ do: what, question: card.id, round: round.round, hints: made.shown.hints, ...extra });
    }

    async function check() {
      made.input.keep?.();
      const answer = made.input.value();
      if (answer === null) {
        made.input.refuse("Answer it, or choose Skip.");
        return made.input.focus();
      }
      const reply = await request("try", { answer });
      if (reply.problem) {
        if (reply.unreachable) say(reply.problem, true);
        else made.input.refuse(reply.problem);
        return made.input.focus();
      }
      tried = true;
      tell(made.verdict, reply.outcome);
      if (reply.again && reply.outcome.right) made.verdict.append(make("p", { class: "aside" }, `It comes again ${reply.again}.`));
      main.textContent = "Check again";
      on.textContent = "Next question";
      if (reply.outcome.right) on.focus();
      else made.input.focus();
    }

    async function go() {
      if (!tried) {
        const reply = await request("skip", {});
        if (reply.problem && reply.unreachable) return say(reply.problem, true);
      }
      next();
    }
  }

  next(false);
}
