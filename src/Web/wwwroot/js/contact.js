// The caller's number is hidden. Whoever must call says why; the look is written down, the number goes again by itself, and the page bears the name of
// whoever looks, so that a picture of it tells where it came from.

import { h } from './dom.js';
import { ask, wordsField } from './forms.js';
import { send } from './orders.js';
import { w } from './words.js';

/** @typedef {import('./contracts.js').CallDetail} CallDetail */

const SHOWN_FOR = 120_000;

/** @param {CallDetail} detail @param {string} account who looks */
export function contactBox(detail, account) {
  if (!detail.contact) return null;
  const box = h('div.contact');
  const hide = () => box.replaceChildren(h('button.button.plain', {
    type: 'button', 'data-command': 'contact',
    onclick: async () => {
      const shown = await ask(w('ui.contact.ask'), w('ui.contact.show'), [wordsField('note', w('ui.contact.why'), { required: true, rows: 2 })], (said) => send(detail.call.callNo, 'contact', said));
      if (shown) show(shown);
    },
  }, w('ui.contact.ask')));
  /** @param {{name?: string|null, phone?: string|null}} contact */
  const show = (contact) => {
    const mark = `${account} `.repeat(40);
    box.replaceChildren(h('div.contact-open', null, h('span.watermark', { 'aria-hidden': 'true' }, mark),
      contact.name && h('p', null, contact.name), contact.phone && h('p', null, h('a.button', { href: 'tel:' + contact.phone.replace(/[^\d+]/g, '') }, w('ui.contact.call', contact.phone))),
      h('p.soft', null, w('ui.contact.help')), h('button.button.plain.small', { type: 'button', onclick: hide }, w('ui.contact.hide'))));
    setTimeout(hide, SHOWN_FOR);
  };
  hide();
  return box;
}
