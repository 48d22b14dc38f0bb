// When the desk makes a sound: for a case that rings this desk, new and not taken. One sound a level; 特急 again each minute; in a flood
// 特急 alone. And what a screen reader is told of clocks that run out: once, and rarely.

import { $, say, setAttr, setText } from './dom.js';
import { Ring } from './sound.js';
import { w } from './words.js';

/** @typedef {import('./contracts.js').CallCard} CallCard */
/** @typedef {import('./contracts.js').Me} Me */

const REPEAT_S1 = 60_000;
const SAY_EVERY = 10_000;

export class Alarm {
  #ring = new Ring();

  /** Cases that have rung here, and when a sound was last made for each. @type {Map<string, number>} */
  #rung = new Map();

  #begun = false;

  /** @param {HTMLElement} button */
  constructor(button) {
    this.button = button;
    button.addEventListener('click', async () => {
      if (this.#ring.armed) this.#ring.disarm();
      else await this.#ring.arm();
      this.show();
    });
    this.show();
  }

  show() {
    setAttr(this.button, 'aria-pressed', String(this.#ring.armed));
    setAttr(this.button, 'data-sound', this.#ring.armed ? 'on' : 'off');
    setText($('sound-text'), w(this.#ring.armed ? 'ui.sound.armed' : 'ui.sound.muted'));
  }

  /** Whether a case asks this desk for somebody: it rings, and is 特急 or has climbed to here. @param {CallCard} card @param {Me} me */
  static isFor(card, me) {
    if (card.state !== 'ringing') return false;
    if (me.role === 'duty') return card.level === 'S1' || card.rung === 'street';
    return me.role === 'community' && (card.level === 'S1' || card.rung !== 'team');
  }

  /** A caller has added something: a short sound of no level. */
  note() {
    this.#ring.play('note');
  }

  /** Once a second. @param {Iterable<CallCard>} cards those for this desk @param {boolean} flood */
  look(cards, flood) {
    const now = performance.now();
    /** @type {string[]} */
    const loud = [];
    const here = new Set();
    for (const card of cards) {
      here.add(card.callNo);
      const last = this.#rung.get(card.callNo);
      if (last !== undefined && (card.level !== 'S1' || now - last < REPEAT_S1)) continue;
      this.#rung.set(card.callNo, now);
      if (!flood || card.level === 'S1') loud.push(card.level);
    }
    for (const callNo of this.#rung.keys()) if (!here.has(callNo)) this.#rung.delete(callNo);
    // What was there when the page came is not new.
    if (this.#begun && loud.length > 0) this.#ring.play(loud.sort()[0]);
    this.#begun = true;
  }
}

/** Clocks that have run out, each told once, at most one sentence in ten seconds. */
export class Thresholds {
  /** @type {Set<string>} */
  #known = new Set();

  /** @type {Set<string>} */
  #untold = new Set();

  #begun = false;
  #saidAt = -Infinity;

  /** Once a second. @param {Set<string>} over the cases that are late now */
  look(over) {
    for (const callNo of over) {
      if (this.#known.has(callNo)) continue;
      this.#known.add(callNo);
      if (this.#begun) this.#untold.add(callNo);
    }
    for (const callNo of this.#known) if (!over.has(callNo)) { this.#known.delete(callNo); this.#untold.delete(callNo); }
    this.#begun = true;
    if (this.#untold.size === 0 || performance.now() - this.#saidAt < SAY_EVERY) return;
    this.#saidAt = performance.now();
    say(w('ui.desk.nowOver', this.#untold.size, over.size));
    this.#untold.clear();
  }
}
