// The quiz in a notebook: asks the kernel that made the widget.
import { mount } from "./view.js";

const GONE = "The notebook's kernel does not answer. What you typed is still here: run the cell again.";
const PATIENCE_MS = 30000;

function render({ model, el }) {
  const waiting = new Map();
  let number = 0;
  const answered = (message) => {
    const { id, reply } = message ?? {};
    waiting.get(id)?.(reply);
    waiting.delete(id);
  };
  model.on("msg:custom", answered);

  // every view of the model hears every reply, so a request's id is its own
  const prefix = Math.random().toString(36).slice(2);
  const ask = (request) => new Promise((resolve, reject) => {
    const id = `${prefix}-${number += 1}`;
    waiting.set(id, resolve);
    setTimeout(() => { if (waiting.delete(id)) reject(new Error(GONE)); }, PATIENCE_MS);
    model.send({ id, request });
  });

  el.classList.add("nnv-quiz", "nnv-widget");
  // the notebook's own shortcuts would take the keys of radio buttons and of lists
  el.dataset.lmSuppressShortcuts = "true";
  el.addEventListener("keydown", (event) => event.stopPropagation());
  const theme = () => {
    const light = document.body.dataset.jpThemeLight;
    if (light !== undefined) el.style.colorScheme = light === "false" ? "dark" : "light";
  };
  const watch = new MutationObserver(theme);
  watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  theme();
  const quiz = mount(el, ask);
  document.addEventListener("visibilitychange", quiz.leave);
  return () => {
    watch.disconnect();
    model.off("msg:custom", answered);
    document.removeEventListener("visibilitychange", quiz.leave);
  };
}

export default { render };
