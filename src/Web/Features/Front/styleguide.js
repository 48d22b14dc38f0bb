// The components that scripts build, in every state.

import { $ } from '../../js/kernel/dom.js';
import { Queue } from '../../js/case/queue.js';
import { loadStreet, street } from '../../js/kernel/street.js';

for (const one of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-colour]'))) one.style.background = `var(--${one.dataset.colour})`;

await loadStreet();
const now = Date.now();
const at = (/** @type {number} */ minutes) => new Date(now + minutes * 60_000).toISOString();

/** @param {number} i @param {Partial<import('../../js/contracts.js').CallCard>} more @param {number} from @param {number} due minutes from now @returns {import('../../js/contracts.js').CallCard} */
const card = (i, more, from, due) => ({
  callNo: `G000000-0000${i}`, version: 1, category: '06', level: 'S2', flags: [], community: street.communities[0]?.code ?? '', grid: street.grids[0]?.code ?? '', station: null, state: 'ringing', rung: 'team', teams: [street.teams[0]?.code ?? ''],
  lead: null, answers: [{ key: 'accept', kind: 'accept', party: 'team', from: at(from), due: at(due), met: false, metAt: null, breached: due < 0, required: true }], nextDue: at(due), breachAt: at(due), openedAt: at(from), ...more,
});

/** @type {Record<string, import('../../js/case/queue.js').Shown>} */
const rows = {
  over: { card: card(1, { level: 'S1', flags: ['danger'] }, -20, -3) },
  amber: { card: card(2, {}, -14, 1) },
  calm: { card: card(3, { level: 'S3', state: 'accepted', flags: ['designated'] }, -20, 90) },
  still: { card: card(4, { state: 'onScene', flags: ['suspended'], suspendedUntil: at(600) }, -60, 60) },
  none: { card: card(5, { state: 'verified', answers: [] }, -60, 0) },
  gone: { card: card(6, { state: 'onScene' }, -30, 30), gone: true },
  heap: { card: card(7, {}, -4, 11), heap: { count: 9, open: true } },
  member: { card: card(8, {}, -4, 11), inHeap: true },
};
const list = $('guide-queue');
list.innerHTML = '<div class="queue-rows" role="grid" tabindex="0" aria-labelledby="guide-rows"><div class="queue-space" role="presentation"></div></div>';
const queue = new Queue(/** @type {HTMLElement} */ (list.firstElementChild), (id) => rows[id], () => Date.now());
queue.show(Object.keys(rows));
queue.select('calm');
setInterval(() => queue.tick(), 1_000);
