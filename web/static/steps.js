// The bulletin's form in steps, one at a time; what is typed keeps itself as a draft.
const form = document.querySelector("form.bulletin");
const parts = [...form.querySelectorAll(".part")];
const progress = document.querySelector(".progress");
const words = form.querySelector(".draft-words");
let timer;

function show(number, { focus = true } = {}) {
  for (const part of parts) part.hidden = Number(part.dataset.part) !== number;
  for (const step of progress.children) {
    const own = Number(step.dataset.step);
    step.classList.toggle("past", own < number);
    if (own === number) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
  }
  if (!focus) return;
  const part = parts.find((one) => !one.hidden);
  (part.querySelector("legend, h2") ?? part).scrollIntoView({ block: "start" });
  part.setAttribute("tabindex", "-1");
  part.focus({ preventScroll: true });
}

function inTrouble() {
  const field = form.querySelector(".field-problem");
  return Number(field?.closest(".part").dataset.part ?? 1);
}

async function keep() {
  const data = new FormData(form);
  data.delete("file");
  try {
    const reply = await fetch(form.dataset.draft, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
    const told = await reply.json();
    words.textContent = told.ok ? `✓ ${words.dataset.kept} ${told.at}` : `⚠ ${told.error}`;
  } catch {
    timer = setTimeout(keep, 5000); // the line of the emergency bar says that the connection is lost
  }
}

progress.hidden = false;
for (const turn of form.querySelectorAll(".turn")) turn.hidden = false;
for (const button of form.querySelectorAll("[data-go]")) button.addEventListener("click", () => show(Number(button.dataset.go)));
for (const link of document.querySelectorAll("#problems a")) {
  link.addEventListener("click", () => show(Number(document.querySelector(link.hash)?.closest(".part")?.dataset.part ?? 1)));
}
form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(keep, 1500);
});
const shown = Number(form.dataset.shown);
show(shown || inTrouble(), { focus: Boolean(shown) });
