// Hand-over at a desk: what the last shift left, the state of the desk, and a sound check.

import { isOver, keyOf } from '../../js/case/board.js';
import { $, h } from '../../js/kernel/dom.js';
import { act, api, gapWords, wall } from '../../js/kernel/duty.js';
import { armedBy, ring } from '../../js/kernel/sound.js';
import { handOverLine, tickedIn } from '../../js/case/hand-over.js';
import { loadStreet } from '../../js/kernel/street.js';
import { w } from '../../js/kernel/words.js';

/** Gaps shown at first. */
const FIRST = 4;

const ticked = () => tickedIn($('list'));

async function refreshList() {
  const answer = await api('/api/duty/handOver');
  if ('refused' in answer) {
    $('list').replaceChildren(h('li.error-box', null, answer.refused));
    return;
  }
  const { items, last } = /** @type {import('../../js/contracts.js').HandOverView} */ (answer.value);
  const kept = new Set(ticked());
  $('list').replaceChildren(...(items.length ? items.map((item) => handOverLine(item)) : [h('li.soft', null, w('ui.start.listNone'))]));
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('#list input'))) input.checked = kept.has(input.value);
  $('list-last').textContent = last ? w('ui.start.last.' + last.what, wall(last.at), w('post.' + last.by), last.ticked, last.left) : '';
}

const note = /** @type {HTMLTextAreaElement} */ ($('note'));

async function refresh() {
  await refreshList();
  const [duty, board] = await Promise.all([api('/api/duty'), api('/api/board')]);
  if ('refused' in duty) return;
  const mine = /** @type {import('../../js/contracts.js').DutyView} */ (duty.value);
  $('state').textContent = mine.onDuty ? (mine.until ? w('ui.duty.onUntil', wall(mine.until)) : w('ui.start.taken')) : w('ui.duty.off');
  $('take').hidden = mine.onDuty;
  $('notes').replaceChildren(...(mine.notes.length ? mine.notes.map((one) =>
    h('li', null, h('span.soft', null, w('ui.start.note', wall(one.at), w('post.' + one.by))), h('p.said', null, one.words))) : [h('li.soft', null, w('ui.start.noNotes'))]));
  const gaps = mine.gaps.map((gap) => h('li.gap-line', null, gapWords(gap)));
  $('gap-list').replaceChildren(...(gaps.length ? gaps.slice(0, FIRST) : [h('li.soft', null, w('ui.roster.noGap'))]),
    ...(gaps.length > FIRST ? [h('li', null, h('details', null, h('summary', null, w('ui.start.moreGaps', gaps.length - FIRST)), h('ul.plain-list.more-gaps', null, ...gaps.slice(FIRST))))] : []));
  if ('refused' in board) return;
  const calls = /** @type {import('../../js/contracts.js').CallCard[]} */ (board.value.calls);
  const late = calls.filter((call) => isOver(keyOf(call), board.at)).length;
  $('open').textContent = w('ui.start.openLine', calls.filter((call) => call.state === 'ringing').length, calls.filter((call) => call.state === 'accepted' || call.state === 'onScene').length, late);
}

$('take').addEventListener('click', async () => {
  if (await act('/api/duty/take', {}, w('ui.duty.taken'))) await refresh();
});
armedBy($('arm'), () => {
  $('arm').setAttribute('aria-pressed', String(ring.armed));
  $('arm').textContent = w(ring.armed ? 'ui.sound.armed' : 'ui.start.arm');
  for (const test of document.querySelectorAll('#tests button')) /** @type {HTMLButtonElement} */ (test).disabled = ring.state !== 'ready';
  $('heard').hidden = ring.state !== 'ready';
});
$('tests').addEventListener('click', (event) => {
  const level = /** @type {HTMLElement} */ (event.target).dataset.level;
  if (level) ring.play(level);
});
$('tick').addEventListener('click', async () => {
  if (!await act('/api/duty/handOver', { ticked: ticked() }, w('ui.start.ticked'))) return;
  await refresh();
});
$('leave').addEventListener('submit', async (event) => {
  event.preventDefault();
  if (!await act('/api/duty/note', { note: note.value }, w('ui.start.left'))) return;
  note.value = '';
  await refresh();
});
$('sign-off').addEventListener('click', async () => {
  if (!await act('/api/duty/signOff', { note: note.value || undefined, ticked: ticked() }, w('ui.duty.signedOff'))) return;
  note.value = '';
  await refresh();
});

// A press before all of this was read would have been lost.
for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll('#take, #tick, #sign-off, #leave [type=submit]'))) button.disabled = false;

await loadStreet();
await refresh();
