// A heap: many ringing cases of one cause, handled by one command. Only what its first case allows is offered; each case is sent its own request.

import { place, what } from './card.js';
import { when } from './clock.js';
import { loadDetail } from './detail.js';
import { h, say, toast } from '../kernel/dom.js';
import { ask, tell } from '../kernel/forms.js';
import { orderFields, send, unmergeAll } from './orders.js';
import { VERBS } from './rules.js';
import { takeBack, undoable } from '../kernel/undo.js';
import { w } from '../kernel/words.js';

/** @typedef {import('../contracts.js').CallCard} CallCard */
/** @typedef {import('../contracts.js').CallDetail} CallDetail */
/** @typedef {{callNo: string, why: string}} Refused */

/** What makes sense for all of a heap, in the order offered. */
const FOR_ALL = ['merge', 'designate', 'accept', 'tell', 'correct', 'note', 'difficult'];
/** Once for all of them: given to the leading case alone. */
const ONCE = ['summon', 'emergency'];
/** Requests under way at one time. */
const AT_ONCE = 4;

const LEVELS = ['S1', 'S2', 'S3'];

/** The case that the others would join: the most urgent, then the one that others have joined already, then the oldest. @param {CallCard[]} cards */
export const leading = (cards) => [...cards].sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || (b.others ?? 0) - (a.others ?? 0) || (a.openedAt < b.openedAt ? -1 : 1))[0];

/** @param {string} command */
export const isForHeap = (command) => FOR_ALL.includes(command) || ONCE.includes(command);

/**
 * What stands in the pane while a heap is selected. @param {CallCard[]} cards @param {number} now @param {CallDetail|null} detail of the leading case, once it was read
 * @param {(command: string) => void} give @param {(callNo: string) => void} open
 */
export function heapNodes(cards, now, detail, give, open) {
  const lead = leading(cards);
  const commands = [...FOR_ALL, ...ONCE].filter((command) => detail?.commands.includes(command));
  return [
    h('header.detail-head', null, h('h2', null, what(lead), h('b.heap-count', null, w('ui.flood.times', cards.length))), h('p', null, place(lead)),
      h('p.soft', null, w('ui.heap.since', when(cards.reduce((first, card) => (card.openedAt < first ? card.openedAt : first), lead.openedAt), now)))),
    detail ? h('div.acts', null, ...commands.map((command) => h('button.button' + (command === 'merge' ? '' : '.plain'), { type: 'button', 'data-command': command, onclick: () => give(command) }, w('ui.heap.' + command))))
      : h('p.soft', null, w('ui.heap.enter')),
    h('section', null, h('h3', null, w('ui.heap.cases')), h('ul.heap-cases', null, ...cards.map((card) =>
      h('li', null, h('button.quiet', { type: 'button', onclick: () => open(card.callNo) }, h('span.no', null, card.callNo), ' ', h('span.soft', null, when(card.openedAt, now), card.others ? ' · ' + w('ui.heap.others', card.others) : '')))))),
  ];
}

/**
 * Asks once and gives one command to every case of a heap. @param {string} command @param {CallCard[]} cards @param {number} now
 * @param {CallDetail|null} [detail] of the leading case, if it was read @returns {Promise<string|null>} the leading case, or null: cancelled, or not allowed now
 */
export async function giveToHeap(command, cards, now, detail = null) {
  const lead = leading(cards);
  const read = detail ?? await loadDetail(lead.callNo);
  if ('problem' in read) {
    toast(read.problem, 'bad');
    return null;
  }
  if (!read.commands.includes(command)) {
    toast(w('ui.say.notNow', w('ui.command.' + command)));
    return null;
  }
  const them = ONCE.includes(command) ? [lead] : command === 'merge' ? cards.filter((card) => card !== lead) : cards;
  const title = w('ui.heap.' + command) + ' · ' + w('ui.flood.times', cards.length);
  /** @param {Record<string, unknown>} said @param {boolean} [leaving] */
  const act = async (said, leaving = false) => ({ value: await giveAll(them, (card) => send(card.callNo, VERBS[command].path, said, leaving)) });
  const outcome = command === 'accept' ? await undoable(w('ui.undo.will', w('ui.command.accept'), w('ui.flood.times', them.length)), (leaving) => act({}, leaving)).then((answer) => answer?.value ?? null)
    : await ask(title, w('ui.heap.' + command), await orderFields(command, lead, now, read, true), (said) => act({ ...said, ...(command === 'merge' ? { into: lead.callNo } : {}) }));
  if (outcome === null) return null;
  report(command, lead, them, outcome);
  return lead.callNo;
}

/** @param {CallCard[]} cards @param {(card: CallCard) => Promise<{value: any}|{refused: string}>} give @returns {Promise<Refused[]>} */
async function giveAll(cards, give) {
  const waiting = [...cards];
  /** @type {Refused[]} */
  const refused = [];
  const one = async () => {
    for (let card = waiting.shift(); card; card = waiting.shift()) {
      const answer = await give(card);
      if ('refused' in answer) refused.push({ callNo: card.callNo, why: answer.refused });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return refused;
}

/** Says what was done, and of each case that refused, why; a merge can be taken back. @param {string} command @param {CallCard} lead @param {CallCard[]} them @param {Refused[]} refused */
function report(command, lead, them, refused) {
  const given = them.map((card) => card.callNo).filter((callNo) => !refused.some((one) => one.callNo === callNo));
  const done = w(command === 'merge' ? 'ui.heap.doneMerge' : 'ui.heap.done', w('ui.command.' + command), given.length, lead.callNo);
  if (command === 'merge' && given.length > 0) takeBack(done, () => unmergeAll(given));
  else toast(done, refused.length > 0 ? 'plain' : 'ok');
  if (refused.length === 0) return;
  tell(w('ui.heap.some', refused.length), h('p', null, done), h('ul', null, ...refused.map((one) => h('li', null, h('span.no', null, one.callNo), ' ', one.why))));
  say(w('ui.heap.some', refused.length), true);
}
