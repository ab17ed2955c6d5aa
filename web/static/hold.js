// The emergency button: held for 1.5 seconds, by finger, mouse or key; let go earlier, and nothing happens.
const button = document.querySelector("button.hold");
const form = document.getElementById("emergency");
const bar = document.querySelector(".emergency");
const answer = bar.querySelector(".answer");
let timer = null;

function begin(event) {
  if (timer !== null || (event.type === "pointerdown" && event.button !== 0)) return;
  // A trembling finger, or a bar that changes under it, does not let go: only lifting it does.
  if (event.type === "pointerdown") button.setPointerCapture(event.pointerId);
  button.classList.add("holding");
  timer = setTimeout(send, Number(button.dataset.hold));
}

function letGo() {
  clearTimeout(timer);
  timer = null;
  button.classList.remove("holding");
}

function tooEarly() {
  if (timer !== null) answer.textContent = button.dataset.short;
  letGo();
}

function post() {
  return fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" } });
}

// Somebody has signed in anew in another tab: this page's secret is no longer good, a new page has one that is.
async function renew() {
  const page = new DOMParser().parseFromString(await (await fetch(button.dataset.again)).text(), "text/html");
  form.elements.csrf_token.value = page.querySelector("[name=csrf_token]").value;
}

async function send() {
  letGo();
  answer.textContent = button.dataset.sending;
  const until = Date.now() + 15000;
  for (;;) {
    const told = await once();
    if (told.ok) return hear();
    if (Date.now() > until) {
      answer.textContent = told.error ?? button.dataset.failed;
      return;
    }
    await new Promise((goOn) => setTimeout(goOn, 1000)); // the station may be beginning anew: a few seconds
  }
}

// Sent is not on air: that the station itself says, and live.js shows it.
async function hear() {
  answer.textContent = button.dataset.sent;
  const until = Date.now() + 10000;
  while (Date.now() < until) {
    await new Promise((goOn) => setTimeout(goOn, 250));
    if (timer !== null || answer.textContent !== button.dataset.sent) return; // something newer is said
    if (!bar.classList.contains("sounding")) continue;
    answer.textContent = button.dataset.going;
    return;
  }
  answer.textContent = button.dataset.silent;
}

async function once() {
  try {
    let reply = await post();
    if (reply.status === 400) {
      await renew();
      reply = await post();
    }
    return await reply.json();
  } catch {
    return { ok: false };
  }
}

if (button) {
  button.addEventListener("pointerdown", begin);
  for (const end of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) button.addEventListener(end, tooEarly);
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  button.addEventListener("keydown", (event) => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    if (!event.repeat) begin(event);
  });
  button.addEventListener("keyup", tooEarly);
}
