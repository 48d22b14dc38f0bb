// What this phone's owner owes in matters that follow a procedure: below the whistles, and as usable without a network.

import { answerFor, clockOf, flags, papersOf, unsentOf, wordsOf } from './owed.js';
import { readOwed, takeOwed, walked } from '../../js/case/owing.js';
import { collect, fill, giveAtOnce, look, tellGone } from './sheets.js';
import { isOnDuty } from '../../js/case/alarm.js';
import { when } from '../../js/case/clock.js';
import { paced } from '../../js/case/link.js';
import { suggestsFirst } from '../../js/case/matter.js';
import { feed, phone } from '../../js/case/phone.js';
import { $, h, setAttr, setText } from '../../js/kernel/dom.js';
import { drawTabs, tell } from '../../js/case/tabs.js';
import { steadily } from '../../js/kernel/steady.js';
import { keep, kept } from '../../js/kernel/store.js';
import { gridName } from '../../js/kernel/street.js';
import { nameOf, sentenceOf, w } from '../../js/kernel/words.js';

/** @typedef {import('../../js/contracts.js').OwedItem} OwedItem */
/** @typedef {import('../../js/contracts.js').OwedView} OwedView */
/** @typedef {import('../../js/contracts.js').MatterReply} MatterReply */
/** @typedef {import('../../js/case/outbox.js').Entry} Entry */

/** Several changes in a row are read once. */
const READ_AFTER = 150;
const KEPT = 'matters';

const { me, outbox } = await phone;

/** What is owed, as last read; null until then. @type {import('../../js/case/owing.js').Item[]|null} */
let owed = null;
/** When it was read, if that was in an earlier page. @type {number|null} */
let recalledAt = null;
/** Answers that have arrived, until what is owed has been read again: by matter and key. @type {Set<string>} */
const settled = new Set();
/** The cards on screen; the mark is what they were built from. @type {Map<string, {mark: string, box: HTMLElement, clock: HTMLElement, deadline: HTMLElement}>} */
const shown = new Map();
let asked = 0;
let reading = false;
let lost = false;

/** @param {OwedItem} item @param {OwedView} one */
const keyOf = (item, one) => item.matter.callNo + ' ' + one.key;

/** What this phone has sent or keeps for an answer, apart from papers. @param {OwedItem} item @param {OwedView} one */
const isGiven = (item, one) => settled.has(keyOf(item, one)) || unsentOf(outbox, item).some((entry) => entry.body.owed === one.key && entry.body.says !== 'item');

/** Reads what is owed, soon. */
function readSoon() {
  if (asked) return;
  asked = window.setTimeout(async () => {
    asked = 0;
    if (reading) return readSoon();
    reading = true;
    const before = [...settled];
    await read(before).finally(() => { reading = false; });
    paint();
  }, READ_AFTER);
}

/** @param {string[]} before what had arrived when reading began */
async function read(before) {
  const answer = await readOwed(me());
  lost = 'problem' in answer;
  if ('problem' in answer) return;
  owed = answer.value;
  recalledAt = null;
  for (const key of before) settled.delete(key);
  await keep(KEPT, { userName: me().userName, owed, at: feed.now() }).catch(() => {});
}

/** What an earlier page knew, until it is read. */
async function recall() {
  const last = await kept(KEPT).catch(() => null);
  if (!last || last.userName !== me().userName || owed) return;
  owed = takeOwed(last.owed);
  recalledAt = last.at;
  paint();
}

/** A round stands with its places, if anywhere on this page: not here as well. @param {OwedItem} item */
const standsElsewhere = (item) => item.walks && document.getElementById('rounds-box') !== null && (walked.current?.has(item.matter.callNo) ?? true);

