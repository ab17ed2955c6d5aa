// The bulletin's form in steps, one at a time; what is typed keeps itself as a draft.
import { offer } from "./sign_in.js";

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

// What is missing is said before one goes on; the server looks at everything once more.
function missing(number) {
  const kind = form.elements.kind.value;
  const sound = !form.querySelector("[name=item]") && { text: form.elements.text, record: ".for-sound", file: ".for-sound" }[kind];
  const wanted = number === 1 ? [form.elements.title, sound] : [".where"];
  for (const one of wanted) {
    const field = typeof one === "string" ? form.querySelector(one) : one;
    if (!field) continue;
    const ticked = field.matches(".where") && field.querySelector(":checked");
    const chosen = field.matches(".for-sound") && (form.elements.sound.value || recording());
    if (ticked || chosen || field.value?.trim()) continue;
    return field;
  }
  return number === 1 && kind === "text" ? doubtful() : undefined;
}

// A word of which only a person knows how it is read, and nobody has said so yet.
function doubtful() {
  const chosen = (one) => one.querySelector("[type=radio]:checked") || one.querySelector("[name^=own-]").value.trim();
  return [...form.querySelectorAll(".doubt")].find((one) => !chosen(one));
}

function recording() {
  if (form.dataset.recording) return true;
  const words = form.querySelector(".upload-words");
  return !form.querySelector(".upload").hidden && !words.textContent.startsWith("⚠");
}

function go(from, to) {
  for (const old of form.querySelectorAll(".missing")) old.remove();
  const field = to > from ? missing(from) : undefined;
  if (!field) {
    history.pushState({ step: to }, "");
    return show(to);
  }
  const told = document.createElement("p");
  told.className = "field-problem missing";
  told.setAttribute("role", "alert");
  told.textContent = `⚠ ${field.dataset.missing}`;
  field.before(told);
  told.scrollIntoView({ block: "center" });
  return (field.matches("input, textarea") ? field : field.querySelector("input:not([type=hidden])"))?.focus({ preventScroll: true });
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
    if (reply.status === 401) offer(words);
    if (!told.ok) timer = setTimeout(keep, 5000);
  } catch {
    timer = setTimeout(keep, 5000); // the line of the emergency bar says that the connection is lost
  }
}

progress.hidden = false;
for (const turn of form.querySelectorAll(".turn")) turn.hidden = false;
for (const button of form.querySelectorAll("[data-go]")) {
  button.addEventListener("click", () => {
    const from = Number(button.closest(".part").dataset.part);
    setTimeout(() => go(from, Number(button.dataset.go))); // a recording that goes on is finished first
  });
}
addEventListener("popstate", (event) => show(event.state?.step ?? 1));
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("input, select")) return;
  event.preventDefault(); // else the browser presses the first button of the form
  event.target.closest(".part").querySelector(".button.big:not([data-record])")?.click();
});
for (const link of document.querySelectorAll("#problems a")) {
  link.addEventListener("click", () => show(Number(document.querySelector(link.hash)?.closest(".part")?.dataset.part ?? 1)));
}
form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(keep, 1500);
});
const shown = Number(form.dataset.shown);
history.replaceState({ step: shown || inTrouble() }, "");
show(shown || inTrouble(), { focus: Boolean(shown) });
