// The ring: one sound per level, made here rather than loaded, and only after somebody has armed it with a tap.

/** Tones in Hz and their length in seconds. @type {Record<string, [number, number][]>} */
const PATTERNS = {
  S1: [[880, 0.16], [660, 0.16], [880, 0.16], [660, 0.16], [880, 0.16], [660, 0.3]],
  S2: [[740, 0.18], [740, 0.3]],
  S3: [[587, 0.3]],
  note: [[523, 0.12], [659, 0.16]], // of no level: somebody has added something
};
const VIBRATIONS = { S1: [300, 100, 300, 100, 500], S2: [200, 100, 200], S3: [200], note: [120] };
const GAP = 0.04;
const LOUDNESS = 0.25;

export class Ring {
  /** @type {AudioContext|null} */
  #audio = null;

  armed = false;

  /** Browsers allow sound only from a tap: call this from one. */
  async arm() {
    this.#audio ??= new AudioContext();
    await this.#audio.resume();
    this.armed = true;
    this.play('S3');
  }

  disarm() {
    this.armed = false;
  }

  /** @param {string} level */
  play(level) {
    if (!this.armed || !this.#audio) return;
    navigator.vibrate?.(VIBRATIONS[/** @type {keyof typeof VIBRATIONS} */ (level)] ?? VIBRATIONS.S3);
    let at = this.#audio.currentTime;
    for (const [pitch, length] of PATTERNS[level] ?? PATTERNS.S3) {
      const tone = this.#audio.createOscillator();
      const gain = this.#audio.createGain();
      tone.frequency.value = pitch;
      gain.gain.setValueAtTime(0, at);
      gain.gain.linearRampToValueAtTime(LOUDNESS, at + 0.02);
      gain.gain.setValueAtTime(LOUDNESS, at + length - 0.03);
      gain.gain.linearRampToValueAtTime(0, at + length);
      tone.connect(gain).connect(this.#audio.destination);
      tone.start(at);
      tone.stop(at + length);
      at += length + GAP;
    }
  }
}