const paint = paced(() => {
  const items = (owed ?? []).filter((item) => !standsElsewhere(item));
  const wanted = new Set(items.map((item) => item.matter.callNo));
  const sure = owed !== null && recalledAt === null;
  tell('tasks', 'matters', { count: sure || items.length > 0 ? items.length : null, listed: items.length, due: Math.min(...items.map(({ matter }) => (matter.breachAt ? Date.parse(matter.breachAt) : Infinity))) });
  steadily('.call', () => {
    for (const [no, one] of shown) if (!wanted.has(no)) { one.box.remove(); shown.delete(no); }
    arrange(items);
    drawTabs(!feed.inParts);
  });
  setText($('matters-count'), sure || items.length > 0 ? String(items.length) : w('ui.unknown'));
  setText($('matters-empty'), w(!sure ? (lost || feed.link === 'stale' ? 'ui.unknown.lost' : 'ui.unknown.reading') : isOnDuty(me()) ? 'ui.owed.empty' : 'ui.owed.away'));
  $('matters-empty').hidden = items.length > 0;
  $('matters-old').hidden = recalledAt === null || items.length === 0;
  setText($('matters-old'), recalledAt === null ? '' : w('ui.owed.old', when(new Date(recalledAt).toISOString(), feed.now())));
  tick();
}, 5);

/** Puts the cards in order, touching only what changed. @param {OwedItem[]} items */
function arrange(items) {
  let at = $('matters').firstElementChild;
  for (const item of items) {
    const no = item.matter.callNo;
    const mark = JSON.stringify([item.matter.version, item.owed, item.items, unsentOf(outbox, item).map((entry) => [entry.key, outbox.stuck]), item.owed.filter((one) => isGiven(item, one)).length]);
    let one = shown.get(no);
    if (!one || one.mark !== mark) {
      const fresh = build(item, mark);
      if (one) one.box.replaceWith(fresh.box);
      if (one && at === one.box) at = fresh.box;
      shown.set(no, (one = fresh));
    }
    if (at === one.box) at = at.nextElementSibling;
    else $('matters').insertBefore(one.box, at);
  }
}

/** @param {OwedItem} item @param {string} mark */
function build(item, mark) {
  const clock = h('b.clock');
  const deadline = h('span.soft');
  const { callNo, grid, promised } = item.matter;
  const badges = flags(item);
  const box = h('article.call.matter', { 'data-no': callNo, 'data-stage': item.stage.code },
    badges.length > 0 && h('p.badges', null, ...badges),
    h('h3', null, item.rings ? nameOf(item.procedure) : `${nameOf(item.procedure)} · ${nameOf(item.stage)}`),
    item.text && h('p.callout-words', null, item.text),
    h('p.soft', null, h('span.no', null, callNo), grid ? ' · ' + gridName(grid) : ''),
    h('p.clock-line', null, clock, deadline),
    promised && !item.matter.promiseKept && !item.matter.flags.includes('cancelled') && h('p.soft', null, w('ui.owed.promised', when(promised, feed.now()))),
    papersOf(item, outbox, false),
    ...unsentOf(outbox, item).filter((entry) => entry.body.says !== 'item').map((entry) => h('p.unsent', null, w('ui.owed.unsent', entry.about ? nameOf(entry.about) : '', when(new Date(entry.at).toISOString(), feed.now())))),
    ...item.owed.filter((one) => !isGiven(item, one)).map((one) => buttonsFor(item, one)),
    h('div.acts', null, h('div.row-wrap', null, h('button.button.plain', { type: 'button', 'data-command': 'look', onclick: () => look(item, outbox) }, w('ui.command.look')))));
  return { mark, box, clock, deadline };
}

