// Shows what this phone has not been able to send yet, and what was refused after waiting. Nothing disappears silently.

import { $, h, setText } from '../../js/kernel/dom.js';
import { nameOf, sentenceOf, w } from '../../js/kernel/words.js';

/** @param {import('../../js/case/outbox.js').Outbox} outbox */
export function showWaiting(outbox) {
  const show = () => {
    const { waiting, refused } = outbox;
    $('outbox').hidden = waiting.length === 0;
    setText($('outbox-count'), w('ui.outbox.waiting', waiting.length));
    setText($('outbox-help'), w(!outbox.durable ? 'ui.outbox.notKept' : outbox.signedOut ? 'ui.outbox.signedOut' : 'ui.outbox.help'));
    $('outbox-send').hidden = outbox.signedOut;
    $('outbox-enter').hidden = !outbox.signedOut;
    $('outbox-enter').toggleAttribute('target', !outbox.durable); // what exists only in this page would be lost with it
    $('outbox').classList.toggle('bad', !outbox.durable);
    const shown = refused.map((entry) => entry.key).join();
    if ($('refused').dataset.shown === shown) return;
    $('refused').dataset.shown = shown;
    $('refused').replaceChildren(...refused.map((entry) => h('div.error-box', { role: 'alert' },
      h('p', null, w('ui.outbox.refused', entry.about ? nameOf(entry.about) : w('ui.command.' + entry.command), [entry.of, entry.callNo].filter(Boolean).join(' · '), entry.refused ? sentenceOf(entry.refused) : '')),
      ...(entry.about?.typed ?? []).map((one) => h('p.said', null, w('ui.owed.typed', nameOf(one), one.value))),
      h('div.row-wrap', null,
        entry.about && h('button.button.plain.small', { type: 'button', onclick: () => outbox.dispatchEvent(new CustomEvent('again', { detail: entry })) }, w('ui.owed.again')),
        h('button.button.plain.small', { type: 'button', onclick: () => outbox.dismiss(entry.key) }, w('ui.outbox.seen'))))));
  };
  $('outbox-send').addEventListener('click', () => outbox.flush());
  outbox.addEventListener('change', show);
  show();
}
