// The picture of one page: pages, zoom, rotation, panning, and the boxes of what was read. Lengths in points; scale in pixels a point.
const STEPS = [50, 67, 80, 100, 125, 150, 200, 250, 300, 400]; // percent of the printed size
const TRUE_SIZE = 96 / 72;
const TINY = 5; // pixels that letters may be high before the view comes closer
const READABLE = 10;
const NORMAL_DPI = 150;
const SLACK = 1.12; // a picture drawn a little larger than it is stays sharp to the eye
const SVG = "http://www.w3.org/2000/svg";

// How a person likes to look, kept from one document to the next.
const liking = { fit: "width", scale: TRUE_SIZE };

export class Viewer {
  constructor(root) {
    this.root = root;
    this.stage = root.querySelector(".stage");
    this.papers = Array.from(root.querySelectorAll(".paper"));
    this.page = 1;
    this.turns = this.papers.map((paper) => Number(paper.dataset.turn));
    this.marks = [];
    this.focused = null;
    this.cameCloser = false;
    if (!this.papers.length) return;
    const sized = new ResizeObserver(() => { if (this.stage.isConnected) this.layOut(); else sized.disconnect(); });
    sized.observe(this.stage);
    this.stage.addEventListener("wheel", (event) => this.wheeled(event), { passive: false });
    this.go(1);
  }

  get paper() { return this.papers[this.page - 1]; }
  get turn() { return this.turns[this.page - 1]; }
  get size() { return [Number(this.paper.dataset.width), Number(this.paper.dataset.height)]; }

  // What the buttons and keys ask for.
  do(what) {
    if (!this.papers.length) return;
    ({
      previous: () => this.go(this.page - 1),
      next: () => this.go(this.page + 1),
      smaller: () => this.step(-1),
      larger: () => this.step(1),
      fit: () => { liking.fit = liking.fit === "width" ? "page" : "width"; this.layOut(); },
      rotate: () => { this.turns[this.page - 1] = (this.turn + 90) % 360; this.layOut(); },
    })[what]?.();
  }

  go(page) {
    if (page < 1 || page > this.papers.length) return;
    const isOther = page !== this.page || !this.paper.classList.contains("shown");
    this.page = page;
    for (const paper of this.papers) paper.classList.toggle("shown", paper === this.paper);
    this.paper.querySelector("img").loading = "eager";
    if (isOther) this.stage.scrollTo(0, 0);
    this.say();
    this.layOut();
  }

  say() {
    const at = this.root.querySelector(".at");
    at.textContent = at.dataset.text.replace("{page}", this.page).replace("{pages}", this.papers.length);
    this.root.querySelector(".file").textContent = this.paper.dataset.file;
    this.root.querySelector("[data-view=previous]").disabled = this.page === 1;
    this.root.querySelector("[data-view=next]").disabled = this.page === this.papers.length;
    for (const thumb of this.root.querySelectorAll(".thumb")) {
      const isThis = Number(thumb.dataset.page) === this.page;
      if (isThis) { thumb.setAttribute("aria-current", "true"); thumb.scrollIntoView({ block: "nearest" }); }
      else thumb.removeAttribute("aria-current");
    }
    const split = this.root.querySelector("[data-open=split]");
    if (split) split.disabled = this.page === 1;
  }

  // The size of the page on the stage, by what the person likes: the width, the whole page, or a scale of his own.
  layOut() {
    const [width, height] = this.size;
    const [across, down] = this.turn % 180 ? [height, width] : [width, height];
    const style = getComputedStyle(this.stage);
    const room = [this.stage.clientWidth - 2 * parseFloat(style.paddingLeft), this.stage.clientHeight - 2 * parseFloat(style.paddingTop)];
    const fitting = { width: room[0] / across, page: Math.min(room[0] / across, room[1] / down) }[liking.fit];
    const scale = Math.max(this.closer ?? fitting ?? liking.scale, 0.05);
    this.scale = scale;
    this.paper.style.width = `${across * scale}px`;
    this.paper.style.height = `${down * scale}px`;
    const turned = this.paper.querySelector(".turned");
    turned.style.width = `${width * scale}px`;
    turned.style.height = `${height * scale}px`;
    const [x, y] = { 0: [0, 0], 90: [height, 0], 180: [width, height], 270: [0, width] }[this.turn];
    turned.style.transform = `translate(${x * scale}px, ${y * scale}px) rotate(${this.turn}deg)`;
    this.root.querySelector(".zoom").textContent = `${Math.round((scale / TRUE_SIZE) * 100)}%`;
    this.sharpen();
    this.draw();
  }

  step(direction) {
    const now = Math.round((this.scale / TRUE_SIZE) * 100);
    const next = direction > 0 ? STEPS.find((step) => step > now) : STEPS.findLast((step) => step < now);
    if (next) this.zoomTo((next / 100) * TRUE_SIZE);
  }

