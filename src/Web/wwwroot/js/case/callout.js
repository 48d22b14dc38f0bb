// 叫应 in every staff room: whoever is called out reads at the foot of the page what it says, and answers with one tap; until then it rings once a minute.

import { matterAddress, matterPlace } from './matter.js';
import { sendTo } from './orders.js';
import { readOwed } from './owing.js';
import { h, say, setAttr, toast } from '../kernel/dom.js';
import { tell } from '../kernel/forms.js';
import { nameOf, w } from '../kernel/words.js';

/** @typedef {import('./owing.js').Item} Item */

/** In ms. Several changes in a row are read once. */
const READ_AFTER = 250;
const RINGS_EVERY = 60_000;
/** A second tap within this time was meant for what stood there before. */
const TAPS_TWICE = 500;
/** What has rung in this browser, on any page, and when last: by the device's clock, in ms. */
const RANG = 'callout-rang';

/** What is owed where each must be heard. @param {Item} item */
const owedIn = (item) => item.owed[0];

/** @param {Item} item */
const wordsOf = (item) => item.text ?? w('ui.callout.erased');

/** @returns {{at: number, nos: string[]}} */
const rang = () => ({ at: 0, nos: [], ...JSON.parse(localStorage.getItem(RANG) ?? '{}') });

export class CallOuts {
  /** @type {Item[]} */
  #pending = [];

  /** Answered here, until it has been read again. @type {Set<string>} */
  #answered = new Set();

  #drawnAt = -Infinity;
  #hides = 0;
  #asked = 0;
  #reading = false;

  /** @param {import('./feed.js').Watched} feed @param {() => import('../contracts.js').Me} me @param {() => void} changed */
  constructor(feed, me, changed) {
    this.me = me;
    this.changed = changed;
    this.bar = document.getElementById('callout-bar');
    if (!this.bar) return;
    feed.addEventListener('frame', (event) => {
      const { matters = [], mattersGone = [] } = /** @type {CustomEvent<import('../contracts.js').FeedFrame>} */ (event).detail;
      if (matters?.some((card) => card.rings || this.#isPending(card.callNo)) || mattersGone?.some((no) => this.#isPending(no))) this.#readSoon();
    });
    feed.addEventListener('link', () => { if (feed.link === 'live') this.#readSoon(); });
    feed.addEventListener('duty', () => this.#readSoon());
    document.addEventListener('visibilitychange', () => { if (!document.hidden) this.#readSoon(); });
  }

  /** How many wait for an answer from here. */
  get count() {
    return this.#pending.length;
  }

  /** The level to sound now, if any: at once for a new one, and then once a minute until it is answered. */
  loud() {
    if (this.#pending.length === 0) return undefined;
    const { at, nos } = rang();
    if (this.#pending.every((item) => nos.includes(item.matter.callNo)) && Math.abs(Date.now() - at) < RINGS_EVERY) return undefined;
    return this.#pending.some((item) => !item.matter.flags.includes('drill')) ? 'S1' : 'S2';
  }

  /** Restarts the minute. */
  heard() {
    localStorage.setItem(RANG, JSON.stringify({ at: Date.now(), nos: this.#pending.map((item) => item.matter.callNo) }));
  }

  /** @param {string} no */
  #isPending(no) {
    return this.#pending.some((item) => item.matter.callNo === no);
  }

  /** Once at a time: an older answer never comes after a newer one. */
  #readSoon() {
    if (this.#asked) return;
    this.#asked = window.setTimeout(async () => {
      this.#asked = 0;
      if (this.#reading) return this.#readSoon();
      this.#reading = true;
      await this.#read();
      this.#reading = false;
    }, READ_AFTER);
  }

  async #read() {
    const before = [...this.#answered];
    const answer = await readOwed(this.me());
    if ('problem' in answer) return;
    for (const no of before) this.#answered.delete(no);
    const calling = answer.value.filter((item) => item.rings || item.alarms);
    const news = calling.filter((item) => !this.#isPending(item.matter.callNo));
    this.#pending = calling;
    if (news.length > 0) say(this.#sentence(news[0]));
    this.#draw();
  }

  /** @param {Item} item */
  #sentence(item) {
    if (item.alarms) return w('ui.callout.noAnswer', nameOf(item.procedure), matterPlace(item.matter));
    return w(item.matter.flags.includes('drill') ? 'ui.callout.barDrill' : 'ui.callout.bar', nameOf(item.procedure), wordsOf(item));
  }

  #draw() {
    const bar = /** @type {HTMLElement} */ (this.bar);
    this.#pending = this.#pending.filter((item) => !this.#answered.has(item.matter.callNo));
    const [first] = this.#pending;
    if (first) this.#show(bar, first);
    else if (!bar.hidden && !this.#hides) this.#hides = window.setTimeout(() => this.#hide(bar), TAPS_TWICE); // not under the finger
    this.changed();
  }

  /** @param {HTMLElement} bar @param {Item} first */
  #show(bar, first) {
    clearTimeout(this.#hides);
    this.#hides = 0;
    bar.hidden = false;
    if (bar.dataset.case === first.matter.callNo) return;
    const hadFocus = bar.contains(document.activeElement);
    setAttr(bar, 'data-case', first.matter.callNo);
    this.#drawnAt = performance.now();
    const title = first.matter.flags.includes('drill') ? w('ui.callout.titleDrill') : nameOf(first.procedure);
    const words = first.alarms ? this.#sentence(first) : wordsOf(first);
    const yes = first.alarms ? h('a.button', { href: matterAddress(first.matter.callNo) }, w('ui.callout.look'))
      : h('button.button', { type: 'button', 'data-command': 'heard', onclick: () => this.#answer(first, /** @type {HTMLButtonElement} */ (yes)) }, nameOf(owedIn(first).says[0]));
    bar.replaceChildren(h('button.callout-text', { type: 'button', onclick: () => tell(title, h('p.callout-words', null, words)) }, this.#sentence(first)), yes);
    if (hadFocus) yes.focus();
  }

  /** @param {HTMLElement} bar */
  #hide(bar) {
    this.#hides = 0;
    bar.hidden = true;
    bar.removeAttribute('data-case');
    bar.replaceChildren();
  }

  /** @param {Item} item @param {HTMLButtonElement} button */
  async #answer(item, button) {
    if (performance.now() - this.#drawnAt < TAPS_TWICE) return;
    button.disabled = true;
    const reply = await sendTo('/api' + matterAddress(item.matter.callNo) + '/answer', { owed: owedIn(item).key, says: owedIn(item).says[0].code });
    if ('refused' in reply) {
      button.disabled = false;
      toast(reply.refused);
      this.#readSoon(); // it may be over
      return;
    }
    this.#answered.add(item.matter.callNo);
    toast(w('ui.callout.noted'), 'ok');
    this.#draw();
  }
}
