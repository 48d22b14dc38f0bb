// The phone of a manager team: what rings, what is ours to do, one thumb for each.

import { actingPost } from '../../js/kernel/acting.js';
import { acknowledgeButton, commandButton, orderButton } from '../../js/case/actions.js';
import { Bell } from '../../js/case/bell.js';
import { awaitedParties, byUrgency, clockOf, flagBadges, glyph, helpOf, holder, isGrave, isInHand, isUrgent, levelBadge, orderOf, partyOf, place, stateWords, what } from '../../js/case/card.js';
import { get } from '../../js/kernel/client.js';
import { when } from '../../js/case/clock.js';
import { contacts } from '../../js/case/contact.js';
import { $, h, say, setAttr, setText } from '../../js/kernel/dom.js';
import { keepPage } from './install.js';
import { counted, nothing, paced, showLink } from '../../js/case/link.js';
import { CallerNotes, newsMark } from '../../js/case/notes.js';
import { Outbox } from '../../js/case/outbox.js';
import { Pane } from '../../js/case/pane.js';
import { begin, feed } from '../../js/case/phone.js';
import { showSilent } from '../../js/case/reach.js';
import { keepPicture, lastPicture, recallStreet } from './recall.js';
import { shiftButton } from './shift.js';
import { armedBy, ring } from '../../js/kernel/sound.js';
import { onTheSpot } from './spot.js';
import { guardTaps, steadily } from '../../js/kernel/steady.js';
import { gridName, loadStreet, street, teamName } from '../../js/kernel/street.js';
import { showWaiting } from './waiting.js';
import { w, wordOf } from '../../js/kernel/words.js';

/** @typedef {import('../../js/contracts.js').CallCard} CallCard */

/** This much of a card tells what it is about, and the bars at the foot of the page are this high: in pixels. */
const SEEN = 150 + 104;
/** Showing the first snapshot comes before saving it. */
const KEEP_AFTER = 1_000;
/** A stored snapshot is stale for a moment whenever the page opens. */
const SAY_STALE_AFTER = 1_500;
/** Without a snapshot or a network, the page is shown after this. */
const SHOW_AFTER = 3_000;
const MAY_ACCEPT = ['gridWorker', 'property', 'police', 'communityDesk', 'streetDesk'];

const notes = new CallerNotes();
/** @type {Bell|undefined} */
let bell;
/** @type {import('../../js/contracts.js').Me} */
let me = { userName: '', role: '', post: null, postKind: null, team: null, community: null, grid: null, onDuty: false };

/** Calls already announced to screen readers. @type {Set<string>} */
const told = new Set();

/** When the snapshot on screen was live, if it comes from an earlier page. @type {number|null} */
let recalledAt = null;

/** The cards on screen; the mark is what they were built from. @type {Map<string, {mark: string, box: HTMLElement, clock: HTMLElement, deadline: HTMLElement}>} */
const shown = new Map();

/** @param {CallCard} card */
const isOurs = (card) => Boolean(card.lead) && (me.team ? card.lead?.team === me.team : card.lead?.post === me.postKind);

/** @param {CallCard} card */
const tapsOn = (card) => feed.outbox?.waiting.filter((entry) => entry.callNo === card.callNo) ?? [];

/** The card as it will be once the taps made here have arrived; its clocks keep running. @param {CallCard} card @returns {CallCard} */
function foreseen(card) {
  let seen = card;
  for (const { command } of tapsOn(card)) {
    if (command === 'come') seen = { ...seen, answers: seen.answers.map((one) => (one.kind === 'help' && one.party === me.team ? { ...one, met: true } : one)) };
    else if (command === 'accept') seen = { ...seen, state: 'accepted', lead: { team: me.team ?? null, post: me.postKind ?? '', community: null } };
    else if (command === 'arrive') seen = { ...seen, state: 'onScene' };
    else if (command === 'resolve') seen = { ...seen, state: 'resolved' };
    else if (command === 'return') seen = { ...seen, lead: null };
  }
  return seen;
}

