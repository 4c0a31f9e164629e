// Numbers and orders of each student's own: the same as quiz/variants.py draws.

const WORDS = primes(64).map((prime) => fraction(Math.cbrt(prime)));
const START = primes(8).map((prime) => fraction(Math.sqrt(prime)));

function primes(count) {
  const found = [];
  for (let n = 2; found.length < count; n += 1) {
    if (found.every((prime) => n % prime)) found.push(n);
  }
  return found;
}

function fraction(root) {
  return Math.floor((root - Math.floor(root)) * 2 ** 32);
}

/** SHA-256 of bytes, as eight numbers of 32 bits: the browser's own is only there over https. */
export function sha256(bytes) {
  const length = bytes.length;
  const data = new DataView(new ArrayBuffer((Math.floor((length + 8) / 64) + 1) * 64));
  bytes.forEach((byte, i) => data.setUint8(i, byte));
  data.setUint8(length, 0x80);
  data.setBigUint64(data.byteLength - 8, BigInt(length) * 8n);
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  const state = [...START];
  const w = new Array(64);
  for (let block = 0; block < data.byteLength; block += 64) {
    for (let i = 0; i < 64; i += 1) {
      if (i < 16) { w[i] = data.getUint32(block + 4 * i); continue; }
      const [p, q] = [w[i - 15], w[i - 2]];
      const s0 = turn(p, 7) ^ turn(p, 18) ^ (p >>> 3);
      const s1 = turn(q, 17) ^ turn(q, 19) ^ (q >>> 10);
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) >>> 0;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i += 1) {
      const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
      const one = (h + s1 + ((e & f) ^ (~e & g)) + WORDS[i] + w[i]) >>> 0;
      const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
      const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) >>> 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) >>> 0, c, b, a, (one + two) >>> 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] = (state[i] + word) >>> 0; });
  }
  return state;
}

function bytesOf(words) {
  return words.flatMap((word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]);
}

/** Endless numbers below 2**64 from a seed made of texts. */
function* stream(...parts) {
  const text = ["nnv-variant-1", ...parts].join("\0");
  const seed = bytesOf(sha256([...new TextEncoder().encode(text)]));
  for (let counter = 0; ; counter += 1) {
    const block = sha256([...seed, 0, 0, 0, 0, ...bytesOf([counter])]);
    for (let i = 0; i < 8; i += 2) yield (BigInt(block[i]) << 32n) | BigInt(block[i + 1]);
  }
}

/** A text without regard to case, as nearly as a browser can to Python's casefold. */
export function fold(text) {
  return text.toUpperCase().toLowerCase();
}

/** The place of each drawn name in its list. */
export function drawn(question, student, again) {
  const id = fold(student.normalize("NFC").trim());
  return Object.fromEntries(Object.entries(question.draw).map(([name, values]) =>
    [name, Number(stream(id, question.id, name, again).next().value % BigInt(values.length))]));
}

/** The elements in an order that the seed alone decides (Fisher and Yates). */
export function shuffled(elements, ...seed) {
  const order = [...elements];
  const numbers = stream("order", ...seed);
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Number(numbers.next().value % BigInt(last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/** A table's value for the numbers that were drawn. */
export function lookUp(table, question, places) {
  const at = table.names.reduce((sum, name) => sum * question.draw[name].length + places[name], 0);
  return table.values[at];
}

/** A function that puts the drawn numbers into texts, as text or as HTML. */
export function filler(question, places) {
  const put = (text, change) => text.replace(/[\ue000-\ue7ff]/g, (sign) =>
    (question.fills[sign] ? change(lookUp(question.fills[sign], question, places)) : sign));
  const escaped = (words) => words.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return { text: (text) => put(text, String), html: (text) => put(text, escaped) };
}

/** A question as one student sees it, like `show` in quiz/session.py. */
export function shown(question, student, position, again = "") {
  const places = drawn(question, student, again);
  const put = filler(question, places);
  const records = (list, name) => {
    if (!list) return undefined;
    const order = question.shuffle && name
      ? shuffled(list, student, question.id, again, name) : list;
    return order.map(({ id, html, text }) => ({ id, html: put.html(html), text: put.text(text) }));
  };
  const { key, draw, fills, ...card } = question;
  return {
    ...card, position, text: put.html(card.text), hints: card.hints.map(put.html),
    options: records(card.options, "options"), choices: records(card.choices, "choices"),
    prompts: records(card.prompts, ""),
    places,
    numbers: Object.fromEntries(Object.entries(places).map(([name, at]) => [name, draw[name][at]])),
  };
}
