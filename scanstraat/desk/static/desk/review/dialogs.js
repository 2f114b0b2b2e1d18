// Small dialogs for acts that want a reason or a choice: opened by their button or key, confirmed by Enter, left by Escape.
export function open(name, viewer) {
  const dialog = document.getElementById(`dialog-${name}`);
  if (!dialog || dialog.open) return;
  if (name === "split") dialog.querySelector("[name=before_page]").value = Math.max(viewer.page, 2);
  dialog.showModal();
  dialog.querySelector("[autofocus]")?.focus();
  dialog.querySelector("input[type=number]")?.select();
}

// The pages in another order: `step` moves the one in view up or down; nothing is told to the service before Enter.
export function reorder(viewer, step) {
  const dialog = document.getElementById("dialog-order");
  if (!dialog) return;
  if (!dialog.open) {
    dialog.order = viewer.papers.map((_, at) => at + 1);
    open("order", viewer);
  }
  const order = dialog.order, at = order.indexOf(viewer.page), to = at + step;
  if (to >= 0 && to < order.length) [order[at], order[to]] = [order[to], order[at]];
  dialog.querySelector("[name=order]").value = order.join(",");
  const list = dialog.querySelector(".order");
  list.replaceChildren(
    ...order.map((page) => {
      const item = document.createElement("li");
      item.textContent = list.dataset.text.replace("{page}", page);
      if (page === viewer.page) item.setAttribute("aria-current", "true");
      return item;
    }),
  );
}

export function listen() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]") || event.target.matches?.("dialog")) event.target.closest("dialog").close();
  });
  // Enter confirms, also in a text of several lines; Shift+Enter begins a new one there.
  document.addEventListener("keydown", (event) => {
    const dialog = event.target.closest?.("dialog");
    if (!dialog || event.key !== "Enter" || event.shiftKey || event.isComposing || event.target.closest("button, a")) return;
    event.preventDefault();
    if (event.repeat) return;
    const form = dialog.querySelector("form");
    if (form) form.requestSubmit(form.querySelector("button[type=submit]"));
  });
}
