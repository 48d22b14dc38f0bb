// A case in a read-only sheet over the page.

import { body, head, loadDetail, openNumbers } from '../../js/case/detail.js';
import { h } from '../../js/kernel/dom.js';
import { w } from '../../js/kernel/words.js';

/** @param {string} callNo @param {() => number} now */
export async function openSheet(callNo, now) {
  const content = h('div.sheet-body', null, h('p.empty', null, w('ui.detail.loading')));
  const box = /** @type {HTMLDialogElement} */ (h('dialog.sheet', { 'aria-label': w('ui.command.look') },
    h('form.sheet-bar', { method: 'dialog' }, h('button.button.plain', null, w('ui.ask.close'))), content));
  document.body.append(box);
  box.addEventListener('close', () => box.remove());
  box.showModal();
  const detail = await loadDetail(callNo);
  if ('problem' in detail) content.replaceChildren(h('p.error-box', null, detail.problem));
  else {
    const { evidence, story } = body(detail, now());
    content.replaceChildren(head(detail.call, now()), ...evidence, ...story);
  }
  openNumbers(content, (other) => { box.close(); openSheet(other, now); });
}
