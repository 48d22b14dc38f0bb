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

/** What is owed where each must be heard. @param {Item} item */
const owedIn = (item) => item.owed[0];

export class CallOuts {
  /** @type {Item[]} */
  #pending = [];

  /** Answered here, until it has been read again. @type {Set<string>} */
  #answered = new Set();

  /** Known here: they have rung. @type {Set<string>} */
  #known = new Set();

  #rangAt = -Infinity;
  #asked = 0;

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
    const now = performance.now();
    const isNew = this.#pending.some((item) => !this.#known.has(item.matter.callNo));
    this.#known = new Set(this.#pending.map((item) => item.matter.callNo));
    if (this.#pending.length === 0 || (!isNew && now - this.#rangAt < RINGS_EVERY)) return undefined;
    this.#rangAt = now;
    return this.#pending.some((item) => !item.matter.flags.includes('drill')) ? 'S1' : 'S2';
  }

  /** @param {string} no */
  #isPending(no) {
    return this.#pending.some((item) => item.matter.callNo === no);
  }

  #readSoon() {
    if (this.#asked) return;
    this.#asked = window.setTimeout(async () => {
      this.#asked = 0;
      const before = [...this.#answered];
      const answer = await readOwed(this.me());
      if ('problem' in answer) return;
      for (const no of before) this.#answered.delete(no);
      const calling = answer.value.filter((item) => item.rings || item.alarms);
      const news = calling.filter((item) => !this.#isPending(item.matter.callNo));
      this.#pending = calling;
      if (news.length > 0) say(this.#sentence(news[0]));
      this.#draw();
    }, READ_AFTER);
  }

  /** @param {Item} item */
  #sentence(item) {
    if (item.alarms) return w('ui.callout.noAnswer', nameOf(item.procedure), matterPlace(item.matter));
    return w(item.matter.flags.includes('drill') ? 'ui.callout.barDrill' : 'ui.callout.bar', nameOf(item.procedure), item.text ?? '');
  }

  #draw() {
    const bar = /** @type {HTMLElement} */ (this.bar);
    this.#pending = this.#pending.filter((item) => !this.#answered.has(item.matter.callNo));
    const [first] = this.#pending;
    bar.hidden = !first;
    if (first && bar.dataset.case !== first.matter.callNo) {
      setAttr(bar, 'data-case', first.matter.callNo);
      const text = this.#sentence(first);
      bar.replaceChildren(
        h('button.callout-text', { type: 'button', onclick: () => tell(nameOf(first.procedure), h('p.callout-words', null, text)) }, text),
        first.alarms ? h('a.button', { href: matterAddress(first.matter.callNo) }, w('ui.callout.look')) : h('button.button', { type: 'button', 'data-command': 'heard', onclick: (/** @type {Event} */ event) => this.#answer(first, /** @type {HTMLButtonElement} */ (event.currentTarget)) }, nameOf(owedIn(first).says[0])));
    }
    if (!first) {
      bar.removeAttribute('data-case');
      bar.replaceChildren();
    }
    this.changed();
  }

  /** @param {Item} item @param {HTMLButtonElement} button */
  async #answer(item, button) {
    button.disabled = true;
    const reply = await sendTo('/api' + matterAddress(item.matter.callNo) + '/answer', { owed: owedIn(item).key, says: owedIn(item).says[0].code });
    button.disabled = false;
    if ('refused' in reply) {
      toast(reply.refused);
      this.#readSoon(); // it may be over
      return;
    }
    this.#answered.add(item.matter.callNo);
    toast(w('ui.callout.noted'), 'ok');
    this.#draw();
  }
}
