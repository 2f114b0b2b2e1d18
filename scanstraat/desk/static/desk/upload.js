// Files that together are too large are told before they are sent; files may be dropped anywhere on the page. Works without, too.
"use strict";
{
  const form = document.querySelector("form.upload");
  const files = document.getElementById("files");
  const wrong = document.getElementById("wrong");
  const sum = () => Array.from(files.files).reduce((octets, file) => octets + file.size, 0);

  const told = () => {
    const isTooMuch = sum() > Number(form.dataset.most);
    const text = isTooMuch ? document.getElementById("too-much").content.textContent : "";
    files.setCustomValidity(text);
    wrong.textContent = text;
    wrong.hidden = !isTooMuch;
  };

  if (files) {
    files.addEventListener("change", told);
    form.addEventListener("submit", () => { form.querySelector("button").disabled = true; });
    window.addEventListener("pageshow", () => { form.querySelector("button").disabled = false; });
    for (const name of ["dragover", "drop"]) {
      document.addEventListener(name, (event) => {
        if (!event.dataTransfer || !Array.from(event.dataTransfer.types).includes("Files")) return;
        event.preventDefault();
        document.body.classList.toggle("dropping", name === "dragover");
        if (name === "drop") {
          files.files = event.dataTransfer.files;
          told();
          files.focus();
        }
      });
    }
    document.addEventListener("dragleave", (event) => {
      if (event.relatedTarget === null) document.body.classList.remove("dropping");
    });
  }
}
