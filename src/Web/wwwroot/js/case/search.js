// The search of every room at a desk: "/" opens it, Enter asks, the arrow keys choose, Enter opens. It asks when told to, for each look at a person is logged.

import { flagBadges, hasEnded, levelBadge, place, stateWords, what } from './card.js';
import { refusalOf, send } from '../kernel/client.js';
import { when } from './clock.js';
import { h } from '../kernel/dom.js';
import { loadStreet, street } from '../kernel/street.js';
import { w } from '../kernel/words.js';

/** @typedef {import('../contracts.js').SearchHit} SearchHit */

const LONGEST = 60;

/** Where a case is opened; a page of cases opens it itself. @type {(callNo: string) => void} */
let open = (callNo) => location.assign('/desk/' + encodeURIComponent(callNo));

/** @param {(callNo: string) => void} how */
export const opensHere = (how) => { open = how; };

/** @param {SearchHit} hit @param {HTMLDialogElement} box */
const line = ({ call, by }, box) => h('li', null, h('button.quiet.hit', {
  type: 'button',
  'data-no': call.callNo,
  onclick: () => { box.close(); open(call.callNo); },
}, h('span.badges', null, levelBadge(call), h('b', null, what(call)), h('span.state.' + call.state, null, stateWords(call)), ...(hasEnded(call) ? [] : flagBadges(call))),
h('span.soft', null, `${place(call)} · ${when(call.openedAt, Date.now())} · ${call.callNo} · ${w('ui.search.by.' + by)}`)));

/** Opens the search. */
export function openSearch() {
  if (document.querySelector('dialog[open]')) return;
  const input = /** @type {HTMLInputElement} */ (h('input', { type: 'search', id: 'search-q', maxlength: LONGEST, autocomplete: 'off', spellcheck: 'false', required: true }));
  const list = h('ul.hits');
  const note = h('p.soft', { role: 'status' }, w('ui.search.help'));
  const form = h('form.search-form', {
    onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      void ask();
    },
  }, h('label', { for: 'search-q' }, w('ui.search.title')), h('div.row-wrap', null, input, h('button.button', { type: 'submit' }, w('ui.search.ask'))));
  const box = /** @type {HTMLDialogElement} */ (h('dialog.search', { 'aria-label': w('ui.search.title') }, form, note, list,
    h('form.row-wrap', { method: 'dialog' }, h('button.button.plain', null, w('ui.ask.close')))));
  let turn = 0;

  async function ask() {
    const asked = ++turn;
    note.textContent = w('ui.search.asking');
    list.replaceChildren();
    if (street.grids.length === 0) await loadStreet().catch(() => {});
    const answer = await send('/api/search', { q: input.value }).catch(() => null);
    if (asked !== turn) return;
    if (!answer?.ok) {
      note.textContent = answer ? await refusalOf(answer) : w('ui.detail.failed');
      return;
    }
    const { hits, cut } = /** @type {import('../contracts.js').SearchView} */ (await answer.json());
    note.textContent = hits.length === 0 ? w('ui.search.none') : w(cut ? 'ui.search.cut' : 'ui.search.found', hits.length);
    list.replaceChildren(...hits.map((hit) => line(hit, box)));
    /** @type {HTMLElement|null} */ (list.querySelector('.hit'))?.focus();
  }

  box.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const all = [input, .../** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll('.hit'))];
    const at = all.indexOf(/** @type {HTMLInputElement} */ (document.activeElement));
    all[Math.max(0, Math.min(all.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1)))].focus();
    event.preventDefault();
  });
  box.addEventListener('close', () => box.remove());
  document.body.append(box);
  box.showModal();
  input.focus();
}

document.getElementById('search-open')?.addEventListener('click', openSearch);
document.addEventListener('keydown', (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || target.matches('input, select, textarea') || document.querySelector('dialog[open]') || localStorage.getItem('desk-keys') === 'off') return;
  event.preventDefault();
  openSearch();
});
