// «/» goes to the search box, unless something is being written already.
"use strict";
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea")) return;
  const box = document.getElementById("buscador");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});
