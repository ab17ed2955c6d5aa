// Small things of every page.
for (const button of document.querySelectorAll("[data-confirm]")) {
  button.addEventListener("click", (event) => confirm(button.dataset.confirm) || event.preventDefault());
}
// What a form has answered can be loaded again, and come back to, like any page.
history.replaceState(history.state, "", location.href);
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
