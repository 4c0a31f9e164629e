// Marks answers to a practice bank, as quiz/scoring does: {share, html} or {problem}.
import { filler, fold, lookUp } from "./draw.js";

/** Mark an answer to a question whose numbers were drawn. */
export function mark(question, places, answer) {
  const put = filler(question, places);
  const made = MARKS[question.type](question.key, answer, question, places, put);
  if (made.problem) return made;
  const { explanation, reread } = question.key;
  const again = reread && made.share < 1 ? `Read again: ${reread}.` : "";
  return { share: made.share, html: [made.html, put.html(explanation), again].filter(Boolean).join(" ") };
}

const MARKS = {
  single_choice: (key, answer, _question, _places, put) => {
    const right = key.right.includes(answer);
    return { share: Number(right), html: put.html(key.said[answer]) || (right ? "Right." : "That is not it.") };
  },
  multiple_choice: (key, answer, _question, _places, put) => {
    const hits = answer.filter((id) => key.right.includes(id)).length;
    const missing = key.right.length - hits;
    const said = answer.map((id) => put.html(key.said[id])).filter(Boolean);
    if (missing) said.push(`${missing} right option(s) are missing.`);
    const share = Math.max(0, (hits - (answer.length - hits)) / Math.max(1, key.right.length));
    return { share, html: said.join(" ") || (share === 1 ? "Right." : "") };
  },
  true_false: (key, answer, _question, _places, put) => (answer === key.right
    ? { share: 1, html: "Right." }
    : { share: 0, html: put.html(key.said) || "It is the other way round." }),
  ordering: (key, answer) => {
    const pairs = key.right.length - 1;
    const hits = answer.slice(1).filter((id, i) => key.right.indexOf(id) === key.right.indexOf(answer[i]) + 1).length;
    const html = hits === pairs ? "Right." : `${hits} of ${pairs} neighbours are in the right order.`;
    return { share: hits / pairs, html };
  },
  matching: (key, answer, question, _places, put) => {
    const wrong = question.prompts.filter((prompt) => answer[prompt.id] !== key.right[prompt.id]);
    const html = wrong.length ? `Look again at: ${wrong.map((prompt) => put.html(prompt.html)).join("; ")}.` : "Right.";
    return { share: 1 - wrong.length / question.prompts.length, html };
  },
  fill_in: (key, answer, _question, _places, put) => {
    const blanks = Object.entries(key.blanks);
    const wrong = blanks.filter(([id, blank]) => !among(answer[id] ?? "", blank.accept, put, false));
    const said = wrong.map(([, blank]) => put.html(blank.said) || "Look again at the other gaps.");
    return { share: 1 - wrong.length / blanks.length, html: wrong.length ? said.join(" ") : "Right." };
  },
  short_answer: (key, answer, _question, _places, put) => {
    if (among(answer, key.accept, put, key.case)) return { share: 1, html: "Right." };
    const mistake = key.mistakes.find((each) => among(answer, each.accept, put, key.case));
    return { share: 0, html: mistake ? put.html(mistake.said) : "That is not it." };
  },
  free_text: (key, _answer, _question, _places, put) => ({
    share: 1,
    html: `Compare with what a full answer says:<ul>${key.concepts.map((each) => `<li>${put.html(each)}</li>`).join("")}</ul>`,
  }),
  numeric,
};

function plain(text, exact) {
  const tidy = text.normalize("NFKC").split(/\s+/).filter(Boolean).join(" ").replace(/[.!]+$/, "").trim();
  return exact ? tidy : fold(tidy);
}

function among(answer, accepted, put, exact) {
  return accepted.some((text) => plain(put.text(text), exact) === plain(answer, exact));
}

const ROUNDING = 1e-12;

function numeric(key, answer, question, places, put) {
  const read = readNumber(answer, key);
  if (read.problem) return read;
  const { value, half } = read;
  const reach = (due) => Math.max(key.relative ? key.tolerance * Math.abs(due) : key.tolerance, ROUNDING * Math.abs(due));
  const near = (due) => Math.abs(value - due) <= reach(due) * (1 + 1e-9);
  const typed = (due) => Math.abs(value - due) <= Math.max(half * (1 + 1e-9), ROUNDING * Math.abs(due));
  const due = lookUp(key.value, question, places);
  if (near(due) && typed(due)) return { share: 1, html: "Right." };
  const made = key.mistakes
    .map((mistake) => ({ ...mistake, due: lookUp(mistake.value, question, places) }))
    .filter((mistake) => mistake.due !== due && near(mistake.due))
    .sort((one, other) => Math.abs(value - one.due) - Math.abs(value - other.due));
  if (made.length && (!near(due) || typed(made[0].due))) return { share: 0, html: put.html(made[0].said) };
  if (near(due)) return { share: 1, html: "Right." };
  if (value * due <= 0) return { share: 0, html: "That is not it: work it through again step by step." };
  return { share: 0, html: `That is not it: it is too ${value / due > 1 ? "large" : "small"}.` };
}

