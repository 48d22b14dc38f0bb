// How a matter that is owed is described: its clock, its papers with their receipts, and what this phone still has to send for it.

import { span, standing, when } from '../../js/case/clock.js';
import { valueOf } from '../../js/case/fill.js';
import { h } from '../../js/kernel/dom.js';
import { nameOf, w, wordOf } from '../../js/kernel/words.js';

/** @typedef {import('../../js/contracts.js').OwedItem} OwedItem */
/** @typedef {import('../../js/contracts.js').OwedView} OwedView */
/** @typedef {import('../../js/contracts.js').MatterItem} MatterItem */
/** @typedef {import('../../js/case/outbox.js').Entry} Entry */

/** These have words of their own here; a drill and an empty roster are said as on any card. */
const OWN_FLAGS = ['cancelled', 'promiseBroken'];

/** @param {OwedItem} item */
export const flags = (item) => item.matter.flags.filter((flag) => flag !== 'recused').map((flag) => h('span.flag.' + flag, null, OWN_FLAGS.includes(flag) ? w('ui.owed.flag.' + flag) : wordOf('ui.flag.', flag)));

/** What waits here for a matter, in the order of the taps. @param {import('../../js/case/outbox.js').Outbox} outbox @param {OwedItem} item */
export const unsentOf = (outbox, item) => outbox.waiting.filter((entry) => entry.root === 'matters' && entry.callNo === item.matter.callNo);

/** What an answer's button says: about one item its own name, because the outcome is that of all. @param {OwedView} one @param {import('../../js/contracts.js').Named} says */
export const answerFor = (one, says) => nameOf(one.item && one.says.length === 1 ? one : says);

/** The sentence of the stage's clock, late in words. @param {OwedItem} item @param {number} now */
export function clockOf({ matter, stage }, now) {
  if (matter.suspendedUntil) return { text: w('ui.clock.suspended', when(matter.suspendedUntil, now)), by: '', tone: 'still' };
  if (!matter.due) return { text: '', by: '', tone: 'calm' };
  const { left, tone } = standing({ from: matter.from ?? matter.openedAt, due: matter.due }, now);
  return { text: w(left < 0 ? 'ui.clock.over' : 'ui.clock.left', nameOf(stage), span(left)), by: w('ui.clock.by', nameOf(stage), when(matter.due, now)), tone };
}

/** What was written on a receipt. @param {MatterItem} paper */
export const wordsOf = (paper) => paper.values.filter((value) => value.value !== null).map(valueOf).join(' · ');

/**
 * The papers of a matter, those that wait here at the end; null if there are none. @param {OwedItem} item @param {import('../../js/case/outbox.js').Outbox} outbox
 * @param {boolean} [all] also those that are shown with their own answer
 */
export function papersOf(item, outbox, all = true) {
  const papers = item.items.filter((paper) => all || !item.owed.some((one) => one.item?.number === paper.number));
  const waiting = unsentOf(outbox, item).filter((entry) => entry.body.says === 'item');
  if (papers.length + waiting.length === 0) return null;
  return h('ul.papers', null,
    ...papers.map((paper) => h('li', { 'data-receipt': paper.receipt }, h('b.no', null, paper.receipt), ' ', wordsOf(paper), paper.returnedAt !== null && h('span.soft', null, ' · ', w('ui.owed.returned')))),
    ...waiting.map((entry) => h('li.unsent', { 'data-unsent': entry.key }, (entry.about?.typed ?? []).map((one) => one.value).join(' · '), h('span', null, ' · ', w(outbox.stuck ? 'ui.owed.receiptLater' : 'ui.owed.sending')))));
}
