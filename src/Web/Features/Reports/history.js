// Past cases: the query is in the address, so every number elsewhere can link to its rows here.

import { day, fromAddress, shareWords, to, toAddress } from '../../js/kernel/ask.js';
import { flagBadges, glyph, holder, levelBadge, place, stateWords, what } from '../../js/case/card.js';
import { read } from '../../js/kernel/client.js';
import { when } from '../../js/case/clock.js';
import { $, h } from '../../js/kernel/dom.js';
import { html, nothing, render } from '../../lib/lit/lit.js';
import { openSheet } from './sheet.js';
import { insist } from '../../js/case/link.js';
import { gridName, loadStreet, street, teamName } from '../../js/kernel/street.js';
import { nameOf, w, wordOf } from '../../js/kernel/words.js';

/** @typedef {import('../../js/contracts.js').CallCard} CallCard */
/** @typedef {import('../../js/contracts.js').HistoryView} HistoryView */

const STEPS = /** @type {const} */ (['accept', 'arrive', 'resolve']);
const form = /** @type {HTMLFormElement} */ ($('filters'));
let mayOpen = false;
/** @type {CallCard[]} */
let calls = [];
/** Only the answer to the last query counts. */
let asked = 0;

/** Filters set by links that no field shows, in words. @type {Record<string, (value: string, all: URLSearchParams) => string>} */
const CHIPS = {
  grid: gridName,
  team: teamName,
  flag: (value) => wordOf('ui.flag.', value),
  source: (value) => wordOf('ui.source.', value),
  hour: (value) => w('ui.history.hour', value, Number(value) + 1),
  answer: (value, all) => w('ui.history.share', w('ui.step.' + value), shareWords(Number(all.get('share')))),
  valid: () => w('ui.history.valid'),
  rate: (value) => (value === 'cases' ? w('ui.history.valid') : value === 'breached' ? w('ui.history.breached') : w('ui.history.rate', wordOf('ui.rate.', value))),
};

/** @param {URLSearchParams} all */
const chips = (all) => Object.entries(CHIPS).filter(([name]) => all.get(name)).map(([name, words]) => html`
  <button class="chip" type="button" @click=${() => drop(name)}>${words(/** @type {string} */ (all.get(name)), all)}<span aria-hidden="true"> ×</span><span class="visually-hidden">${w('ui.filter.remove')}</span></button>`);

/** @param {string} name */
function drop(name) {
  const address = new URL(location.href);
  address.searchParams.delete(name);
  if (name === 'answer') address.searchParams.delete('share');
  history.replaceState(null, '', address);
  search();
}

/** The status of one of the three answers. @param {CallCard} card @param {'accept'|'arrive'|'resolve'} kind */
function step(card, kind) {
  const answer = card.answers.find((one) => one.kind === kind);
  if (!answer) return '–';
  const late = answer.breached || (!answer.met && !answer.released && Date.parse(answer.due) < Date.now());
  const words = answer.met && answer.metAt ? when(answer.metAt, Date.now()) : answer.released ? w('ui.answer.released') : w('ui.history.by', when(answer.due, Date.now()));
  return late ? html`<span class="late-text">${words} ${w('ui.history.lateShort')}</span>` : words;
}

/** @param {CallCard} card */
const row = (card) => html`<tr data-no=${card.callNo}>
  <th scope="row" class="nowrap">${mayOpen ? html`<button class="number no" type="button" @click=${() => openSheet(card.callNo, Date.now)}>${card.callNo}</button>` : html`<span class="no">${card.callNo}</span>`}</th>
  <td class="nowrap"><time datetime=${card.openedAt}>${when(card.openedAt, Date.now())}</time></td>
  <td><span class="badges">${levelBadge(card)} ${glyph(card)} <b>${what(card)}</b> ${flagBadges(card)}</span></td>
  <td>${place(card)}</td><td class="nowrap">${stateWords(card)}</td><td>${card.lead ? holder(card) : '–'}</td>
  ${STEPS.map((kind) => html`<td class="nowrap">${step(card, kind)}</td>`)}</tr>`;

/** @param {HistoryView} view */
const found = (view) => html`
  <p class="soft">${w('ui.history.window', view.from, view.to)}${view.total !== null && view.total !== undefined ? w('ui.history.total', view.total) : nothing}</p>
  ${calls.length === 0 ? html`<p class="empty">${w('ui.desk.empty')}</p>` : html`
  <div class="table" tabindex="0" role="group" aria-label=${w('ui.history.title')}><table>
    <thead><tr>${['no', 'opened', 'what', 'where', 'state', 'who'].map((column) => html`<th scope="col">${w('ui.column.' + column)}</th>`)}${STEPS.map((kind) => html`<th scope="col">${w('ui.step.' + kind)}</th>`)}</tr></thead>
    <tbody>${calls.map(row)}</tbody></table></div>
  ${view.next ? html`<p class="more-row"><button class="button plain" id="more" type="button" @click=${() => search(view.next)}>${w('ui.history.more')}</button></p>` : nothing}`}`;

/** @param {string|null} [before] */
async function search(before) {
  const turn = ++asked;
  const all = new URLSearchParams(location.search);
  render(chips(all), $('chips'));
  const answer = await read(to('/api/history', { ...Object.fromEntries(all), before }));
  if (turn !== asked) return;
  if ('problem' in answer) {
    render(html`<p class="error-box" role="alert">${answer.problem}</p>`, $('found'));
    return;
  }
  calls = before ? [...calls, ...answer.value.calls] : answer.value.calls;
  render(found(answer.value), $('found'));
}

async function start() {
  const [me] = await Promise.all([read('/api/me'), insist(loadStreet)]);
  mayOpen = 'value' in me && me.value.role !== 'auditor';
  $('community').append(...street.communities.map((one) => h('option', { value: one.code }, nameOf(one))));
  $('category').append(...street.categories.map((one) => h('option', { value: one.code }, nameOf(one))));
  // Replaces the server's placeholder, so the reader has text at once.
  $('found').replaceChildren();
  fromAddress(form, { from: day(-6), to: day() });
  const changed = () => { toAddress(form); search(); };
  form.addEventListener('change', changed);
  form.addEventListener('submit', (event) => { event.preventDefault(); changed(); });
  form.addEventListener('reset', (event) => { event.preventDefault(); history.replaceState(null, '', location.pathname); fromAddress(form, { from: day(-6), to: day() }); changed(); });
  await search();
}

await start();
