// Recording with the microphone of this phone or computer; the finished recording goes the way of an uploaded file.
import { send } from "./bulletin.js";

const place = document.querySelector(".for-record");
const button = place.querySelector("[data-record]");
const time = place.querySelector(".recording-time");
const meter = place.querySelector("meter");
let recorder;
let began;
let timer;

async function begin() {
  if (!navigator.mediaDevices?.getUserMedia) return say(place.dataset.insecure);
  let stream;
  try {
    const plain = { echoCancellation: false, noiseSuppression: true, autoGainControl: true };
    stream = await navigator.mediaDevices.getUserMedia({ audio: plain });
  } catch {
    return say(place.dataset.denied);
  }
  const chunks = [];
  recorder = new MediaRecorder(stream);
  recorder.ondataavailable = (event) => chunks.push(event.data);
  recorder.onstop = () => finish(stream, chunks);
  recorder.start(1000);
  place.closest("form").dataset.recording = "yes";
  began = Date.now();
  button.textContent = button.dataset.stop;
  const level = follow(stream);
  timer = setInterval(() => {
    const seconds = Math.floor((Date.now() - began) / 1000);
    time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    meter.value = level();
  }, 100);
}

function follow(stream) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const block = new Float32Array(analyser.fftSize);
  return () => {
    analyser.getFloatTimeDomainData(block);
    const peak = block.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
    return Math.max(0, Math.min(100, 100 + (20 * Math.log10(peak + 1e-6) * 100) / 60)); // 60 dB wide
  };
}

function finish(stream, chunks) {
  for (const track of stream.getTracks()) track.stop();
  clearInterval(timer);
  meter.value = 0;
  button.textContent = button.dataset.start;
  const type = recorder.mimeType || "audio/webm";
  recorder = undefined;
  send(new File(chunks, `${place.dataset.name}.${type.includes("mp4") ? "m4a" : "webm"}`, { type }));
  delete place.closest("form").dataset.recording;
}

function say(text) {
  time.textContent = `⚠ ${text}`;
}

button.addEventListener("click", () => (recorder ? recorder.stop() : begin()));
// Whoever goes on has finished speaking.
for (const other of document.querySelectorAll("form.bulletin :is([data-go], [name=do])")) {
  other.addEventListener("click", () => recorder?.stop(), { capture: true });
}
