// The hand-over list: what one shift passes to the next, from the board as it stands. Where duty begins or ends its items are ticked.

import { to } from '../kernel/ask.js';
import { h } from '../kernel/dom.js';
import { api } from '../kernel/duty.js';
import { categoryName, communityName, gridName } from '../kernel/street.js';
import { w } from '../kernel/words.js';

/** @typedef {import('../contracts.js').HandOverItem} HandOverItem */

/** Where the rest of a kind, or a surge, is listed at the desk. @param {HandOverItem} item */
const rowsOf = (item) => to('/desk', item.kind === 'urgent' ? { level: 'S1' } : item.kind === 'late' ? { state: 'overdue' } : item.kind === 'decision' ? { flag: 'asked' } : { category: item.category, community: item.community });

/** One item with its box. @param {HandOverItem} item @param {boolean} [leads] whether it links to the desk */
export function handOverLine(item, leads = true) {
  const words = item.callNo ? `${item.callNo} ${categoryName(item.category)} ${gridName(item.grid)}`
    : item.kind === 'flood' ? w('ui.start.flood', communityName(item.community), categoryName(item.category), item.count) : w('ui.start.rest', item.count);
  return h('li.row', null, h('label.check', null, h('input', { type: 'checkbox', value: item.key, 'aria-label': `${w('ui.start.kind.' + item.kind)} ${words}` }), h('span.flag', null, w('ui.start.kind.' + item.kind))),
    leads ? h('a', { href: item.callNo ? '/desk/' + item.callNo : rowsOf(item) }, words) : h('span', null, words));
}

/** The keys that are ticked in a list. @param {ParentNode} list */
export const tickedIn = (list) => [...list.querySelectorAll('input:checked')].map((input) => /** @type {HTMLInputElement} */ (input).value);

/** The list as a field of a dialog; if it cannot be read, nothing is ticked and nothing recorded. @param {string|null} [post] null: the account's own @returns {Promise<import('../kernel/forms.js').Field>} */
export async function handOverField(post = null) {
  const answer = await api(to('/api/duty/handOver', { post }));
  if ('refused' in answer) return { nodes: [h('p.soft', null, answer.refused)], read: () => ({}) };
  const { items } = /** @type {import('../contracts.js').HandOverView} */ (answer.value);
  const list = h('ul.plain-list.hand-over', { 'aria-label': w('ui.start.list') }, ...(items.length ? items.map((item) => handOverLine(item, false)) : [h('li.soft', null, w('ui.start.listNone'))]));
  return { nodes: [h('p.ask-label', null, w('ui.start.list')), h('p.soft.small', null, w('ui.start.offHelp')), list], read: () => ({ ticked: tickedIn(list) }) };
}
