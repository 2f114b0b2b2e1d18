// Passkeys where the browser has them; a passkey that was not used is said calmly, and nothing is lost by it.
"use strict";

const failed = document.getElementById("passkey-failed");

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("[data-passkeys]")) form.hidden = false;
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  failed.hidden = false;
});
