// Shows, while a text is typed, how the voice will read it, and asks for what only a person can know.
const form = document.querySelector("form.bulletin");
const place = form.querySelector("#reading");
let timer;
let asked = 0;

async function read() {
  const mine = ++asked;
  try {
    const reply = await fetch(place.dataset.from, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" } });
    if (!reply.ok || mine !== asked) return;
    const focused = place.contains(document.activeElement) ? document.activeElement : null;
    if (focused?.matches("input:not([type=radio], [type=checkbox])")) return; // somebody is typing there
    place.innerHTML = await reply.text();
    if (focused) [...place.querySelectorAll("input")].find((one) => one.name === focused.name && one.value === focused.value)?.focus();
  } catch {
    // the connection is away: what is typed is kept, and the server asks when it is saved
  }
}

function soon(event) {
  if (event.target !== form.elements.text && !place.contains(event.target) && event.target.name !== "kind") return;
  if (event.target.type === "radio" && place.contains(event.target)) {
    event.target.closest(".doubt").querySelector("[name^=own-]").value = ""; // what was clicked last counts
  }
  asked += 1; // an answer that is still under way knows nothing of this
  clearTimeout(timer);
  timer = setTimeout(read, event.target.type === "radio" ? 0 : 600);
}

form.addEventListener("input", soon);
form.addEventListener("focusout", (event) => place.contains(event.target) && soon(event));
form.querySelector(".patterns")?.addEventListener("click", () => setTimeout(read, 0));
