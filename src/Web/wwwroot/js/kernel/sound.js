// The ring: one sound per level, synthesised rather than loaded. Browsers hold back all sound until someone touches the page; a cookie remembers for the shift
// that it was armed, and the server deletes it at sign-out, whichever page that happens on.

/** Tones in Hz with their duration in seconds. @type {Record<string, [number, number][]>} */
const PATTERNS = {
  S1: [[880, 0.16], [660, 0.16], [880, 0.16], [660, 0.16], [880, 0.16], [660, 0.3]],
  S2: [[740, 0.18], [740, 0.3]],
  S3: [[587, 0.3]],
  note: [[523, 0.12], [659, 0.16]], // no level: someone has added something
  lost: [[440, 0.25], [330, 0.25], [262, 0.4]],
};
const VIBRATIONS = { S1: [300, 100, 300, 100, 500], S2: [200, 100, 200], S3: [200], note: [120], lost: [500] };
const GAP = 0.04;
const LOUDNESS = 0.25;
const ARMED = 'ring=on';
/** In seconds: the longest shift. */
const SHIFT = 24 * 3_600;
/** In ms: a browser that holds back sound does not say so; it just does not answer. */
const STARTS_WITHIN = 400;
const TOUCHES = ['pointerup', 'touchend', 'keydown', 'click'];

/** @typedef {'off'|'held'|'broken'|'ready'} RingState off: not armed. held: until a touch. broken: no sound on this device. */

/** Event: `change`, when the state may have changed. */
export class Ring extends EventTarget {
  /** @type {AudioContext|null} */
  #audio = null;

  /** Sound cannot be made here, or did not start although someone had touched the page. */
  #failed = false;

  constructor() {
    super();
    for (const touch of TOUCHES) addEventListener(touch, () => { if (this.armed && this.#audio?.state !== 'running' && (this.#audio || !this.#failed)) void this.wake(true); }, { capture: true, passive: true });
    // Before a first touch most browsers hold it back anyway, and complain.
    if (this.armed && (navigator.userActivation?.hasBeenActive ?? true)) void this.wake();
  }

  get armed() {
    return document.cookie.split('; ').includes(ARMED);
  }

  /** @returns {RingState} */
  get state() {
    if (typeof AudioContext !== 'function') return 'broken';
    if (!this.armed) return this.#failed ? 'broken' : 'off';
    if (this.#audio?.state === 'running') return 'ready';
    return this.#failed ? 'broken' : 'held';
  }

  /** Call this from a tap. */
  async arm() {
    this.#remember(`${ARMED}; max-age=${SHIFT}`);
    await this.wake(true);
    this.play('S3');
  }

  disarm() {
    this.#remember('ring=; max-age=0');
  }

  /** Starts the sound if the browser allows it. @param {boolean} [touched] someone has just touched the page: what is silent then stays silent */
  async wake(touched = false) {
    try {
      if (!this.#audio) {
        this.#audio = new AudioContext();
        this.#audio.addEventListener('statechange', () => this.#tell());
      }
      await Promise.race([this.#audio.resume(), new Promise((resolve) => setTimeout(resolve, STARTS_WITHIN))]);
      this.#failed = this.#audio.state !== 'running' && (this.#failed || (touched && (navigator.userActivation?.isActive ?? true)));
    } catch (error) {
      console.info('sound:', error instanceof Error ? error.message : error);
      this.#failed = true;
    }
    this.#tell();
  }

  /** @param {string} sound a level, or lost @returns {boolean} whether it was heard */
  play(sound) {
    if (this.state !== 'ready' || !this.#audio) return false;
    navigator.vibrate?.(VIBRATIONS[/** @type {keyof typeof VIBRATIONS} */ (sound)] ?? VIBRATIONS.S3);
    let at = this.#audio.currentTime;
    for (const [pitch, length] of PATTERNS[sound] ?? PATTERNS.S3) {
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
    return true;
  }

  /** @param {string} cookie */
  #remember(cookie) {
    document.cookie = `${cookie}; path=/; samesite=lax${location.protocol === 'https:' ? '; secure' : ''}`;
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event('change'));
  }
}

/** One for the page, whoever arms it. */
export const ring = new Ring();

/** A button that arms and disarms, and shows the state; disabled until then, so no tap is lost. @param {HTMLElement} button @param {() => void} show */
export function armedBy(button, show) {
  button.addEventListener('click', () => { if (ring.armed) ring.disarm(); else void ring.arm(); });
  ring.addEventListener('change', show);
  show();
  /** @type {HTMLButtonElement} */ (button).disabled = false;
}