  // `at`: the place of the stage, in pixels, that stays where it is; its middle where none is given.
  zoomTo(scale, at) {
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = this.stage;
    const [x, y] = at ?? [clientWidth / 2, clientHeight / 2];
    const before = this.scale;
    liking.fit = "";
    liking.scale = Math.min(Math.max(scale, (STEPS[0] / 100) * TRUE_SIZE), (STEPS.at(-1) / 100) * TRUE_SIZE);
    this.closer = undefined;
    this.layOut();
    const grown = this.scale / before;
    this.stage.scrollTo((scrollLeft + x) * grown - x, (scrollTop + y) * grown - y);
  }

  wheeled(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const { left, top } = this.stage.getBoundingClientRect();
    this.zoomTo(this.scale * Math.exp(-event.deltaY / 400), [event.clientX - left, event.clientY - top]);
  }

  // A finer picture, once the one on the screen is drawn larger than it is; it takes its place when it is there.
  sharpen() {
    const picture = this.paper.querySelector("img");
    if (picture.dataset.fine || this.scale * 72 * devicePixelRatio <= NORMAL_DPI * SLACK) return;
    picture.dataset.fine = "coming";
    const fine = new Image();
    fine.src = `${this.paper.dataset.picture}?dpi=300`;
    fine.decode().then(() => { picture.src = fine.src; picture.dataset.fine = "there"; }, () => { delete picture.dataset.fine; });
  }

  // All boxes: `marks` as {field, page, box, tone}; the focused field's is the one in sight.
  mark(marks) { this.marks = marks; this.draw(); }

  draw() {
    const svg = this.paper.querySelector("svg");
    svg.querySelectorAll(".mark").forEach((old) => old.remove());
    for (const { field, page, box, tone } of this.marks) {
      if (page !== this.page) continue;
      this.rectangle(svg, box, `mark ${tone}${field === this.focused ? " focused" : ""}`);
    }
  }

  rectangle(svg, [x0, y0, x1, y1], name, margin = 2.5) {
    const rectangle = document.createElementNS(SVG, "rect");
    rectangle.setAttribute("class", name);
    rectangle.setAttribute("x", x0 - margin);
    rectangle.setAttribute("y", y0 - margin);
    rectangle.setAttribute("width", x1 - x0 + 2 * margin);
    rectangle.setAttribute("height", y1 - y0 + 2 * margin);
    rectangle.setAttribute("rx", 2);
    svg.append(rectangle);
    return rectangle;
  }

  // Bring a field's box in sight; the view comes closer only where print would be too small to read, and goes back after.
  show(field, place) {
    this.focused = field;
    if (!this.papers.length) return;
    if (!place) return this.draw();
    if (place.page !== this.page) this.go(place.page);
    const height = Math.min(place.box[2] - place.box[0], place.box[3] - place.box[1]);
    const plain = this.closer === undefined ? this.scale : this.plain;
    const wanted = height * plain < TINY ? Math.min(READABLE / height, 4 * TRUE_SIZE) : undefined;
    if (wanted !== this.closer) { this.plain = plain; this.closer = wanted; this.layOut(); }
    this.draw();
    this.into(place.box);
  }

  into(box) {
    const [x0, y0] = this.onPaper(box[0], box[1]);
    const [x1, y1] = this.onPaper(box[2], box[3]);
    const left = Math.min(x0, x1) * this.scale + this.paper.offsetLeft, right = Math.max(x0, x1) * this.scale + this.paper.offsetLeft;
    const top = Math.min(y0, y1) * this.scale + this.paper.offsetTop, bottom = Math.max(y0, y1) * this.scale + this.paper.offsetTop;
    const stage = this.stage;
    const isHigh = top < stage.scrollTop + 0.08 * stage.clientHeight, isLow = bottom > stage.scrollTop + 0.92 * stage.clientHeight;
    const isAside = left < stage.scrollLeft || right > stage.scrollLeft + stage.clientWidth;
    if (!isHigh && !isLow && !isAside) return;
    stage.scrollTo({
      top: isHigh || isLow ? (top + bottom) / 2 - stage.clientHeight / 2 : stage.scrollTop,
      left: isAside ? (left + right) / 2 - stage.clientWidth / 2 : stage.scrollLeft,
    });
  }

  // From points of the page as it was read to points of the page as it lies, and back from pixels of the screen.
  onPaper(x, y) {
    const [width, height] = this.size;
    return { 0: [x, y], 90: [height - y, x], 180: [width - x, height - y], 270: [y, width - x] }[this.turn];
  }

  pointed(event) {
    const { left, top } = this.paper.getBoundingClientRect();
    const x = (event.clientX - left) / this.scale, y = (event.clientY - top) / this.scale;
    const [width, height] = this.size;
    return { 0: [x, y], 90: [y, height - x], 180: [width - x, height - y], 270: [width - y, x] }[this.turn];
  }
}
