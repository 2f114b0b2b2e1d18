// The review page: wires viewer, fields, words and keys together, for the page as it loads and for each that takes its place.
import * as dialogs from "./dialogs.js";
import * as hold from "./hold.js";
import * as keys from "./keys.js";
import { holdReady } from "./ahead.js";
import { Fields } from "./fields.js";
import { Viewer } from "./viewer.js";
import { WordLayer } from "./words.js";

let work = null;
let read = null;
let viewer = null;
let fields = null;
let hiding = 0;

const said = () => document.getElementById("said");

function wire() {
  const now = document.getElementById("work");
  if (now !== work) wireWork(now);
  const side = document.getElementById("read");
  if (side && side !== read) wireFields(side);
  read = side;
}

function wireWork(now) {
  work = now;
  viewer = fields = read = null;
  failed("");
  hold.keep(work, failed);
  const root = work.querySelector(".viewer");
  if (!root) {
    work.querySelector("h1")?.focus();
    return;
  }
  viewer = new Viewer(root);
  if (viewer.papers.length) new WordLayer(viewer, work.dataset.words, () => fields?.current?.dataset.field ?? "", (words, page) => fields?.take(words, page));
  shown(work);
}

function wireFields(side) {
  fields = new Fields(side.querySelector("#fields"), viewer);
  if (!document.querySelector("dialog[open]") && document.activeElement?.id !== "kind") fields.begin();
  else fields.mark();
}

// Once the picture is on the screen: say so to whoever measures, then have the next document ready.
async function shown(now) {
  const picture = now.querySelector(".paper.shown img");
  await picture?.decode().catch(() => {});
  requestAnimationFrame(() => requestAnimationFrame(() => {
    if (performance.getEntriesByName("accepted").length) {
      performance.measure("to-next", "accepted");
      performance.clearMarks("accepted");
    }
    now.dataset.shown = "yes";
  }));
  if (now.dataset.ahead) (window.requestIdleCallback ?? setTimeout)(() => { if (now === work) holdReady(now.dataset.ahead); });
}

function failed(message) {
  const box = document.getElementById("failed");
  box.textContent = message;
  box.hidden = !message;
}

// What was done stays to be undone for a while, then the line goes on with it.
function hideSaid() {
  clearTimeout(hiding);
  const line = said().querySelector(".line");
  if (!line) return;
  hiding = setTimeout(() => { if (line.isConnected) line.remove(); }, Number(line.dataset.seconds) * 1000);
}

function view(what) {
  if (what === "up" || what === "down") return dialogs.reorder(viewer, what === "up" ? -1 : 1);
  if (what === "turn") {
    const form = document.getElementById("turn");
    form.elements.page.value = viewer.page;
    form.requestSubmit();
    return viewer.do("rotate");
  }
  return viewer.do(what);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-view], [data-open], .thumb");
  if (!button || !viewer) return;
  if (button.dataset.open) dialogs.open(button.dataset.open, viewer);
  else if (button.dataset.view) view(button.dataset.view);
  else viewer.go(Number(button.dataset.page));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.defaultPrevented || event.isComposing || !fields) return;
  const target = event.target;
  if (target.closest?.("dialog")) return;
  const isField = target.closest?.(".field, .answer, #kind") && !target.closest("button, a");
  const isNowhere = target === document.body || target.closest?.(".stage, .general, [data-first]:not(button)") === target;
  if (event.ctrlKey && !event.altKey) {
    event.preventDefault();
    if (!event.repeat) fields.accept();
  } else if ((isField || isNowhere) && !event.altKey && !event.metaKey) {
    event.preventDefault();
    if (event.repeat) return;
    if (event.shiftKey) fields.back(target);
    else fields.next(isField ? target : null);
  }
});

document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.(".more-fields") || !event.target.open || !fields) return;
  fields.showPrint();
  event.target.querySelector("input:not([type=hidden]), select")?.focus();
}, true);

document.addEventListener("htmx:afterSwap", () => { wire(); hideSaid(); });
// What can be answered is put in anew only where it is another, so that the hands keep their place.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if (target.id !== "answers") return;
  const codes = (root) => Array.from(root.querySelectorAll("[name=answered]"), (each) => each.closest(".answer").textContent).join("\n");
  if (codes(target) === codes(fragment)) event.detail.shouldSwap = false;
});
document.addEventListener("htmx:oobAfterSwap", (event) => {
  if (event.detail.target.id === "said") hideSaid();
  else fields?.looked();
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (fields) fields.isAccepting = false;
  const { elt, failed: hasFailed, successful, xhr } = event.detail;
  if (successful && elt.matches?.("[data-closes]")) {
    elt.reset();
    elt.closest("dialog").close();
  } else if (hasFailed && ![409, 422].includes(xhr.status)) {
    document.querySelector("dialog[open]")?.close();
    failed(document.getElementById("failed").dataset.lost);
  } else if (successful) failed("");
});
document.addEventListener("htmx:sendError", () => {
  if (fields) fields.isAccepting = false;
  failed(document.getElementById("failed").dataset.lost);
});

keys.listen(() => fields?.current);
dialogs.listen();
wire();
hideSaid();
