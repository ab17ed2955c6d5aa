// Packs the microphone's samples into 20 ms of 16-bit PCM, with their peak; runs in the audio thread.
const SIZE = 960;

class Microphone extends AudioWorkletProcessor {
  constructor() {
    super();
    this.begin();
  }

  begin() {
    this.pcm = new Int16Array(SIZE);
    this.fill = 0;
    this.peak = 0;
  }

  process([[samples]]) {
    if (!samples) return true; // muted, or unplugged
    for (const sample of samples) {
      this.peak = Math.max(this.peak, Math.abs(sample));
      this.pcm[this.fill] = Math.max(-1, Math.min(1, sample)) * 32767;
      this.fill += 1;
      if (this.fill === SIZE) {
        this.port.postMessage({ pcm: this.pcm.buffer, peak: this.peak }, [this.pcm.buffer]);
        this.begin();
      }
    }
    return true;
  }
}

registerProcessor("microphone", Microphone);
