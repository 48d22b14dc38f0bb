// What one owes, the matters one may see, and a new one.

import { isOnDuty } from '../../js/case/alarm.js';
import { Bell } from '../../js/case/bell.js';
import { when } from '../../js/case/clock.js';
import { Feeds } from '../../js/case/feeds.js';
import { insist, showLink } from '../../js/case/link.js';
import { isMatter, loadProcedures, matterAddress, matterClock, matterFlags, matterPlace, procedureName, procedures, stageName, whoOwes } from '../../js/case/matter.js';
import { pleaWords } from '../../js/case/plea.js';
import { actingOn } from '../../js/kernel/acting.js';
import { fromAddress, to, toAddress } from '../../js/kernel/ask.js';
import { read, request } from '../../js/kernel/client.js';
import { $, h, setText } from '../../js/kernel/dom.js';
import { loadStreet } from '../../js/kernel/street.js';
import { nameOf, w } from '../../js/kernel/words.js';
import { answerButtons } from './acts.js';
import { opening } from './opening.js';
import { readOwed } from '../../js/case/owing.js';

/** @typedef {import('../../js/contracts.js').MatterCard} MatterCard */
/** @typedef {import('../../js/contracts.js').MatterList} MatterList */

// Of a busy street, every change comes here.
const READ_AGAIN_AFTER = 5_000;
const feed = new Feeds();
const form = /** @type {HTMLFormElement} */ ($('filters'));
/** @type {import('../../js/contracts.js').Me} */
let me = { userName: '', role: '', post: null, postKind: null, team: null, community: null, grid: null, onDuty: false };
/** @type {MatterCard[]} */
let cards = [];
let waiting = 0;
let turn = 0;

/** Where it is read, as the post that owes it. @param {string} no */
function addressOf(no) {
  const post = actingOn('/api' + matterAddress(no));
  return matterAddress(no, post === null ? {} : { post });
}

/** @param {MatterCard} card */
const line = (card) => [
  h('p.matter-title', null, h('a', { href: addressOf(card.callNo) }, h('b', null, procedureName(card)), ' · ', stageName(card)), ' ', ...matterFlags(card)),
  h('p', null, matterPlace(card), ' ', h('span.no.soft', null, card.callNo)),
  clock(card),
];

/** @param {MatterCard} card */
function clock(card) {
  const { text, deadline, tone, running } = matterClock(card, feed.now());
  return h('p.clock.' + tone, { 'data-clock': card.callNo }, running ? text : '', ' ', h('span.soft', null, running && deadline !== text ? deadline : ''));
}

/** @param {import('../../js/contracts.js').OwedItem} item */
const owedItem = (item) => h('li.card', { 'data-no': item.matter.callNo }, ...line(item.matter), item.climbed && h('p', null, h('span.flag.asked', null, w('ui.matters.climbed'))),
  ...(item.decides ?? []).map((plea) => h('div.owed', { 'data-plea': plea.kind }, h('p', null, pleaWords(plea, feed.now())), h('p.row-wrap', null, h('a.button', { href: addressOf(item.matter.callNo) }, w('ui.command.rule.' + plea.kind))))),
  h('div.owed-list', null, ...answerButtons(item.matter.callNo, item.owed, () => { void mine(); void search(); })));

async function mine() {
  const answer = await readOwed(me);
  if ('problem' in answer) {
    setText($('mine-count'), w('ui.unknown'));
    setText($('mine-empty'), answer.problem);
    $('mine-empty').hidden = false;
    return;
  }
  const owed = answer.value;
  setText($('mine-count'), isOnDuty(me) ? String(owed.length) : w('ui.unknown'));
  $('mine').replaceChildren(...owed.map(owedItem));
  $('mine-empty').hidden = owed.length > 0;
  setText($('mine-empty'), w(isOnDuty(me) ? 'ui.matters.nothing' : 'ui.matters.offDuty'));
}

/** @param {MatterCard} card */
const row = (card) => h('li', { 'data-no': card.callNo }, ...line(card), card.outcome ? null : h('p.soft', null, whoOwes(card) && w('ui.matter.owes', whoOwes(card))), card.outcome && h('p.soft', null, w('ui.matter.openedAt', when(card.openedAt, feed.now()))));

/** @param {string|null} [after] */
async function search(after) {
  const asked = ++turn;
  const { procedure, state } = Object.fromEntries(new URLSearchParams(location.search));
  const answer = await read(to('/api/matters', { procedure, state, after }));
  if (asked !== turn) return;
  if ('problem' in answer) {
    setText($('all-count'), w('ui.unknown'));
    $('all').replaceChildren(h('p.error-box', { role: 'alert' }, answer.problem));
    return;
  }
  /** @type {MatterList} */
  const list = answer.value;
  cards = after ? [...cards, ...list.matters] : [...list.matters];
  setText($('all-count'), w('ui.matters.count', list.total));
  $('all').replaceChildren(...(cards.length === 0 ? [h('p.empty', null, w(state === 'ended' ? 'ui.matters.noneEnded' : 'ui.matters.none'))] : [h('ul.matter-list', null, ...cards.map(row))]),
    ...(list.next ? [h('p.more-row', null, h('button.button.plain', { type: 'button', onclick: () => search(list.next) }, w('ui.history.more')))] : []));
}

/** Something has changed: both lists are read once more, after a while. */
function later() {
  if (waiting) return;
  waiting = window.setTimeout(() => {
    waiting = 0;
    if (document.querySelector('dialog[open]') || document.hidden) later();
    else {
      void mine();
      void search();
    }
  }, READ_AGAIN_AFTER);
}

function tick() {
  for (const element of document.querySelectorAll('[data-clock]')) {
    const no = /** @type {HTMLElement} */ (element).dataset.clock ?? '';
    const card = feed.matters.get(no) ?? cards.find((one) => one.callNo === no);
    if (isMatter(card)) element.replaceWith(clock(card));
  }
}

async function start() {
  showLink(feed);
  const [answer] = await Promise.all([insist(() => request('/api/me')), insist(loadStreet), loadProcedures()]);
  if (answer.ok) me = await answer.json();
  feed.watch(me);
  new Bell(feed, { me: () => me, as: (card) => feed.actor(me, card) });
  $('procedure').append(...[...procedures.values()].map((one) => h('option', { value: one.code }, nameOf(one))));
  fromAddress(form);
  const changed = () => { toAddress(form); void search(); };
  form.addEventListener('change', changed);
  form.addEventListener('submit', (event) => { event.preventDefault(); changed(); });
  opening($('new'), $('begin'), me, later);
  feed.addEventListener('matters', later);
  await Promise.all([mine(), search()]);
  setInterval(tick, 1_000);
  await feed.run();
}

await start();
