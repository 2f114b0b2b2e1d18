// The next document lies ready: its first page decoded and its words here, so that it is on the screen as soon as it is ours.
import { wordsAt } from "./words.js";

let ready = [];

export async function holdReady(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const next = await answer.json();
  const waiting = document.getElementById("waiting");
  if (waiting) waiting.textContent = next.waiting;
  ready = next.pictures.map((source) => {
    const picture = new Image();
    picture.src = source;
    picture.decode().catch(() => {});
    return picture;
  });
  if (next.words) wordsAt(next.words);
}
