// The link by which a person follows what was opened for them.

import { send } from '../kernel/client.js';
import { h, toast } from '../kernel/dom.js';
import { w } from '../kernel/words.js';

/** The link of the person it is for, to copy or to scan. @param {string} url @param {boolean|null} [noText] no text message reaches their number @returns {Node[]} */
export function linkOf(url, noText) {
  const input = /** @type {HTMLInputElement} */ (h('input', { readonly: true, value: location.origin + url, id: 'caller-link', 'aria-label': w('ui.matters.link') }));
  const copy = async () => {
    input.select();
    await navigator.clipboard?.writeText(input.value).then(() => toast(w('ui.link.copied'), 'ok'), () => toast(w('ui.link.copyByHand')));
    if (!navigator.clipboard) toast(w('ui.link.copyByHand'));
  };
  const code = /** @type {HTMLImageElement} */ (h('img.code', { alt: w('ui.matters.code'), hidden: true }));
  void send('/api/matters/code', { note: url }).then(async (answer) => {
    if (!answer.ok) return;
    code.src = URL.createObjectURL(new Blob([await answer.text()], { type: 'image/svg+xml' }));
    code.hidden = false;
  }, () => {});
  return [...(noText ? [h('p.note-line', { id: 'no-text' }, w('ui.matters.noText'))] : []), h('label', { for: 'caller-link' }, w('ui.matters.link')), h('div.row-wrap', null, input, h('button.button.plain', { type: 'button', onclick: copy }, w('ui.link.copy'))), h('p.soft', null, w('ui.matters.linkHelp')), code];
}