const SCALES = {
  thousand: 1e3, million: 1e6, millions: 1e6, mio: 1e6, mln: 1e6, billion: 1e9, billions: 1e9,
  bn: 1e9, trillion: 1e12, trillions: 1e12,
};
const LETTERS = { k: 1e3, m: 1e6, g: 1e9, b: 1e9, t: 1e12 };
const TIMES = {
  half: 0.5, halves: 0.5, halved: 0.5, doubles: 2, doubled: 2, double: 2, twice: 2, triples: 3,
  tripled: 3, triple: 3, thrice: 3, quadruples: 4, quadrupled: 4, quadruple: 4,
};
const SMALL = "zero one two three four five six seven eight nine ten eleven twelve".split(" ");
const SIGNS = { "−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "’": "'", "÷": "/", "⁄": "/" };
const BEFORE = /^(?:(?:[=~≈:]|it|is|are|by|an?|the|factor|of|about|approximately|roughly|exactly|answer)(?=[\s\d=~≈*.,-]|$)\s*)+/i;
const GROUPED = [
  [/^\d{1,3}(?: \d{3})+(?:[.,]\d+)?$/, " "], [/^\d{1,3}(?:'\d{3})+(?:[.,]\d+)?$/, "'"],
  [/^\d{1,3}(?:_\d{3})+(?:\.\d+)?$/, "_"], [/^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/, ","],
  [/^[1-9]\d{0,2}(?:\.\d{3}){2,}(?:,\d+)?$/, "."], [/^[1-9]\d{0,2}(?:\.\d{3})+,\d+$/, "."],
];
const WRITE = "write one number, for example 14 GB or 16.8 million";

/** A number as people type it, in the question's unit, and half a step of its last digit. */
function readNumber(typed, key) {
  let text = typed.replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+/g, (run) => `^${run.normalize("NFKC")}`).normalize("NFKC")
    .replace(/[−–×·⋅’÷⁄]/g, (sign) => SIGNS[sign]);
  text = text.split("=").pop().trim().replace(/\s+/g, " ").replace(BEFORE, "").replace(/\s*[.!]+$/, "").trim();
  if (key.times) {
    const word = text.toLowerCase().split(/[\s-]/)[0];
    if (word in TIMES) return { value: TIMES[word], half: 0 };
    if (SMALL.includes(word.replace(/fold$/, ""))) return { value: SMALL.indexOf(word.replace(/fold$/, "")), half: 0 };
    text = text.replace(/^[*x] ?(?=\d)/i, "");
  }
  const sign = /^[-+] ?/.exec(text)?.[0] ?? "";
  const product = terms(text.slice(sign.length));
  if (product.problem) return product;
  const scale = scaleOf(product.rest.trim(), key);
  if (scale === null) return { problem: `The unit ${product.rest.trim().slice(0, 30)} does not fit here: ${WRITE}.` };
  const value = product.value * scale * (sign.startsWith("-") ? -1 : 1);
  return { value, half: product.half * scale };
}

function terms(text) {
  let made = term(text);
  while (!made.problem) {
    const sign = /^ *(?:([*xX])|\/) *(?=[\d.,])/.exec(made.rest);
    if (!sign) return made;
    const other = term(made.rest.slice(sign[0].length));
    if (other.problem) return other;
    made = sign[1]
      ? { value: made.value * other.value, half: other.half ? 0 : made.half * other.value, rest: other.rest }
      : { value: made.value / other.value, half: 0, rest: other.rest };
  }
  return made;
}

function term(text) {
  const token = /^(?:\d(?:[\d.,'_]| (?=\d))*|[.,]\d+)(?:[eE][-+]?\d{1,3}(?![\d.,]))?/.exec(text)?.[0];
  if (!token) return { problem: `That is no number: ${WRITE}.` };
  const [digits, exponent = "0"] = token.toLowerCase().split("e");
  const number = ungrouped(digits.trim());
  if (number === null) return { problem: `${digits.slice(0, 30)} could mean several numbers: write 16777216 or 16,777,216, and 13.04 with a point.` };
  let rest = text.slice(token.length);
  let value = Number(`${number}e${exponent}`);
  const decimals = number.split(".")[1]?.length ?? 0;
  let half = (10 ** (Number(exponent) - decimals)) / 2;
  const power = /^ *(?:\^|\*\*) *\(?([-+]?\d{1,4})\)?(?![\d.,])/.exec(rest);
  if (power) {
    value **= Number(power[1]);
    half = 0;
    rest = rest.slice(power[0].length);
  }
  return Number.isFinite(value) ? { value, half, rest } : { problem: "That number is too large to be meant." };
}

function ungrouped(digits) {
  const group = GROUPED.find(([pattern]) => pattern.test(digits));
  if (group) return digits.replaceAll(group[1], "").replaceAll(",", ".");
  return /^(?:\d+(?:[.,]\d*)?|[.,]\d+)$/.test(digits) ? digits.replace(",", ".") : null;
}

/** What to multiply by to be in the wanted unit; null where the unit does not fit. */
function scaleOf(tail, key) {
  const [word, ...others] = tail.split(" ");
  const after = others.join(" ");
  const scale = SCALES[word.toLowerCase()] ?? (key.counts ? LETTERS[word.toLowerCase()] : undefined);
  if (scale !== undefined) {
    const unit = unitOf(after || (key.bytes ? "B" : ""), key);
    return unit === null ? null : scale * unit;
  }
  return unitOf(key.bytes && /^[KkMGgT]$/.test(tail) ? `${tail}B` : tail, key);
}

function unitOf(unit, key) {
  if (!unit) return 1;
  return key.units[unit] ?? key.units[unit.toLowerCase()] ?? null;
}
