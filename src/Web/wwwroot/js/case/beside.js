// Two officers at one case know of each other.

import { read } from '../kernel/client.js';
import { h, setText } from '../kernel/dom.js';
import { when } from './clock.js';
import { w, wordOf } from '../kernel/words.js';

const LOOK_EVERY = 10_000;

export class Beside {
  element = h('p.note-line.beside', { role: 'status', hidden: true });

  #callNo = '';

  /** @param {() => string|null} open the case that is open @param {() => number} now the server's time */
  constructor(open, now) {
    this.open = open;
    this.now = now;
    setInterval(() => this.look(), LOOK_EVERY);
  }

  /** Asks who else has it open; a case that was only just opened has nobody to name until then. */
  async look() {
    const callNo = this.open();
    if (callNo !== this.#callNo) {
      this.#callNo = callNo ?? '';
      this.element.hidden = true;
    }
    if (!callNo || document.hidden) return;
    const answer = await read(`/api/calls/${encodeURIComponent(callNo)}/beside`);
    if (this.open() !== callNo || !('value' in answer)) return;
    const { others } = /** @type {import('../contracts.js').BesideView} */ (answer.value);
    this.element.hidden = others.length === 0;
    setText(this.element, others.length === 0 ? '' : w('ui.beside', others.map((other) => w('ui.beside.one', wordOf('post.', other.by), when(other.at, this.now()))).join(w('ui.and'))));
  }
}
