// My own duty on the roster page: going on and off duty, gaps to take, swaps to request and answer, sick leave.

import { $, h, toast } from '../../js/kernel/dom.js';
import { act, api, gapWords, postName, spanOf, unitName, wall } from '../../js/kernel/duty.js';
import { ask, instantField, selectField, sentence, wordsField } from '../../js/kernel/forms.js';
import { handOverField } from '../../js/case/hand-over.js';
import { w } from '../../js/kernel/words.js';

/** @typedef {import('../../js/contracts.js').DutyView} DutyView */
/** @typedef {import('../../js/contracts.js').RosterGap} RosterGap */

const LEAVE = 24 * 3_600_000;

/** @param {() => Promise<void>} changed redraws the roster */
export async function showMine(changed) {
  const answer = await api('/api/duty');
  if ('refused' in answer) return;
  const mine = /** @type {DutyView} */ (answer.value);
  const again = async () => {
    await changed();
    await showMine(changed);
  };
  $('my-state').textContent = !mine.onDuty ? w('ui.duty.off') : mine.until ? w('ui.duty.onUntil', wall(mine.until)) : w('ui.duty.on');
  const button = (/** @type {string} */ words, /** @type {() => Promise<boolean>} */ does) =>
    h('button.button.plain.small', { type: 'button', onclick: async () => { if (await does()) await again(); } }, words);
  $('my-acts').replaceChildren(
    mine.onDuty ? button(w('ui.duty.signOff'), signOff) : button(w('ui.duty.take'), () => act('/api/duty/take', {}, w('ui.duty.taken'))),
    button(w('ui.duty.swap'), swap),
    button(w('ui.duty.sick'), sick),
    ...(mine.posts.length > 1 ? [h('a.button.plain.small', { href: '/m' }, w('ui.duty.allPosts', mine.posts.length))] : []),
    ...mine.gaps.slice(0, 3).map((gap) => mine.posts.some((post) => post.unit === gap.unit) && takeGap(gap, button)).filter((one) => one instanceof Node));
  $('my-swaps').replaceChildren(...mine.swaps.filter((one) => one.state === 'asked').map((one) => swapLine(one, mine, button)));
}

/** @param {RosterGap} gap @param {(words: string, does: () => Promise<boolean>) => HTMLElement} button */
function takeGap(gap, button) {
  // A gap may be longer than one person can work: one day of it at most.
  const until = new Date(Math.min(Date.parse(gap.until), Date.parse(gap.from) + LEAVE)).toISOString();
  return button(`${w('ui.duty.takeGap')}: ${gapWords({ ...gap, until })}`, () => act('/api/duty/take', { unit: gap.unit, from: gap.from, until }, w('ui.duty.takenGap')));
}

async function signOff() {
  const done = await ask(w('ui.duty.signOff'), w('ui.duty.signOff'), [sentence(w('ui.duty.signOffHelp')), await handOverField(), wordsField('note', w('ui.duty.signOffNote'))], (said) => api('/api/duty/signOff', said));
  if (done) toast(w('ui.duty.signedOff'), 'ok');
  return done !== null;
}

async function sick() {
  const done = await ask(w('ui.duty.sick'), w('ui.duty.sick'), [instantField('until', w('ui.duty.sickUntil'), Date.now() + LEAVE)], (said) => api('/api/duty/leave', { ...said, kind: 'sick' }));
  if (done) toast(w('ui.roster.leaveDone'), 'ok');
  return done !== null;
}

/** Offers what can be swapped now: a pattern may just have been saved, here or elsewhere. @returns {Promise<boolean>} */
async function swap() {
  const answer = await api('/api/duty');
  if ('refused' in answer) {
    toast(answer.refused, 'bad');
    return false;
  }
  const mine = /** @type {DutyView} */ (answer.value);
  const own = new Set(mine.posts.map((post) => post.id));
  const ahead = mine.shifts.filter((shift) => shift.until && Date.parse(shift.from) > Date.now());
  const offered = ahead.filter((shift) => own.has(shift.post));
  if (offered.length === 0) {
    toast(w('ui.duty.noShifts'), 'plain');
    return false;
  }
  const others = mine.colleagues.filter((post) => !own.has(post.id));
  const nameOf = (/** @type {string} */ id) => postName(mine.colleagues.find((post) => post.id === id) ?? { id, kind: 'post', unit: '', grid: null, name: null });
  const theirs = ahead.filter((shift) => !own.has(shift.post)).map((shift) => ({ value: String(shift.id), text: spanOf(shift), group: nameOf(shift.post) }));
  const done = await ask(w('ui.duty.swap'), w('ui.duty.swap'), [
    selectField('shift', w('ui.duty.swapShift'), offered.map((shift) => ({ value: String(shift.id), text: spanOf(shift) }))),
    selectField('with', w('ui.duty.swapWith'), others.map((post) => ({ value: post.id, text: postName(post) }))),
    selectField('for', w('ui.duty.swapFor'), theirs, w('ui.duty.swapGift'), false),
  ], (said) => api('/api/duty/swaps', { shift: Number(said.shift), with: said.with, for: said.for === undefined ? undefined : Number(said.for) }));
  if (done) toast(w('ui.duty.swapAsked'), 'ok');
  return done !== null;
}

/** @param {import('../../js/contracts.js').SwapView} one @param {DutyView} mine @param {(words: string, does: () => Promise<boolean>) => HTMLElement} button */
function swapLine(one, mine, button) {
  const nameOf = (/** @type {string} */ id) => postName(mine.colleagues.find((post) => post.id === id) ?? { id, kind: 'post', unit: '', grid: null, name: null });
  const shift = one.shift ? spanOf(one.shift) : '';
  const answer = (/** @type {string} */ verb, /** @type {string} */ done) => () => act(`/api/duty/swaps/${one.id}/${verb}`, {}, w(done));
  if (one.mine) return h('li.row', null, h('span', null, w('ui.duty.swapMine', nameOf(one.with), shift)), button(w('ui.duty.withdraw'), answer('withdraw', 'ui.duty.withdrawn')));
  return h('li.row', null, h('span', null, one.for ? w('ui.duty.swapLineFor', nameOf(one.by), shift, spanOf(one.for)) : w('ui.duty.swapLine', nameOf(one.by), shift)),
    button(w('ui.duty.agree'), answer('agree', 'ui.duty.agreed')), button(w('ui.duty.decline'), answer('decline', 'ui.duty.declined')));
}
