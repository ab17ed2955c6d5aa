// Speaks live: the microphone's sound goes to the station as it comes. A slow network drops sound here rather than delay it.
const form = document.querySelector("form.speak");
const before = form.querySelector(".before");
const during = form.querySelector(".during");
const state = document.getElementById("speak-state");
const left = form.querySelector(".speak-left");
const meter = form.querySelector("meter");
const hint = form.querySelector(".speak-hint");
const trouble = document.getElementById("speak-trouble");
const MOST_WAITING = 12000; // bytes: 120 ms
const SILENCE_MS = 3000; // the station speaks four times a second
const QUIET_MS = 4000;
let heardAt;
let stream;
let context;
let line;
let last; // what the station said last
let turn = 0; // whoever has waited for something looks whether it is still wanted
let quietSince;

function say(words) {
  if (state.textContent !== words) state.textContent = words;
}

function fail(words) {
  trouble.className = "field-problem";
  trouble.textContent = `⚠ ${words}`;
  trouble.hidden = false;
  end();
  trouble.scrollIntoView({ block: "center" });
}

async function begin(event) {
  event.preventDefault();
  trouble.hidden = true;
  if (!form.querySelector("[name=clusters]:checked")) return fail(form.dataset.nowhere);
  before.hidden = true;
  during.hidden = false;
  left.textContent = hint.textContent = "";
  say(form.dataset.asking);
  const mine = ++turn;
  const node = await microphone(mine);
  if (!node || mine !== turn) return undefined;
  await new Promise((heard) => { node.port.onmessage = heard; }); // a cold sound system takes seconds: no carrier waits for it
  if (mine !== turn) return undefined;
  const permit = await ask(mine);
  if (permit && mine === turn) open(node, permit);
  return undefined;
}

async function microphone(mine) {
  let given;
  try {
    given = await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: false, noiseSuppression: true, autoGainControl: true },
    });
    if (mine !== turn) throw new Error("not wanted any more");
    stream = given;
    context = new AudioContext({ sampleRate: 48000, latencyHint: "interactive" });
    await context.audioWorklet.addModule(form.dataset.worklet);
    if (mine !== turn) throw new Error("not wanted any more");
    const node = new AudioWorkletNode(context, "microphone", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
    context.createMediaStreamSource(stream).connect(node);
    return node;
  } catch (error) {
    for (const track of given?.getTracks() ?? []) track.stop();
    if (mine === turn) fail(error.name === "NotFoundError" ? form.dataset.none : form.dataset.denied);
    return null;
  }
}

async function ask(mine) {
  let told;
  try {
    const reply = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" } });
    told = await reply.json();
  } catch {
    told = { ok: false, error: form.dataset.lost };
  }
  const password = form.elements.password;
  if (password) password.value = "";
  if (!told.ok && mine === turn) fail(told.error);
  return told.permit;
}

function open(node, permit) {
  last = {};
  line = new WebSocket(location.origin.replace("http", "ws") + form.dataset.line, ["pcm16.broadcaster", `permit.${permit}`]);
  line.onopen = () => {
    say(form.dataset.keying);
    heardAt = Date.now();
    node.port.onmessage = ({ data }) => {
      show(data.peak);
      if (line?.readyState === WebSocket.OPEN && line.bufferedAmount < MOST_WAITING) line.send(data.pcm);
    };
  };
  line.onmessage = ({ data }) => hear(JSON.parse(data));
  line.onclose = () => over(last.over ? last.reason : form.dataset.lost);
  stream.getAudioTracks()[0].onended = () => line.close(); // the microphone was unplugged
}

function hear(news) {
  heardAt = Date.now();
  last = news;
  if (news.over) return line.close();
  const speaks = typeof news.left_s === "number";
  form.classList.toggle("speaking", speaks);
  say(speaks ? form.dataset.speak : form.dataset.keying);
  if (speaks) {
    const seconds = Math.ceil(news.left_s);
    left.textContent = `${form.dataset.left} ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
  return undefined;
}

function show(peak) {
  const decibels = 20 * Math.log10(peak + 1e-6);
  meter.value = Math.max(0, Math.min(100, 100 + (decibels * 100) / 60)); // 60 dB wide
  if (decibels > -30) quietSince = undefined;
  else quietSince ??= Date.now();
  if (peak > 0.98) hint.textContent = `⚠ ${form.dataset.clip}`;
  else if (quietSince && Date.now() - quietSince > QUIET_MS) hint.textContent = `⚠ ${form.dataset.quiet}`;
  else if (decibels > -30) hint.textContent = "";
}

function over(reason) {
  if (during.hidden) return;
  end();
  trouble.className = reason ? "field-problem" : "notice";
  trouble.textContent = reason ? `⚠ ${reason}` : `✓ ${form.dataset.over}`;
  trouble.hidden = false;
  trouble.scrollIntoView({ block: "center" });
}

function end() {
  turn += 1;
  for (const track of stream?.getTracks() ?? []) track.stop();
  context?.close().catch(() => {});
  line?.close();
  stream = context = line = heardAt = quietSince = undefined;
  form.classList.remove("speaking");
  before.hidden = false;
  during.hidden = true;
}

setInterval(() => {
  if (line && heardAt && Date.now() - heardAt > SILENCE_MS) over(form.dataset.lost);
}, 500);
form.querySelector(".ticks").hidden = false;
for (const button of form.querySelectorAll("[data-tick]")) {
  button.addEventListener("click", () => {
    const wanted = button.dataset.tick.split(" ");
    for (const box of form.querySelectorAll("[name=clusters]")) box.checked = wanted.includes(box.value);
  });
}
form.addEventListener("submit", begin);
document.getElementById("speak-end").addEventListener("click", () => {
  if (line?.readyState === WebSocket.OPEN) line.send("end");
  else end();
});
addEventListener("pagehide", end);
if (!window.isSecureContext || !navigator.mediaDevices) {
  const place = document.getElementById("no-microphone");
  place.textContent = `⚠ ${form.dataset.insecure}`;
  place.hidden = false;
  document.getElementById("insecure-help").hidden = false;
  document.getElementById("speak-begin").disabled = true;
}
