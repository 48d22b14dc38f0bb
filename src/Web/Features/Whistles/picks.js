// A list of cases to choose from. What has not changed stays where it is, so that nothing moves under a finger.

import { glyph, holder, levelBadge, place, what } from '../../js/case/card.js';
import { h, setText } from '../../js/kernel/dom.js';

/** @typedef {import('../../js/contracts.js').CallCard} CallCard */

/**
 * @param {HTMLElement} list @param {(callNo: string) => void} choose @param {(card: CallCard) => string} since a line that changes with time
 */
export function picks(list, choose, since) {
  /** @type {Map<string, {card: CallCard, item: HTMLElement, line: HTMLElement}>} */
  const shown = new Map();

  /** @param {CallCard} card */
  function build(card) {
    const line = h('span.soft');
    const item = h('li', { 'data-no': card.callNo }, h('button.pick', { type: 'button', onclick: () => choose(card.callNo) },
      h('span.badges', null, levelBadge(card), h('b', null, glyph(card), what(card))),
      h('span', null, place(card)), h('span.soft', null, holder(card)), line));
    return { card, item, line };
  }

  return {
    /** @param {CallCard[]} cards in their order */
    paint(cards) {
      const wanted = new Set(cards.map((card) => card.callNo));
      for (const [callNo, one] of shown) if (!wanted.has(callNo)) { one.item.remove(); shown.delete(callNo); }
      let at = list.firstElementChild;
      for (const card of cards) {
        let one = shown.get(card.callNo);
        if (!one || one.card !== card) {
          const fresh = build(card);
          if (one) one.item.replaceWith(fresh.item);
          if (one && at === one.item) at = fresh.item;
          shown.set(card.callNo, (one = fresh));
        }
        if (at === one.item) at = at.nextElementSibling;
        else list.insertBefore(one.item, at);
      }
      this.tick();
    },
    tick() {
      for (const { card, line } of shown.values()) setText(line, since(card));
    },
    /** @param {string} callNo */
    press(callNo) {
      for (const [no, one] of shown) one.item.firstElementChild?.setAttribute('aria-pressed', String(no === callNo));
    },
  };
}
