// The queue by keyboard, and the line one stands on kept while the list changes. All of it works without, too.
import { isTyping } from "./review/keys.js";

const lines = () => Array.from(document.querySelectorAll(".waits .open"));
const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
let place = 0; // of the line that had the focus last

function step(by) {
  const all = lines();
  if (!all.length) return;
  const now = all.indexOf(document.activeElement);
  const next = now < 0 ? Math.min(place, all.length - 1) : now + by;
  all[Math.max(0, Math.min(next, all.length - 1))].focus();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
  if (event.key in STEPS) step(STEPS[event.key]);
  else if (event.key === "n" && !event.repeat) document.getElementById("start").click();
  else if (event.key === "/") document.getElementById("search").focus();
  else return;
  event.preventDefault();
});

document.addEventListener("focusin", (event) => {
  const now = lines().indexOf(event.target);
  if (now >= 0) place = now;
});

// A choice of the form narrows the queue at once; the button stays for those without scripts.
document.querySelector("form.find").addEventListener("change", (event) => {
  if (event.target.matches("select")) event.target.form.requestSubmit();
});

// What comes is a piece of this page, or else the person is signed out by now.
let stoodOn = "";
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status !== 200) return;
  if (!event.detail.serverResponse.includes('id="queue"')) {
    event.detail.shouldSwap = false;
    location.reload();
  }
  stoodOn = document.activeElement?.closest?.("#queue") ? document.activeElement.id : "";
});

// htmx gives the focus back to what is still there; where the line has gone, the one in its place has it.
document.addEventListener("htmx:afterSettle", () => {
  if (stoodOn.startsWith("open-") && !document.getElementById(stoodOn)) lines().at(Math.min(place, lines().length - 1))?.focus();
  stoodOn = "";
});
