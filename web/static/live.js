// What is live: parts of the page as the server sends them, and a clear mark when nothing is heard any more.
const bar = document.querySelector(".emergency"); // "sounding": the station says that an emergency is on air
const lost = document.querySelector(".lost");
const SILENCE_MS = 12000;
let source;
let heardAt = Date.now();
let ahead = 0; // seconds that the station's clock is ahead of this one
let stands; // what the page says of the air

function connect() {
  source = new EventSource(bar.dataset.stream);
  source.onmessage = (event) => {
    heardAt = Date.now();
    lost.hidden = true;
    ahead = Number(event.lastEventId) - Date.now() / 1000;
    show(JSON.parse(event.data));
  };
  source.onerror = () => {
    lost.hidden = false; // the browser tries again by itself, or watch() does
  };
}

function show(parts) {
  for (const [id, html] of Object.entries(parts)) {
    const place = document.getElementById(id);
    if (place) place.innerHTML = html;
  }
  if (parts.now !== undefined) {
    const template = document.createElement("template");
    template.innerHTML = parts.now;
    const onAir = template.content.querySelector("[data-on-air]");
    bar.classList.toggle("sounding", onAir?.dataset.onAir === "emergency");
    forget(template.content.querySelector(".huge")?.textContent);
  }
  keepMine();
  countDown();
}

// A button that would only refuse is not shown: of other groups' clusters.
function keepMine() {
  const place = document.querySelector("#clusters[data-mine]");
  for (const link of place?.querySelectorAll(".mute") ?? []) {
    link.hidden = !place.dataset.mine.split(" ").includes(link.getAttribute("href").split("/")[2]);
  }
}

// What was said of the air a while ago must not stand above what is so now.
function forget(now) {
  if (stands !== undefined && stands !== now && document.getElementById("now")) {
    for (const said of document.querySelectorAll("#main > .done:not(:has(form))")) said.remove();
  }
  stands = now;
}

function countDown() {
  for (const left of document.querySelectorAll(".left")) {
    const seconds = Math.max(0, Math.round(Number(left.dataset.ends) - Date.now() / 1000 - ahead));
    const minutes = Math.floor(seconds / 60);
    left.textContent = (minutes ? `${minutes} ${left.dataset.minutes} ` : "") + `${seconds % 60} ${left.dataset.seconds}`;
  }
}

function watch() {
  countDown();
  if (Date.now() - heardAt < SILENCE_MS) return;
  lost.hidden = false;
  heardAt = Date.now() - SILENCE_MS + 4000; // try again in four seconds
  source.close();
  connect();
}

keepMine();
connect();
setInterval(watch, 1000);
addEventListener("pagehide", () => source.close());
addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