/** Urgency takes precedence over what is to be done. @param {CallCard} card @returns {'urgent'|'inbox'|'tasks'|'after-list'} */
function shelfOf(card) {
  const ours = isOurs(card) && isInHand(card);
  if (isUrgent(card) || (ours && isGrave(card) && !card.suspendedUntil)) return 'urgent';
  if (card.state === 'ringing' || helpOf(card, me.team) === 'asked') return 'inbox';
  return ours || helpOf(card, me.team) === 'helping' ? 'tasks' : 'after-list';
}

const paint = paced(() => {
  const shelves = /** @type {Record<string, CallCard[]>} */ ({ urgent: [], inbox: [], tasks: [], 'after-list': [] });
  const sorted = [...feed.cards.values()].map((card) => ({ card, ...orderOf(card) })).sort(byUrgency);
  for (const { card } of sorted) shelves[shelfOf(foreseen(card))].push(card);
  steadily(/** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.call')), () => {
    for (const [callNo, one] of shown) if (!feed.cards.has(callNo)) { one.box.remove(); shown.delete(callNo); }
    for (const [id, cards] of Object.entries(shelves)) arrange(id, cards);
  });
  for (const [id, cards] of Object.entries(shelves)) setText($(id.replace('-list', '') + '-count'), counted(feed, cards.length));
  const urgentRings = shelves.urgent.some((card) => card.state === 'ringing');
  $('urgent-box').hidden = shelves.urgent.length === 0;
  // If everything that rings is under "urgent", no heading says that nothing does.
  $('inbox-box').hidden = shelves.inbox.length === 0 && urgentRings;
  $('tasks-box').hidden = shelves.tasks.length === 0 && shelves.urgent.some((card) => card.state !== 'ringing');
  const away = me.userName !== '' && !me.onDuty && MAY_ACCEPT.includes(me.postKind ?? ''); // whoever is off duty is not told what rings
  for (const [id, words] of [['inbox-empty', 'ui.m.inboxEmpty'], ['tasks-empty', 'ui.m.tasksEmpty']]) setText($(id), nothing(feed, away ? 'ui.m.away' : words));
  $('inbox-empty').hidden = shelves.inbox.length > 0;
  $('tasks-empty').hidden = shelves.tasks.length > 0;
  tellOf([...shelves.urgent, ...shelves.inbox].filter((card) => card.state === 'ringing' || helpOf(card, me.team) === 'asked'));
  const news = notes.news(feed.cards.values());
  if (me.onDuty && news.some((card) => card.state === 'ringing' || isOurs(card))) bell?.note();
  sheet?.refresh();
  tick();
  uncover();
}, 5);

const uncover = () => document.documentElement.toggleAttribute('data-shown', true);

/** Puts the cards into their shelf in order, touching only what changed. @param {string} id @param {CallCard[]} cards */
function arrange(id, cards) {
  const shelf = $(id);
  let at = shelf.firstElementChild;
  for (const card of cards) {
    let one = shown.get(card.callNo);
    const mark = [card.version, me.postKind, me.onDuty, notes.isUnread(card), ...tapsOn(card).map((entry) => entry.key)].join();
    if (!one || one.mark !== mark) {
      const fresh = build(foreseen(card), mark);
      if (one) one.box.replaceWith(fresh.box);
      if (one && at === one.box) at = fresh.box;
      shown.set(card.callNo, (one = fresh));
    }
    if (at === one.box) at = at.nextElementSibling;
    else shelf.insertBefore(one.box, at);
  }
}

/** @param {CallCard} card @param {string} mark */
function build(card, mark) {
  const clock = h('b.clock');
  const deadline = h('span.soft');
  const box = h('article.call', { 'data-no': card.callNo, 'data-state': card.state },
    h('p.badges', null, levelBadge(card), card.state !== 'ringing' && h('span.state.' + card.state, null, stateWords(card)), ...flagBadges(card)),
    newsMark(notes, card),
    h('h3', null, glyph(card), what(card)),
    h('p', null, place(card)),
    h('p.clock-line', null, clock, deadline),
    card.lead && h('p.soft', null, w('ui.detail.lead', holder(card))),
    ...tapsOn(card).map((entry) => h('p.unsent', null, w('ui.outbox.one', w('ui.command.' + entry.command), when(new Date(entry.at).toISOString(), feed.now())))),
    h('div.acts', null, ...buttons(card)));
  return { mark, box, clock, deadline };
}

/** @param {CallCard} card @returns {(Node|null)[]} */
function buttons(card) {
  const look = h('button.button.plain', { type: 'button', onclick: () => openDetail(card.callNo) }, w('ui.command.look'));
  if (card.state === 'ringing') {
    const may = MAY_ACCEPT.includes(me.postKind ?? '');
    return [may ? commandButton(feed, 'accept', card.callNo) : h('p.soft', null, w('ui.m.mayNotAccept')), acknowledgeButton(feed, card, me), look];
  }
  const help = helpOf(card, me.team);
  if (help === 'asked' && MAY_ACCEPT.includes(me.postKind ?? ''))
    return [h('p', { 'data-help': help }, w('ui.m.helpAsked', holder(card))), commandButton(feed, 'come', card.callNo), orderButton(feed, 'cannotCome', card), look];
  if (help === 'helping') return [h('p', { 'data-help': help }, w('ui.m.helping', holder(card))), look];
  if (!isOurs(card) || (card.state !== 'accepted' && card.state !== 'onScene') || !MAY_ACCEPT.includes(me.postKind ?? '')) return [acknowledgeButton(feed, card, me), look];
  const arrives = card.state === 'accepted' && card.answers.some((answer) => answer.kind === 'arrive'); // not every pack requires it
  const awaited = arrives ? [] : awaitedParties(card);
  return [
    awaited.length > 0 ? h('p.soft', null, w('ui.m.waitsFor', awaited.map(partyOf).join(w('ui.and')))) : commandButton(feed, arrives ? 'arrive' : 'resolve', card.callNo),
    acknowledgeButton(feed, card, me),
    h('div.row-wrap', null, commandButton(feed, 'return', card.callNo), look),
  ];
}

/** Once a second: only the clocks change. */
function tick() {
  const now = feed.now();
  sheet?.tick();
  for (const [callNo, one] of shown) {
    const card = feed.cards.get(callNo);
    if (!card) continue;
    const clock = clockOf(card, now);
    setText(one.clock, clock.text);
    setText(one.deadline, clock.deadline === clock.text ? '' : clock.deadline);
    setAttr(one.clock, 'class', 'clock ' + clock.tone);
  }
}

/** Announces new calls to screen readers; the bell makes the sound. @param {CallCard[]} ringing */
function tellOf(ringing) {
  if (recalledAt !== null) return; // the snapshot is old
  const fresh = ringing.filter((card) => !told.has(card.callNo));
  for (const callNo of told) if (!feed.cards.has(callNo)) told.delete(callNo);
  for (const card of fresh) told.add(card.callNo);
  if (fresh.length > 0) say(w('ui.m.rings', fresh.length, what(fresh[0]), gridName(fresh[0].grid)), true);
}

/** Whether one's own post is advised to accept what rings, and what it is handling; it learns nothing about anyone else. @param {CallCard} card */
async function advice(card) {
  if (card.state !== 'ringing' || !MAY_ACCEPT.includes(me.postKind ?? '')) return [];
  /** @type {Partial<import('../../js/contracts.js').CandidatesView>} */
  const { own } = await get(`/api/calls/${encodeURIComponent(card.callNo)}/candidates`) ?? {};
  return own ? [h('p.advice', null, own.suggested && h('b', null, w('ui.choice.you')), ' ', h('span.soft', null, w('ui.choice.ownTaken', own.taken, own.teamTaken)))] : [];
}

/** The case open over the page. @type {Pane|null} */
let sheet = null;

/** @param {string} callNo */
function openDetail(callNo) {
  const content = h('div.sheet-body');
  const box = /** @type {HTMLDialogElement} */ (h('dialog.sheet', { 'aria-label': w('ui.command.look') }, content));
  const contact = contacts(() => me);
  const pane = new Pane(content, feed, {
    closed: () => box.close(),
    acted: () => box.close(),
    more: (detail) => {
      const said = h('div', { hidden: true });
      advice(detail.call).then((nodes) => { said.replaceChildren(...nodes); said.hidden = nodes.length === 0; });
      return [notes.shown(detail, feed.now()), said, h('div.row-wrap', null, ...onTheSpot(detail, feed, isOurs(detail.call), () => box.close())), contact(detail)].filter((node) => node instanceof Node);
    },
  });
  document.body.append(box);
  box.addEventListener('close', () => { box.remove(); sheet = null; notes.closed(); });
  box.showModal();
  sheet = pane;
  pane.open(callNo);
}

/** Whose phone this is, from the server, or as last known. @param {import('./recall.js').Picture|null} picture */
async function whoAmI(picture) {
  me = await get('/api/me') ?? picture?.me ?? me;
  setText($('me'), [me.team ? teamName(me.team) : '', wordOf('post.', me.postKind ?? me.role), w(me.onDuty ? 'ui.m.onDuty' : 'ui.m.offDuty')].filter(Boolean).join(' · '));
  feed.dispatchEvent(new Event('me'));
}

/** An earlier snapshot is not live, and is marked so until the first frame. @param {import('./recall.js').Picture|null} picture */
function recall(picture) {
  if (!picture || picture.me.userName !== me.userName) return;
  recalledAt = picture.at;
  feed.recall(picture.cards);
  const show = () => {
    if (recalledAt === null || feed.link === 'live') return;
    document.documentElement.toggleAttribute('data-stale', true); // grey at once; in words only if it lasts, or the page would jump at every start
    setTimeout(() => {
      if (recalledAt === null || feed.link === 'live') return;
      $('stale').hidden = false;
      setText($('stale'), w('ui.m.recalled', when(new Date(recalledAt).toISOString(), Date.now())));
    }, SAY_STALE_AFTER);
  };
  feed.addEventListener('link', show);
  feed.addEventListener('frame', () => {
    recalledAt = null;
    document.documentElement.toggleAttribute('data-stale', false);
    $('stale').hidden = true;
    setText($('stale'), w('ui.link.staleHelp'));
  }, { once: true });
  show();
}

function armSound() {
  armedBy($('arm'), () => {
    setAttr($('arm'), 'aria-pressed', String(ring.armed));
    setText($('arm'), w(ring.armed ? 'ui.sound.armed' : 'ui.sound.arm'));
  });
}

/** @param {string} callNo */
function isInSight(callNo) {
  const { top, bottom } = shown.get(callNo)?.box.getBoundingClientRect() ?? { top: 0, bottom: 0 };
  return !sheet && bottom > top && top >= 0 && top + SEEN <= innerHeight;
}

/** @param {string} callNo */
function jump(callNo) {
  sheet?.close();
  shown.get(callNo)?.box.scrollIntoView({ block: 'start' });
}

/** Reads names that could not be loaded offline. */
const namesToo = () => (street.grids.length === 0 ? loadStreet().catch(() => {}) : undefined);

async function start() {
  setTimeout(paint, SHOW_AFTER);
  showLink(feed);
  const picture = await lastPicture();
  await loadStreet().catch(recallStreet);
  await whoAmI(picture);
  notes.begin(me.userName);
  notes.addEventListener('read', paint);
  void showSilent(me.post);
  const outbox = (feed.outbox = new Outbox([me.userName, actingPost].filter(Boolean).join(' ')));
  showWaiting(outbox);
  begin({ me: () => me, outbox });
  outbox.addEventListener('change', paint);
  armSound();
  guardTaps($('main'), '.call');
  bell = new Bell(feed, { me: () => me, stands: foreseen, isInSight, jump });
  feed.addEventListener('change', paint);
  feed.addEventListener('frame', paint, { once: true });
  feed.addEventListener('link', () => { paint(); if (feed.link === 'live') { outbox.flush(); whoAmI(null).then(namesToo).then(paint); } });
  if ($('shift')) {
    feed.addEventListener('me', shiftButton(() => me.onDuty, () => whoAmI(null).then(paint))); // duty may change elsewhere
  }
  recall(picture);
  keepPicture(feed, () => me);
  setInterval(tick, 1_000);
  feed.addEventListener('frame', () => setTimeout(keepPage, KEEP_AFTER), { once: true });
  outbox.open();
  await feed.run();
}

await start();
