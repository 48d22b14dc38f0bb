// For which cases a page rings, and when: once for a new case not yet accepted; for 特急 also when it becomes late, and once a minute for all of them together
// while there is one. In a flood only 特急 rings. Also what screen readers are told about clocks that run out: once each, and rarely.

import { helpOf, isGrave, isUrgent, ringsElsewhere } from './card.js';
import { say } from '../kernel/dom.js';
import { w } from '../kernel/words.js';

/** @typedef {import('../contracts.js').CallCard} CallCard */
/** @typedef {import('../contracts.js').Me} Me */

const REPEAT_S1 = 60_000;
const SAY_EVERY = 10_000;
/** When the S1 sound was last heard in this browser, on any page: by the device's clock, in ms. */
const HEARD = 'rang-at';
/** Until when a page of this browser listened before it was left: by the server's clock, in ms. */
const LISTENED = 'listened-until';
/** In ms: what came between two pages is caught up with, not what came while nobody was there. */
const CATCHES_UP = 60_000;

/** In any of their posts. @param {Me} me */
export const isOnDuty = (me) => (me.posts ?? [me]).some((post) => post.onDuty);

/** Whether a case calls for this person: it is ringing, and is theirs to accept or has climbed to them; or it is grave, theirs, and late. @param {CallCard} card @param {Me} me */
export function isFor(card, me) {
  if (me.onDuty && helpOf(card, me.team) === 'asked') return true;
  const urgent = isUrgent(card);
  if (card.state !== 'ringing' && !urgent) return false;
  if (me.role === 'duty') return urgent || card.level === 'S1' || card.rung === 'street';
  if (me.role === 'community') return urgent || card.level === 'S1' || card.rung !== 'team';
  return Boolean(me.team) && me.onDuty && !ringsElsewhere(card, me.team) && (card.state === 'ringing' || card.lead?.team === me.team);
}

export class Alarm {
  /** Cases that have rung here in their current state. @type {Set<string>} */
  #rung = new Set();

  #begun = false;

  /**
   * At every change and once a second: the level to sound now, if any. @param {Iterable<CallCard>} cards those that call for this person
   * @param {number} now by the server's clock, in ms @param {() => boolean} isFlood @returns {string|undefined}
   */
  look(cards, now, isFlood) {
    const listened = Number(localStorage.getItem(LISTENED));
    /** @param {CallCard} card */
    const isNews = (card) => this.#begun || (now - listened < CATCHES_UP && Date.parse(card.openedAt) > listened);
    /** @type {string[]} */
    const loud = [];
    /** @type {Set<string>} */
    const here = new Set();
    let grave = false;
    for (const card of cards) {
      const level = isGrave(card) ? 'S1' : card.level;
      const mark = `${card.callNo} ${card.state === 'ringing'}`;
      here.add(mark);
      grave ||= level === 'S1';
      if (!this.#rung.has(mark) && isNews(card) && (level === 'S1' || !isFlood())) loud.push(level);
    }
    this.#rung = here;
    this.#begun = true;
    if (grave && Math.abs(Date.now() - Number(localStorage.getItem(HEARD))) >= REPEAT_S1) loud.push('S1');
    return loud.sort()[0];
  }

  /** The page is being left: the next one catches up from here. @param {number} now by the server's clock, in ms */
  static leave(now) {
    localStorage.setItem(LISTENED, String(now));
  }

  /** Restarts the minute. */
  static heard() {
    localStorage.setItem(HEARD, String(Date.now()));
  }
}

/** Clocks that have run out, each announced once, at most one sentence in ten seconds. */
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
