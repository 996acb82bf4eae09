// Shows the copy buttons, which need JavaScript, and lets them copy.
"use strict";
function prepare(root) {
  for (const button of root.querySelectorAll("[data-copiar]")) button.hidden = !navigator.clipboard;
}
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copiar]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copiar).textContent);
  button.textContent = "Copiado";
  setTimeout(() => { button.textContent = "Copiar"; }, 2000);
});
document.addEventListener("DOMContentLoaded", () => prepare(document));
document.addEventListener("htmx:afterSwap", (event) => prepare(event.target));
