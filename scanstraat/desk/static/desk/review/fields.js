// The fields beside the picture: Enter walks from one that wants an eye to the next, what is pointed at is filled in, and the
// print stands beside each value.
const HIGH = 20; // pixels that print is high beside its value
const MOST = 2.2; // and at most so many a point: then the picture of the page is fine enough
const REST = 200; // milliseconds without a key after which what was typed is looked at
const AROUND = 1.5; // points of paper around it

const parsed = (text) => { try { return text ? JSON.parse(text) : null; } catch { return null; } };

export class Fields {
  constructor(form, viewer) {
    this.form = form;
    this.viewer = viewer;
    this.current = null;
    this.isAccepting = false;
    form.addEventListener("focusin", (event) => this.focused(event.target));
    form.addEventListener("input", (event) => this.typed(event));
    form.addEventListener("change", (event) => { if (event.target.matches("[name=answered]")) this.look(); });
    form.addEventListener("click", (event) => this.clicked(event));
    form.addEventListener("paste", (event) => { if (event.target.closest(".again")) event.preventDefault(); });
    this.mark();
    this.showPrint();
  }

  get rows() { return Array.from(this.form.querySelectorAll(".field, .answer")); }
  input(row) { return row.querySelector(".entry > input:not([type=hidden]), .entry > select, input[type=checkbox]"); }
  again(row) { return row.querySelector(".again:not([hidden]) input"); }
  evidence(row) {
    return parsed(row.querySelector("input[type=hidden]")?.value) ?? parsed(row.dataset.evidence);
  }

  // Where the person begins: at what was objected to, else at the first that wants an eye, else at the first field.
  begin() {
    const first = this.form.querySelector("[data-first], [aria-invalid=true]") ?? this.form.querySelector(".general .objection");
    const row = first?.closest(".field") ?? this.rows.find((each) => this.isOpen(each)) ?? this.rows[0];
    if (first && !first.closest(".field")) first.focus();
    else if (first && this.again(row)) this.again(row).focus();
    else if (row) this.go(row);
  }

  // Whether a row still wants to be looked at: a stop not yet passed, an objection not yet answered.
  isOpen(row) {
    if (row.matches(".answer")) return !this.input(row).checked && !this.input(row).disabled;
    return row.matches(".stop:not(.passed)") && row.checkVisibility();
  }

  go(row) {
    const input = this.input(row);
    input.focus({ preventScroll: true });
    if (input.select && input.type !== "checkbox") input.select();
    row.scrollIntoView({ block: "nearest" });
  }

  focused(target) {
    for (const covered of this.form.querySelectorAll(".covered")) covered.classList.remove("covered");
    target.closest(".again")?.closest(".field").classList.add("covered");
    const row = target.closest(".field, .answer");
    if (!row || row === this.current) return;
    this.current?.classList.remove("current");
    this.current = row;
    row.classList.add("current");
    row.scrollIntoView({ block: "nearest" });
    if (row.matches(".field")) this.viewer.show(row.dataset.field, this.evidence(row));
  }

  // Enter: this one is right, on to the next that wants an eye; after the last one the document is accepted.
  next(from) {
    const row = from?.closest(".field, .answer");
    if (row?.matches(".answer") && this.isOpen(row)) return this.nudge(row);
    const again = row && this.again(row);
    if (again && from !== again && !again.value) return again.focus();
    if (row?.matches(".field")) row.classList.add("passed");
    const rows = this.rows, at = row ? rows.indexOf(row) : -1;
    const open = [...rows.slice(at + 1), ...rows.slice(0, at + 1)].filter((each) => this.isOpen(each));
    if (open.length) this.go(open[0]);
    else this.accept();
  }

  back(from) {
    const rows = this.rows.filter((each) => each.checkVisibility());
    const at = rows.indexOf(from?.closest(".field, .answer"));
    const before = rows.slice(0, Math.max(at, 0));
    const row = before.findLast((each) => each.matches(".stop")) ?? before.at(-1);
    if (!row) return;
    row.classList.remove("passed");
    this.go(row);
  }