/** The buttons of one answer: the first is the usual one. @param {OwedItem} item @param {OwedView} one */
function buttonsFor(item, one) {
  const context = { item: () => owed?.find((other) => other.matter.callNo === item.matter.callNo) ?? item, outbox, now: () => feed.now(), settle: (/** @type {OwedView} */ done) => { settled.add(keyOf(item, done)); paint(); readSoon(); } };
  const [first, ...rest] = one.says.map((says, i) => h('button.button' + (i === 0 && suggestsFirst(one.says) ? '' : '.plain'), {
    type: 'button', 'data-command': 'answer', 'data-owed': one.key, 'data-says': says.code,
    onclick: (/** @type {Event} */ event) => {
      if (says.code === 'item') return collect(context, one);
      // The usual answer that asks nothing is one tap; any other can be thought over.
      if (i === 0 && !one.form && suggestsFirst(one.says)) return giveAtOnce(context, one, says, /** @type {HTMLElement} */ (event.currentTarget));
      return fill(context, one, says);
    },
  }, answerFor(one, says)));
  return h('div.owed', { 'data-owed': one.key },
    one.item && h('p', null, h('b.no', null, one.item.receipt), ' ', wordsOf(one.item)),
    h('div.acts', null, first, rest.length > 0 && h('div.row-wrap', null, ...rest)));
}

/** Once a second: only the clocks change. */
function tick() {
  const now = feed.now();
  for (const item of owed ?? []) {
    const one = shown.get(item.matter.callNo);
    if (!one) continue;
    const { text, by, tone } = clockOf(item, now);
    setText(one.clock, text);
    setText(one.deadline, by);
    setAttr(one.clock, 'class', 'clock ' + tone);
  }
}

/** Whether a paper came after the papers were complete, or the matter withdrawn. @param {Entry} entry @param {MatterReply} reply */
const isLate = (entry, reply) => Boolean(reply.receipt && reply.matter && !reply.matter.owed.some((one) => one.key === entry.body.owed));

/** An answer that came while nobody waited for it, with more to say than that it arrived. @param {Entry} entry @param {MatterReply} reply */
function tellOf(entry, reply) {
  if (!reply.ok || (reply.code !== 'answered_late' && !reply.receipt)) return;
  const { about, callNo } = entry;
  const what = reply.receipt ? [about?.typed[0]?.value, w('ui.owed.receiptSaid', reply.receipt)] : [about && nameOf(about), callNo];
  const late = reply.code === 'answered_late' ? sentenceOf(reply) : isLate(entry, reply) ? w('ui.owed.takenLate') : '';
  const box = h('div.wait-box', null, h('p', null, what.filter(Boolean).join(' · ')), late && h('p', null, late), h('button.button.plain.small', { type: 'button', onclick: () => box.remove() }, w('ui.outbox.seen')));
  $('matters-told').append(box);
}

/** Someone wants to fill in anew what was refused. @param {Entry} entry */
function again(entry) {
  if (entry.root !== 'matters') return undefined;
  const item = owed?.find((one) => one.matter.callNo === entry.callNo);
  const one = item?.owed.find((other) => other.key === entry.body.owed);
  const says = one?.says.find((other) => other.code === entry.body.says);
  if (!item || !one || !says) return tellGone();
  const context = { item: () => item, outbox, now: () => feed.now(), settle: readSoon };
  const before = /** @type {Record<string, string>} */ (entry.body.form ?? {});
  return fill(context, one, says, before).then((done) => (done ? outbox.dismiss(entry.key) : undefined));
}

outbox.addEventListener('change', paint);
outbox.addEventListener('answer', (event) => {
  const { entry, reply } = /** @type {CustomEvent<{entry: Entry, reply: any}>} */ (event).detail;
  if (entry.root !== 'matters') return;
  if (reply.ok && entry.body.says !== 'item') settled.add(entry.callNo + ' ' + entry.body.owed);
  if (!outbox.isAttended(entry.key)) tellOf(entry, reply);
  readSoon();
});
outbox.addEventListener('again', (event) => again(/** @type {CustomEvent<Entry>} */ (event).detail));
feed.addEventListener('frame', (event) => {
  const frame = /** @type {CustomEvent<import('../../js/contracts.js').FeedFrame>} */ (event).detail;
  if (frame.matters?.length || frame.mattersGone?.length) readSoon();
});
feed.addEventListener('link', () => { if (feed.link === 'live') readSoon(); else paint(); });
feed.addEventListener('me', readSoon);
feed.addEventListener('walked', paint);
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && readSoon());
setInterval(tick, 1_000);
await recall();
readSoon();
