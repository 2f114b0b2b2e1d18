// Keys press the buttons that name them in aria-keyshortcuts, so that a button and its key can never do different things.
const PRINTED = { "+": "+", "=": "+", "-": "-", "−": "-", "_": "-" };

// "Alt+A", "Control+Enter", "PageUp", "?": as ARIA writes it.
function combination(event) {
  const parts = [];
  if (event.ctrlKey) parts.push("Control");
  if (event.altKey) parts.push("Alt");
  const isLetter = /^[a-z]$/i.test(event.key);
  if (event.shiftKey && (isLetter || event.key.length > 1)) parts.push("Shift");
  parts.push(named(event, isLetter));
  return parts.join("+");
}

function named(event, isLetter) {
  if (/^Digit\d$/.test(event.code) && event.altKey) return event.code.at(-1); // whatever is printed on the row of digits
  if (isLetter) return event.key.toUpperCase();
  if (event.altKey && /^Key[A-Z]$/.test(event.code) && event.key.length === 1 && event.key > "~") return event.code.at(-1);
  return (event.altKey && PRINTED[event.key]) || event.key;
}

export const isTyping = (element) => Boolean(element?.closest?.("input:not([type=checkbox], [type=radio], [type=hidden]), textarea, select, [contenteditable]"));

// The buttons that this key presses; `scope` limits them to what an open dialog or the focused field has.
function pressed(name, scope) {
  return Array.from(scope.querySelectorAll("[aria-keyshortcuts]")).filter(
    (button) => !button.disabled && button.getAttribute("aria-keyshortcuts").split(" ").includes(name) && button.checkVisibility(),
  );
}

export function listen(current) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.getModifierState("AltGraph")) return;
    const name = combination(event);
    if (name === "?" && isTyping(event.target)) return;
    if (name.startsWith("Page") && event.target.closest?.("textarea, .groups, pre")) return;
    const dialog = document.querySelector("dialog[open]");
    const isOther = /^Alt\+[1-9]$/.test(name); // another reading, of the field at hand only
    const scope = dialog ?? (isOther ? current() : document);
    const [button] = scope ? pressed(name, scope) : [];
    if (!button) return;
    event.preventDefault();
    if (event.repeat && !button.dataset.view) return;
    if (button.matches("select, input")) button.focus();
    else button.click();
    if (button.matches("summary")) button.focus();
  });
}
