// An exported page: keeps answers in the browser and offers them as answers.yaml.
import { make } from "./fields.js";
import { mount } from "./view.js";
import { drawn, filler, lookUp, shown, shuffled } from "./draw.js";
import { mark } from "./marking.js";

const data = JSON.parse(document.getElementById("data").textContent);
const store = `nnv-quiz/${data.quiz}`;
const memory = new Map(); // where the browser keeps nothing for this page

function load(name, empty) {
  try {
    const text = localStorage.getItem(`${store}/${name}`);
    if (text !== null) return JSON.parse(text);
  } catch { /* forbidden, or spoilt by somebody else: as if there were nothing */ }
  return memory.get(name) ?? empty;
}

function keep(name, value) {
  memory.set(name, value);
  try {
    localStorage.setItem(`${store}/${name}`, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** The student's questions, in their own order: like `ordered` in quiz/session.py. */
function ordered(student) {
  const parts = data.parts.length ? data.parts : [{ id: "", shuffle: false }];
  const order = parts.flatMap((part) => {
    const own = data.questions.filter((question) => question.part === part.id);
    return part.shuffle ? shuffled(own, student, data.quiz, part.id) : own;
  });
  return order.map((question, i) => shown(question, student, i + 1));
}

function cover() {
  return { quiz: data.quiz, mode: data.mode, title: data.title, text: data.text };
}

function left(saved) {
  return data.attempts === null ? null : Math.max(0, data.attempts - (saved?.attempts ?? 0));
}

function open(request) {
  if (data.mode === "practice") return { ...cover(), student: "" };
  const begun = Object.keys(load(`answers/${student()}`, {})).length > 0;
  const wanted = request.student?.trim();
  if (wanted && !data.student && !begun) keep("student", wanted);
  if (!student()) return { ...cover(), need_id: true };
  const saved = load(`answers/${student()}`, {});
  const questions = ordered(student());
  const known = questions.filter((question) => Object.hasOwn(saved, question.id));
  return {
    ...cover(), student: student(), place: "this browser", auto: data.attempts === null,
    parts: data.parts, questions,
    answers: Object.fromEntries(known.map(({ id }) => [id, saved[id].answer])),
    left: Object.fromEntries(questions.map(({ id }) => [id, left(saved[id])])),
    done: "Download answers.yaml and hand it in with the exercises.",
    extra: download,
  };
}

function student() {
  return data.student || load("student", "");
}

function give(request) {
  const name = `answers/${student()}`;
  const saved = load(name, {}); // anew each time: another tab may have gone on
  const before = saved[request.question];
  if (left(before) === 0) return { problem: "This question has no attempt left; your last answer stays." };
  const question = ordered(student()).find((each) => each.id === request.question);
  saved[request.question] = {
    answer: request.answer,
    numbers: question.numbers,
    at: `${new Date().toISOString().slice(0, 19)}Z`,
    attempts: (before?.attempts ?? 0) + 1,
    seconds: Math.round(((before?.seconds ?? 0) + request.seconds) * 10) / 10,
    hints: Math.max(before?.hints ?? 0, request.hints),
  };
  if (!keep(name, saved)) return { problem: "This browser keeps nothing for this page: download answers.yaml before you close it." };
  return { saved: request.answer, outcome: null, left: left(saved[request.question]) };
}

/** A text as YAML between double quotes. */
function quoted(text) {
  return JSON.stringify(text.toWellFormed()).replace(/[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function yaml(value) {
  if (Array.isArray(value)) return `[${value.map(yaml).join(", ")}]`;
  if (typeof value === "object") {
    return `{${Object.entries(value).map(([name, each]) => `${quoted(name)}: ${yaml(each)}`).join(", ")}}`;
  }
  return typeof value === "number" ? String(value) : quoted(value);
}

/** What is saved, as answers.yaml holds it. */
export function answersFile() {
  const saved = load(`answers/${student()}`, {});
  const lines = ["schema_version: 1", `quiz: ${quoted(data.quiz)}`, `student: ${quoted(student())}`];
  const entries = data.questions.filter(({ id }) => Object.hasOwn(saved, id)).map(({ id }) => {
    const { answer, numbers, at, attempts, seconds, hints } = saved[id];
    const notes = { at, attempts, seconds, hints };
    const fields = [`    answer: ${yaml(answer)}`];
    if (Object.keys(numbers).length) fields.push(`    numbers: ${yaml(numbers)}`);
    for (const [name, note] of Object.entries(notes)) if (note) fields.push(`    ${name}: ${yaml(note)}`);
    return `  ${quoted(id)}:\n${fields.join("\n")}`;
  });
  lines.push(entries.length ? `answers:\n${entries.join("\n")}` : "answers: {}");
  return `${lines.join("\n")}\n`;
}

function download() {
  return make("button", { type: "button", class: "save", onclick: () => {
    const url = URL.createObjectURL(new Blob([answersFile()], { type: "application/yaml" }));
    make("a", { href: url, download: "answers.yaml" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
  } }, "Download answers.yaml");
}

// ---- practice: what went wrong comes again soon, what went right later and later

function next() {
  const { clock, known } = load("practice", { clock: 0, known: {} });
  const fresh = shuffled(data.questions.filter(({ id }) => !known[id]), "", data.quiz);
  const seen = data.questions.filter(({ id }) => known[id]).sort((one, other) => known[one.id].due - known[other.id].due);
  const due = seen.filter(({ id }) => known[id].due <= clock);
  const queue = [...due, ...fresh];
  const question = queue[0] ?? seen[0];
  const round = known[question.id]?.rounds ?? 0;
  return {
    question: shown(question, "", 1, `round ${round}`), round, waiting: queue.length,
    early: queue.length ? null : "anyway",
  };
}

function remember(request, share) {
  const progress = load("practice", { clock: 0, known: {} });
  const before = progress.known[request.question] ?? { rounds: 0, streak: 0, due: 0 };
  if (before.rounds !== request.round) return null;
  const streak = share < 1 ? 0 : before.streak + (request.hints ? 0 : 1);
  const wait = share < 1 ? 3 : 6 * 2 ** Math.min(streak, 6);
  progress.clock += 1;
  progress.known[request.question] = { rounds: before.rounds + 1, streak, due: progress.clock + wait };
  keep("practice", progress);
  return `after ${wait} other questions`;
}

function attempt(request) {
  const question = data.questions.find(({ id }) => id === request.question);
  const places = drawn(question, "", `round ${request.round}`);
  const made = mark(question, places, request.answer);
  if (made.problem) return made;
  const again = remember(request, made.share);
  const outcome = { right: made.share === 1, points: question.points * made.share, max_points: question.points, html: made.html };
  return { outcome, again };
}

const replies = {
  open, give, next, try: attempt, skip: (request) => ({ again: remember(request, 0) }),
};

const quiz = mount(document.getElementById("quiz"), async (request) => replies[request.do](request));
document.addEventListener("visibilitychange", quiz.leave);
