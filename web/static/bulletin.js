// The bulletin's form: an upload that shows how far it is, and buttons that tick many clusters at once.
import { offer } from "./sign_in.js";

const form = document.querySelector("form.bulletin");
const file = form.querySelector("#f-file");
const upload = form.querySelector(".upload");
const bar = upload.querySelector("progress");
const words = upload.querySelector(".upload-words");
const listen = form.querySelector(".listen");
const buttons = form.querySelectorAll("button[name=do]");

function busy(isBusy) {
  for (const button of buttons) button.disabled = isBusy;
}

function said(text) {
  words.textContent = text;
  busy(false);
}

export function send(sound) {
  const request = new XMLHttpRequest();
  const data = new FormData();
  data.append("csrf_token", form.elements.csrf_token.value);
  data.append("kind", "file");
  data.append("file", sound, sound.name);
  upload.hidden = false;
  bar.value = 0;
  busy(true);
  words.textContent = words.dataset.sending;
  request.upload.onprogress = (event) => {
    bar.value = event.loaded / event.total;
    if (event.loaded === event.total) words.textContent = words.dataset.working;
  };
  request.onerror = () => said(words.dataset.failed);
  request.onload = () => done(request);
  request.open("POST", form.dataset.upload);
  request.setRequestHeader("X-Requested-With", "fetch");
  request.send(data);
}

function done(request) {
  let told;
  try {
    told = JSON.parse(request.responseText);
  } catch {
    return said(words.dataset.failed);
  }
  if (!told.ok) {
    form.elements.sound.value = "";
    file.value = "";
    said("⚠ " + told.error);
    return request.status === 401 ? offer(words) : undefined;
  }
  form.elements.sound.value = told.sound;
  form.dispatchEvent(new Event("input", { bubbles: true }));
  form.elements.sound_name.value = told.name;
  if (!form.elements.title.value) form.elements.title.value = told.name.replace(/\.[^.]*$/, "").slice(0, 100);
  file.value = ""; // it is in the library: not sent a second time
  form.querySelector(".chosen")?.remove();
  hear(told.sound);
  return said(`✓ ${words.dataset.done} ${told.name} (${told.length}) ${told.note}`);
}

function hear(sound) {
  listen.hidden = false;
  listen.querySelector("audio").src = listen.dataset.mix.replace("SOUND", sound);
}

// Browsers write dates and times in the language of the computer: say them once more in ours.
function echo(input) {
  const place = input.parentElement.querySelector(".echo");
  if (input.type === "time") {
    place.textContent = input.value ? `→ ${input.value}` : "";
    return;
  }
  const [year, month, day] = input.value.split("-");
  const weekday = (new Date(`${input.value}T12:00`).getDay() + 6) % 7;
  place.textContent = day ? `→ ${form.dataset.weekdays.split("|")[weekday]}, ${day}/${month}/${year}` : "";
}

for (const input of form.querySelectorAll("input[type=date], input[type=time]")) {
  const place = document.createElement("span");
  place.className = "echo";
  input.after(place);
  input.addEventListener("input", () => echo(input));
  echo(input);
}

file.addEventListener("change", () => file.files.length && send(file.files[0]));
form.querySelector(".ticks").hidden = false;
for (const button of form.querySelectorAll("[data-tick]")) {
  button.addEventListener("click", () => {
    const wanted = button.dataset.tick.split(" ");
    for (const box of form.querySelectorAll("[name=clusters]")) box.checked = wanted.includes(box.value);
  });
}
for (const link of form.querySelectorAll(".patterns a")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const titles = [...form.querySelectorAll(".patterns a")].map((one) => one.dataset.title);
    const texts = [...form.querySelectorAll(".patterns a")].map((one) => one.dataset.text);
    const typed = form.elements.text.value.trim();
    if (typed && !texts.includes(typed) && !confirm(form.dataset.replace)) return;
    form.elements.text.value = link.dataset.text;
    if (!form.elements.title.value || titles.includes(form.elements.title.value)) form.elements.title.value = link.dataset.title;
    form.elements.text.dispatchEvent(new Event("input", { bubbles: true }));
    form.elements.text.focus();
  });
}
// The map does what the list does; the list is what is sent, and what a keyboard or a screen reader uses.
const map = form.querySelector(".chooser");
function draw() {
  for (const spot of map?.querySelectorAll("[data-number]") ?? []) {
    spot.classList.toggle("open", form.querySelector(`[name=clusters][value="${spot.dataset.number}"]`).checked);
  }
}
map?.removeAttribute("hidden");
map?.addEventListener("click", (event) => {
  const spot = event.target.closest("[data-number]");
  if (spot) form.querySelector(`[name=clusters][value="${spot.dataset.number}"]`).click();
});
form.addEventListener("change", draw);
for (const button of form.querySelectorAll("[data-tick]")) button.addEventListener("click", draw);
draw();
// A recording that goes on is finished first; then the button is pressed once more.
form.querySelector("[name=do][value=more]").addEventListener("click", (event) => form.dataset.recording && event.preventDefault());
document.querySelector("[data-focus]")?.focus();
document.getElementById("problems")?.focus();
if (listen.dataset.asked) listen.querySelector("audio").focus();
