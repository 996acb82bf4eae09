// A page that answers what was sent takes the address where it can be seen again: to reload it sends nothing.
"use strict";
const seen = document.querySelector("[data-direccion]");
if (seen) history.replaceState(null, "", seen.dataset.direccion);
