// The page of `nnv quiz --web`: asks the server that it came from.
import { mount } from "./view.js";

const GONE = "The quiz does not answer: start it again with nnv quiz --web. What you typed is still here.";
const STRANGER = "Open the address that nnv quiz --web printed: this one has no valid token.";
let token = location.hash.slice(1);

async function ask(request) {
  let response;
  try {
    response = await fetch("/ask", {
      method: "POST", keepalive: document.hidden, credentials: "omit",
      headers: { "Content-Type": "application/json", "X-Quiz-Token": token },
      body: JSON.stringify(request),
    });
  } catch {
    throw new Error(GONE);
  }
  if (response.status === 401) throw new Error(STRANGER);
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

async function enter() {
  try {
    ({ token } = await ask({ do: "enter" }));
    history.replaceState(null, "", `#${token}`);
  } catch {
    // asking again says what is wrong
  }
  const quiz = mount(document.getElementById("quiz"), ask);
  document.addEventListener("visibilitychange", quiz.leave);
}

enter();