  // An objection is answered by ticking it, never in passing.
  nudge(row) {
    row.classList.remove("nudged");
    void row.offsetWidth;
    row.classList.add("nudged");
    this.go(row);
  }

  accept() {
    const button = this.form.querySelector("#accept");
    if (this.isAccepting || !button || button.disabled) return;
    this.isAccepting = true;
    performance.clearMarks("accepted");
    performance.mark("accepted");
    this.form.requestSubmit(button);
  }

  typed(event) {
    const row = event.target.closest(".field");
    if (!row) return;
    if (event.target.closest(".again")) return this.look();
    if (event.isTrusted) row.querySelector("input[type=hidden]").value = ""; // typed, so not pointed at any more
    this.mark();
    this.look();
  }

  // Have the service look at the form as it stands, once the hands rest; a later look takes the place of one under way.
  look() {
    clearTimeout(this.looking);
    this.looking = setTimeout(() => this.form.querySelector("#live")?.dispatchEvent(new Event("look")), REST);
  }

  // What the look found: a value that nothing bears out is typed a second time, with the first one covered.
  looked() {
    for (const told of this.form.querySelectorAll("[data-again]")) {
      const again = told.closest(".field").querySelector(".again");
      if (again.hidden) {
        again.hidden = false;
        told.closest(".field").scrollIntoView({ block: "nearest" });
      }
    }
  }

  clicked(event) {
    const other = event.target.closest(".other");
    if (other) this.fill(other.closest(".field"), other.dataset.text, other.dataset.evidence);
  }

  // What was pointed at, or the other reading, into a field; it counts as looked at.
  fill(row, text, evidence) {
    const input = this.input(row);
    if (!input || input.readOnly || input.disabled) return;
    input.value = text;
    row.querySelector("input[type=hidden]").value = evidence;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    row.classList.add("passed");
    this.print(row);
    this.viewer.show(row.dataset.field, this.evidence(row));
    input.focus({ preventScroll: true });
  }

  take(words, page) {
    const row = this.current?.matches(".field") ? this.current : null;
    if (!row) return;
    const boxes = words.map(({ box }) => box);
    const side = (at, choose) => Math.round(choose(...boxes.map((box) => box[at])) * 10) / 10;
    const box = [side(0, Math.min), side(1, Math.min), side(2, Math.max), side(3, Math.max)];
    const raw = words.map(({ text }) => text).join(" ");
    this.fill(row, raw, JSON.stringify({ page, box, raw }));
  }

  mark() {
    this.viewer.mark(
      this.rows.filter((row) => row.matches(".field")).flatMap((row) => {
        const place = this.evidence(row);
        const tone = row.matches(".doubtful, .objected") && !row.matches(".passed") ? "doubtful" : "calm";
        return place ? [{ field: row.dataset.field, page: place.page, box: place.box, tone }] : [];
      }),
    );
  }

  showPrint() { for (const row of this.rows) if (row.matches(".field")) this.print(row); }

  // The print itself beside the value: a piece of the page's picture, as large as reads well, and nothing of what stands around it.
  print(row) {
    const crop = row.querySelector(".crop"), piece = crop.firstElementChild, place = this.evidence(row);
    const paper = place && this.viewer.papers[place.page - 1];
    crop.classList.toggle("none", !paper);
    const room = row.querySelector(".entry").clientWidth - this.input(row).offsetWidth - 24;
    if (!paper || room < 1) return;
    const [left, top, right, bottom] = [place.box[0] - AROUND, place.box[1] - AROUND, place.box[2] + AROUND, place.box[3] + AROUND];
    const scale = Math.min(HIGH / (place.box[3] - place.box[1]), room / (right - left), MOST);
    const isFine = scale * 72 * devicePixelRatio > 170;
    piece.style.width = `${(right - left) * scale}px`;
    piece.style.height = `${(bottom - top) * scale}px`;
    piece.style.backgroundImage = `url("${paper.dataset.picture}${isFine ? "?dpi=300" : ""}")`;
    piece.style.backgroundSize = `${Number(paper.dataset.width) * scale}px ${Number(paper.dataset.height) * scale}px`;
    piece.style.backgroundPosition = `${-left * scale}px ${-top * scale}px`;
  }
}
