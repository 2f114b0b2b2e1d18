// A document is ours while its page is open: told to the service now and then, and handed back when the page is left.
let work = null;
let timer = 0;
let until = "";

const token = () => document.querySelector("#work [name=csrfmiddlewaretoken]")?.value ?? "";

function form() {
  const values = new FormData();
  values.set("csrfmiddlewaretoken", token());
  values.set("until", until);
  return values;
}

async function renew(lost) {
  const asked = work;
  const answer = await fetch(asked.dataset.renew, { method: "POST", body: form() }).catch(() => null);
  if (asked !== work || !answer) return;
  if (answer.ok) until = (await answer.json()).until;
  else if (answer.status === 409) {
    clearInterval(timer);
    lost((await answer.json()).message);
  }
}

// `lost(message)`: somebody else has it now.
export function keep(element, lost) {
  clearInterval(timer);
  work = element.dataset.renew ? element : null;
  until = element.dataset.until ?? "";
  if (work) timer = setInterval(() => renew(lost), (Number(work.dataset.seconds) * 1000) / 3);
}

window.addEventListener("pagehide", () => {
  if (work) navigator.sendBeacon(work.dataset.handBack, form());
});
