// What callers have added since their case was last opened here: a mark until it is read, and shown first when the case is opened. The feed
// carries a count; the texts are read with the case.

import { when } from './clock.js';
import { h } from '../kernel/dom.js';
import { w } from '../kernel/words.js';

/** @typedef {import('../contracts.js').CallCard} CallCard */

/** The number of cases remembered as read; the oldest are forgotten first. */
const LIMIT = 500;

/** Events: `read` (a mark was cleared). */
export class CallerNotes extends EventTarget {
  #key = '';

  /** How many notes of a case were read here. @type {Map<string, number>} */
  #read = new Map();

  /** How many notes a case had at the last look here. @type {Map<string, number>} */
  #known = new Map();

  /** The open case, and how many notes were read before. @type {{callNo: string, from: number}|null} */
  #open = null;

  /** @param {string} account whose marks these are */
  begin(account) {
    this.#key = 'caller-notes ' + account;
    try {
      this.#read = new Map(JSON.parse(localStorage.getItem(this.#key) ?? '[]'));
    } catch {
      // Nothing stored, or storage unavailable: what was read before is marked again.
    }
  }

  /** @param {CallCard} card */
  isUnread = (card) => (card.callerNotes ?? 0) > (this.#read.get(card.callNo) ?? 0);

  /** The cases with new notes since the last look; notes already present when a case first appears are not news. @param {Iterable<CallCard>} cards */
  news(cards) {
    const fresh = [];
    for (const card of cards) {
      const known = this.#known.get(card.callNo);
      const count = card.callerNotes ?? 0;
      if (known === count) continue;
      if (known !== undefined && count > known) fresh.push(card);
      this.#known.set(card.callNo, count);
    }
    return fresh;
  }

  /** What was added since the case was last opened, to go above everything else; marks it as read. @param {import('../contracts.js').CallDetail} detail @param {number} now */
  shown({ call, texts }, now) {
    const count = call.callerNotes ?? 0;
    if (this.#open?.callNo !== call.callNo) this.#open = { callNo: call.callNo, from: this.#read.get(call.callNo) ?? 0 };
    const fresh = count - this.#open.from;
    if (fresh <= 0) return null;
    if (document.visibilityState === 'visible') this.#take(call.callNo, count);
    const said = texts.filter((text) => text.by === 'caller' && text.kind === 'note').slice(-fresh);
    return h('section.caller-said', null, h('h3', null, w('ui.notes.news')),
      ...said.map((text) => h('div.text', null, h('p.soft.small', null, when(text.at, now)), h('p.said', null, text.words))),
      said.length < fresh && h('p.soft', null, w('ui.notes.more')));
  }

  /** The open case was closed. */
  closed() {
    this.#open = null;
  }

  /** @param {string} callNo @param {number} count */
  #take(callNo, count) {
    if (this.#read.get(callNo) === count) return;
    this.#read.delete(callNo);
    this.#read.set(callNo, count);
    for (const oldest of [...this.#read.keys()].slice(0, -LIMIT)) this.#read.delete(oldest);
    try {
      localStorage.setItem(this.#key, JSON.stringify([...this.#read]));
    } catch {
      // It is marked again after a reload.
    }
    this.dispatchEvent(new Event('read'));
  }
}

/** @param {CallerNotes} notes @param {CallCard} card */
export const newsMark = (notes, card) => notes.isUnread(card) && h('p.caller-news', null, w('ui.notes.news'));
