// The words under the picture: pointing at one shows it, a click puts it into the focused field, a drag takes several.
const NEAR = 3; // points beside a word that still count as it
const DRAGGED = 4; // pixels after which a press is a drag
const AMOUNT = /^[-+−]?[\d.,'’]+[-−]?$/u;
const PIECE = /^[\p{L}\d]{1,8}$/u;
const DAY = /^\d{1,2}\.? \p{L}+\.? \d{2,4}$/u;
const IBAN = /^[A-Z]{2}\d{2}[A-Z\d]{1,30}$/u;

const fetched = new Map();

// Whether the check digits of an IBAN hold (ISO 7064, mod 97-10): where print goes on behind it, they tell where it ends.
function checks(iban) {
  const turned = iban.slice(4) + iban.slice(0, 4);
  return Array.from(turned).reduce((rest, letter) => Number(`${rest}${parseInt(letter, 36)}`) % 97, 0) === 1;
}

// The words of a document by the address they have; asked for once.
export function wordsAt(address) {
  if (!fetched.has(address)) {
    if (fetched.size > 4) fetched.delete(fetched.keys().next().value);
    const asked = fetch(address, { headers: { Accept: "application/json" } }).then((answer) => (answer.ok ? answer.json() : []), () => []);
    fetched.set(address, asked);
  }
  return fetched.get(address);
}

export class WordLayer {
  // `take(words, page)` gets what was pointed at; `field()` names the field it is for.
  constructor(viewer, address, field, take) {
    this.viewer = viewer;
    this.pages = new Map();
    this.field = field;
    this.take = take;
    this.tip = viewer.root.querySelector(".tip");
    wordsAt(address).then((pages) => {
      for (const page of pages) this.pages.set(page.n, page.words.map(([text, x0, y0, x1, y1, line], at) => ({ text, box: [x0, y0, x1, y1], line, at })));
    });
    const stage = viewer.stage;
    stage.addEventListener("pointerdown", (event) => this.pressed(event));
    stage.addEventListener("pointermove", (event) => this.moved(event));
    stage.addEventListener("pointerup", (event) => this.released(event));
    stage.addEventListener("pointercancel", () => this.forget());
    stage.addEventListener("pointerleave", () => { if (!this.from) this.forget(); });
    // the input keeps the focus while the person points; a press on the bare stage gives it to the stage
    stage.addEventListener("mousedown", (event) => { if (event.target.closest(".paper")) event.preventDefault(); });
  }

  get words() { return this.pages.get(this.viewer.page) ?? []; }

  under([x, y]) {
    return this.words.find(({ box }) => x >= box[0] - NEAR && x <= box[2] + NEAR && y >= box[1] - NEAR / 2 && y <= box[3] + NEAR / 2);
  }

  pressed(event) {
    if (event.button > 1 || !event.target.closest(".paper")) return;
    const point = this.viewer.pointed(event), stage = this.viewer.stage;
    this.from = { x: event.clientX, y: event.clientY, point, left: stage.scrollLeft, top: stage.scrollTop };
    this.from.pans = event.button === 1 || !this.under(point);
    stage.setPointerCapture(event.pointerId);
  }

  moved(event) {
    const { from, viewer } = this;
    if (!from) return this.hover(event);
    const across = event.clientX - from.x, down = event.clientY - from.y;
    if (Math.hypot(across, down) < DRAGGED) return;
    from.isDrag = true;
    if (from.pans) {
      viewer.stage.classList.add("panning");
      viewer.stage.scrollTo(from.left - across, from.top - down);
    } else {
      this.outline(this.within(from.point, viewer.pointed(event)));
    }
  }

  released(event) {
    const { from } = this;
    if (!from) return;
    const point = this.viewer.pointed(event);
    const words = from.pans && from.isDrag ? [] : from.isDrag ? this.within(from.point, point) : this.joined(this.under(point));
    this.forget();
    if (words.length && event.button === 0) this.take(words, this.viewer.page);
  }

  forget() {
    this.from = null;
    this.viewer.stage.classList.remove("panning");
    this.outline([]);
    this.tip.hidden = true;
  }

  hover(event) {
    const word = event.target.closest(".paper") && this.under(this.viewer.pointed(event));
    const run = word ? this.joined(word) : [];
    this.outline(run);
    this.tip.hidden = !word;
    this.viewer.stage.classList.toggle("over-word", Boolean(word));
    if (!word) return;
    this.tip.textContent = run.map(({ text }) => text).join(" ");
    const { left, top } = this.viewer.stage.getBoundingClientRect();
    this.tip.style.left = `${event.clientX - left + this.viewer.stage.scrollLeft + 14}px`;
    this.tip.style.top = `${event.clientY - top + this.viewer.stage.scrollTop + 18}px`;
  }

  within([x0, y0], [x1, y1]) {
    const [left, right, top, bottom] = [Math.min(x0, x1), Math.max(x0, x1), Math.min(y0, y1), Math.max(y0, y1)];
    return this.words.filter(({ box }) => box[2] >= left && box[0] <= right && box[3] >= top && box[1] <= bottom);
  }

  // A word with those that belong to it in this kind of field: the groups of an amount or an IBAN, the parts of a date.
  joined(word) {
    if (!word) return [];
    const field = this.field();
    if (/total$/.test(field)) return this.run(word, AMOUNT, 0.5);
    if (field === "iban") return this.iban(word);
    if (/date$/.test(field)) return this.day(word);
    return [word];
  }

  neighbour(word, step, widest) {
    const other = this.words[word.at + step];
    if (!other || other.line !== word.line) return null;
    const [before, after] = step > 0 ? [word, other] : [other, word];
    const gap = after.box[0] - before.box[2], height = word.box[3] - word.box[1];
    return gap > -height && gap < widest * height ? other : null;
  }

  run(word, piece, widest) {
    const run = [word];
    for (let next = this.neighbour(word, 1, widest); next && piece.test(next.text); next = this.neighbour(next, 1, widest)) run.push(next);
    for (let next = this.neighbour(word, -1, widest); next && piece.test(next.text); next = this.neighbour(next, -1, widest)) run.unshift(next);
    return run;
  }

  iban(word) {
    const run = this.run(word, PIECE, 1);
    for (let start = 0; start < run.length; start += 1) {
      for (let end = run.length; end > start; end -= 1) {
        const some = run.slice(start, end);
        const text = some.map((each) => each.text).join("").toUpperCase();
        if (some.includes(word) && IBAN.test(text) && checks(text)) return some;
      }
    }
    return [word];
  }

  day(word) {
    const run = this.run(word, /./u, 1.2);
    for (let start = 0; start + 3 <= run.length; start += 1) {
      const some = run.slice(start, start + 3);
      if (some.includes(word) && DAY.test(some.map(({ text }) => text).join(" "))) return some;
    }
    return [word];
  }

  outline(words) {
    const svg = this.viewer.paper.querySelector("svg");
    svg.querySelectorAll(".pointed").forEach((old) => old.remove());
    for (const { box } of words) this.viewer.rectangle(svg, box, "pointed", 1);
  }
}
