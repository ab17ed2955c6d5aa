// Small things of every page.
for (const button of document.querySelectorAll("[data-confirm]")) {
  button.addEventListener("click", (event) => confirm(button.dataset.confirm) || event.preventDefault());
}
// What a form has answered can be loaded again, and come back to, like any page.
history.replaceState(history.state, "", location.href);
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
// Who approves has listened to the end, or has not: the form says which.
for (const said of document.querySelectorAll("form.decide [name=heard]")) {
  said.value = "no";
  said.closest("li").querySelector("audio").addEventListener("ended", () => { said.value = "yes"; });
}
