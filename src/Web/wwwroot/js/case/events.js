// What has just happened on the board, newest first: what a desk reads while no case is open. Each line opens its case.

import { hasEnded, holder, levelBadge, place, stateWords, what } from './card.js';
import { when } from './clock.js';
import { h } from '../kernel/dom.js';
import { w, wordOf } from '../kernel/words.js';

/** @typedef {import('../contracts.js').CallCard} CallCard */

const MOST = 40;

export class Events {
  /** What was last known of each case. @type {Map<string, {state: string, rung: string, late: boolean, card: CallCard}>} */
  #known = new Map();

  /** @type {{at: number, callNo: string, card: CallCard, words: string}[]} */
  #lines = [];

  /** Counts the lines that there ever were, so that an unchanged list is not drawn again. */
  count = 0;

  /** @param {import('./feed.js').Watched} feed */
  constructor(feed) {
    this.feed = feed;
    feed.addEventListener('change', (event) => this.#look(/** @type {CustomEvent<Set<string>|null>} */ (event).detail));
  }

  /** @param {Set<string>|null} changed null after a new picture: what changed unseen is no event of now */
  #look(changed) {
    if (changed === null) {
      this.#known = new Map([...this.feed.cards.values()].map((card) => [card.callNo, stand(card)]));
      return;
    }

    for (const callNo of changed) {
      const [before, card] = [this.#known.get(callNo), this.feed.cards.get(callNo)];
      if (!card) {
        this.#known.delete(callNo);
        if (before) this.#add(before.card, w('ui.event.left'));
        continue;
      }

      const now = stand(card);
      this.#known.set(callNo, now);
      if (!before) this.#add(card, w('ui.event.whistled'));
      else if (before.state !== now.state) this.#add(card, hasEnded(card) || card.state === 'ringing' ? stateWords(card) : w('ui.event.by', stateWords(card), holder(card)));
      else if (before.rung !== now.rung) this.#add(card, w('ui.event.climbed', wordOf('ui.rung.', card.rung)));
      else if (now.late && !before.late) this.#add(card, w('ui.event.late'));
    }
  }

  /** @param {CallCard} card @param {string} words */
  #add(card, words) {
    this.#lines.unshift({ at: this.feed.now(), callNo: card.callNo, card, words });
    this.#lines.length = Math.min(this.#lines.length, MOST);
    this.count++;
  }

  /** @returns {Node[]} */
  nodes() {
    if (this.#lines.length === 0) return [];
    const now = this.feed.now();
    return [h('section.events', null, h('h2', null, w('ui.event.title')), h('ol', null, ...this.#lines.map((line) => h('li', null,
      h('button.quiet', { type: 'button', 'data-open': line.callNo }, h('time', null, when(new Date(line.at).toISOString(), now)), ' ', levelBadge(line.card), ' ', h('b', null, what(line.card)), ' ', line.words,
        h('span.soft', null, ' ', place(line.card)))))))];
  }
}

/** @param {CallCard} card */
const stand = (card) => ({ state: card.state, rung: card.rung, late: card.answers.some((answer) => answer.breached && !answer.met && !answer.released), card });
