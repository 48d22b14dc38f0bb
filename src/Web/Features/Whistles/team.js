// The phone of a manager team: what rings, what is ours to do, one thumb for each.

import { acknowledgeButton, commandButton, orderButton } from '../../js/case/actions.js';
import { isOnDuty } from '../../js/case/alarm.js';
import { Bell } from '../../js/case/bell.js';
import { awaitedParties, byUrgency, clockOf, flagBadges, glyph, hasEnded, helpOf, holder, isGrave, isInHand, isUrgent, levelBadge, orderOf, partyOf, place, ringsElsewhere, stateWords, what } from '../../js/case/card.js';
import { get } from '../../js/kernel/client.js';
import { when } from '../../js/case/clock.js';
import { contacts } from '../../js/case/contact.js';
import { $, h, say, setAttr, setText } from '../../js/kernel/dom.js';
import { keepPage } from './install.js';
import { Kit } from './kit.js';
import { counted, nothing, paced, showLink } from '../../js/case/link.js';
import { CallerNotes, newsMark } from '../../js/case/notes.js';
import { Outbox } from '../../js/case/outbox.js';
import { Pane } from '../../js/case/pane.js';
import { begin, feed } from '../../js/case/phone.js';
import { showSilent } from '../../js/case/reach.js';
import { keepPicture, lastPicture, recallStreet } from './recall.js';
import { shifts } from './shift.js';
import { badge, sayCannot, stayAwake } from './awake.js';
import { armedBy, ring } from '../../js/kernel/sound.js';
import { onTheSpot, wayTo } from './spot.js';
import { guardTaps, steadily } from '../../js/kernel/steady.js';
import { gridName, loadStreet, street, teamName } from '../../js/kernel/street.js';
import { beginTabs, drawTabs, reveal, showTab, tell, tickTabs } from '../../js/case/tabs.js';
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
/** With more cases than these in one list, those of S3 take one line each, and then all that are not grave. */
const ROOM_FOR_S3 = 3;
const ROOM_FOR_S2 = 6;
/** In ms. */
const ASK_AGAIN = 60_000;
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

/** Whose phone this is, as the post that deals with a case. @param {CallCard} card @returns {import('../../js/contracts.js').Me} */
const as = (card) => feed.actor(me, card);

/** Of several posts, the one whose team is called or has it. @param {CallCard} card */
const forTeam = (card) => me.posts && h('p.soft', { 'data-for': as(card).team ?? '' }, w('ui.m.forTeam', teamName(as(card).team ?? '')));

/** @param {CallCard} card */
function isOurs(card) {
  const { team, postKind } = as(card);
  return Boolean(card.lead) && (team ? card.lead?.team === team : card.lead?.post === postKind);
}

/** Whether it is in this phone's hands. @param {CallCard} card */
const isTask = (card) => (isOurs(card) && isInHand(card)) || helpOf(card, as(card).team) === 'helping';

const kit = new Kit(feed, (card) => as(card).onDuty && isTask(card));

/** 首问: somebody of this team took the report in and guides its caller, whoever works on it. @param {CallCard} card */
function isGuidedHere(card) {
  const { team, postKind } = as(card);
  return postKind === 'gridWorker' && team !== null && card.guides?.includes(team) === true;
}

/** @param {CallCard} card */
const tapsOn = (card) => feed.outbox?.waiting.filter((entry) => entry.callNo === card.callNo) ?? [];

/** The card as it will be once the taps made here have arrived; its clocks keep running. @param {CallCard} card @returns {CallCard} */
function foreseen(card) {
  let seen = card;
  const { team, postKind } = as(card);
  for (const { command } of tapsOn(card)) {
    if (command === 'come') seen = { ...seen, answers: seen.answers.map((one) => (one.kind === 'help' && one.party === team ? { ...one, met: true } : one)) };
    else if (command === 'accept') seen = { ...seen, state: 'accepted', lead: { team: team ?? null, post: postKind ?? '', community: null } };
    else if (command === 'arrive') seen = { ...seen, state: 'onScene' };
    else if (command === 'resolve') seen = { ...seen, state: 'resolved' };
    else if (command === 'return') seen = { ...seen, lead: null };
  }
  return seen;
}

/** @param {CallCard} card @returns {'inbox'|'tasks'|'after'|'others'} */
function shelfOf(card) {
  const { team } = as(card);
  if ((card.state === 'ringing' && !ringsElsewhere(card, team)) || helpOf(card, team) === 'asked') return 'inbox';
  if (!isOurs(card)) return helpOf(card, team) === 'helping' || (isGuidedHere(card) && notes.isUnread(card)) ? 'tasks' : 'others'; // a caller's word waits to be read
  return isInHand(card) ? 'tasks' : 'after';
}

/** Urgency beats what is to be done: these stand above the tabs. @param {CallCard} card */
const isPinned = (card) => (isUrgent(card) && !ringsElsewhere(card, as(card).team)) || (isOurs(card) && isInHand(card) && isGrave(card) && !card.suspendedUntil);

/** Of several, a case that is not grave takes one line: 待接 and 在办 stay in view as a whole. @param {CallCard} card @param {number} among */
const isShort = (card, among) => !isGrave(card) && among > (card.level === 'S3' ? ROOM_FOR_S3 : ROOM_FOR_S2) && awaitedParties(card).length === 0 && helpOf(card, as(card).team) !== 'asked' && (isOurs(card) || !isGuidedHere(card)) && tapsOn(card).length === 0;

/** What the page came with, until more is known. */
const first = () => document.querySelectorAll('.call.first');

const paint = paced(() => {
  if (feed.cards.size === 0 && !feed.sure && first().length > 0) {
    for (const tab of ['inbox', 'tasks', 'after']) {
      tell(tab, 'whistles', { count: null, listed: tab === 'inbox' ? 1 : 0, due: Infinity });
      setText($(tab + '-empty'), nothing(feed, ''));
    }
    drawTabs(false);
    return uncover();
  }
  const shelves = /** @type {Record<string, CallCard[]>} */ ({ urgent: [], inbox: [], tasks: [], after: [], others: [] });
  const inTabs = /** @type {Record<string, {count: number, due: number}>} */ ({ inbox: tally(), tasks: tally(), after: tally(), others: tally() });
  const sorted = [...feed.cards.values()].map((card) => ({ card, ...orderOf(card) })).sort(byUrgency);
  for (const { card, breach } of sorted) {
    const seen = foreseen(card);
    const shelf = shelfOf(seen);
    shelves[isPinned(seen) ? 'urgent' : shelf].push(card);
    inTabs[shelf].count++;
    inTabs[shelf].due = Math.min(inTabs[shelf].due, breach);
  }
  /** How many stand in a tab, not above it. */
  const listed = (/** @type {string} */ tab) => shelves[tab].length + (tab === 'after' ? shelves.others.length : 0);
  for (const tab of ['inbox', 'tasks', 'after']) tell(tab, 'whistles', { ...inTabs[tab], count: inTabs[tab].count > 0 || feed.sure ? inTabs[tab].count : null, listed: listed(tab) });
  steadily('.call', () => {
    for (const box of first()) box.remove();
    for (const [callNo, one] of shown) if (!feed.cards.has(callNo)) { one.box.remove(); shown.delete(callNo); }
    for (const [id, cards] of Object.entries(shelves)) arrange(id, cards);
    drawTabs(!feed.inParts);
  });
  setText($('urgent-count'), counted(feed, shelves.urgent.length));
  $('urgent-box').hidden = shelves.urgent.length === 0;
  $('others-box').hidden = shelves.others.length === 0;
  const away = me.userName !== '' && !isOnDuty(me) && MAY_ACCEPT.includes(me.postKind ?? ''); // whoever is off duty is not told what rings
  // If everything that rings stands above the tabs, no tab says that nothing does.
  for (const [tab, words] of [['inbox', 'ui.m.inboxEmpty'], ['tasks', 'ui.m.tasksEmpty'], ['after', 'ui.m.afterEmpty']]) {
    $(tab + '-empty').hidden = listed(tab) > 0;
    setText($(tab + '-empty'), inTabs[tab].count > 0 ? w('ui.m.above') : nothing(feed, away && tab !== 'after' ? 'ui.m.away' : words));
  }
  const ringing = [...shelves.urgent, ...shelves.inbox].filter((card) => card.state === 'ringing' || helpOf(card, as(card).team) === 'asked');
  tellOf(ringing);
  stayAwake(isOnDuty(me));
  badge(ringing.length);
  const news = notes.news(feed.cards.values());
  kit.tidy();
  if (isOnDuty(me) && news.some((card) => card.state === 'ringing' || isOurs(card) || isGuidedHere(card))) bell?.note();
  sheet?.refresh();
  tick();
  uncover();
}, 5);

/** How many cases a tab has, and when its nearest clock runs out. */
const tally = () => ({ count: 0, due: Infinity });

const uncover = () => document.documentElement.toggleAttribute('data-shown', true);

/** Puts the cards into their shelf in order, touching only what changed. @param {string} id @param {CallCard[]} cards */
function arrange(id, cards) {
  const shelf = $(id);
  let at = shelf.firstElementChild;
  for (const card of cards) {
    let one = shown.get(card.callNo);
    const short = id !== 'urgent' && isShort(foreseen(card), cards.length);
    const mark = [short, card.version, as(card).post, as(card).postKind, as(card).onDuty, notes.isUnread(card), ...tapsOn(card).map((entry) => entry.key)].join();
    if (!one || one.mark !== mark) {
      const fresh = (short ? buildShort : build)(foreseen(card), mark);
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
    forTeam(card),
    h('p.clock-line', null, clock, deadline),
    card.lead && h('p.soft', null, w('ui.detail.lead', holder(card))),
    isGuidedHere(card) && !isOurs(card) && h('p', { 'data-guided': '' }, w('ui.m.guided')),
    ...tapsOn(card).map((entry) => h('p.unsent', null, w('ui.outbox.one', w('ui.command.' + entry.command), when(new Date(entry.at).toISOString(), feed.now())))),
    h('div.acts', null, ...buttons(card)));
  return { mark, box, clock, deadline };
}

/** One line: what and where, its clock, and the next step. @param {CallCard} card @param {string} mark */
function buildShort(card, mark) {
  const clock = h('b.clock');
  const box = h('article.call.short', { 'data-no': card.callNo, 'data-state': card.state },
    h('button.short-words', { type: 'button', onclick: () => openDetail(card.callNo) }, glyph(card), h('span', null, h('b', null, what(card)), ...flagBadges(card), newsMark(notes, card), h('span.soft', null, place(card, 'ui.placeInRow')), forTeam(card))),
    clock, next(card));
  return { mark, box, clock, deadline: h('span') };
}

/** The next step of a case, if it is one tap. @param {CallCard} card */
const next = (card) => buttons(card).find((node) => node instanceof HTMLButtonElement && node.dataset.command !== undefined && !node.classList.contains('plain')) ?? null;

/** @param {CallCard} card @returns {(Node|null)[]} */
function buttons(card) {
  const look = h('button.button.plain', { type: 'button', onclick: () => openDetail(card.callNo) }, w('ui.command.look'));
  const post = as(card);
  const may = MAY_ACCEPT.includes(post.postKind ?? '');
  if (card.state === 'ringing' && !ringsElsewhere(card, post.team)) {
    return [may ? commandButton(feed, 'accept', card.callNo, () => leadOn(card)) : h('p.soft', null, w('ui.m.mayNotAccept')), acknowledgeButton(feed, card, post), look];
  }
  const help = helpOf(card, post.team);
  if (help === 'asked' && may)
    return [h('p', { 'data-help': help }, w('ui.m.helpAsked', holder(card))), commandButton(feed, 'come', card.callNo, () => leadOn(card)), orderButton(feed, 'cannotCome', card), look];
  if (help === 'helping') return [h('p', { 'data-help': help }, w('ui.m.helping', holder(card))), look];
  if (!isOurs(card) || (card.state !== 'accepted' && card.state !== 'onScene') || !may) return [acknowledgeButton(feed, card, post), look];
  const arrives = card.state === 'accepted' && card.answers.some((answer) => answer.kind === 'arrive'); // not every pack requires it
  const awaited = arrives ? [] : awaitedParties(card);
  return [
    awaited.length > 0 ? h('p.soft', null, w('ui.m.waitsFor', awaited.map(partyOf).join(w('ui.and')))) : commandButton(feed, arrives ? 'arrive' : 'resolve', card.callNo),
    acknowledgeButton(feed, card, post),
    h('div.row-wrap', null, commandButton(feed, 'return', card.callNo), look),
  ];
}

/** Once a second: only the clocks change. */
function tick() {
  const now = feed.now();
  sheet?.tick();
  tickTabs(now);
  for (const [callNo, one] of shown) {
    const card = feed.cards.get(callNo);
    if (!card) continue;
    const clock = clockOf(card, now);
    setText(one.clock, one.box.classList.contains('short') ? clock.short ?? '' : clock.text);
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
  if (card.state !== 'ringing' || !MAY_ACCEPT.includes(as(card).postKind ?? '')) return [];
  /** @type {Partial<import('../../js/contracts.js').CandidatesView>} */
  const { own } = await get(`/api/calls/${encodeURIComponent(card.callNo)}/candidates`) ?? {};
  return own ? [h('p.advice', null, own.suggested && h('b', null, w('ui.choice.you')), ' ', h('span.soft', null, w('ui.choice.ownTaken', own.taken, own.teamTaken)))] : [];
}

/** After these the task goes on: where to go, whom to call, the next step. */
const LEADS_ON = ['accept', 'come', 'arrive'];

/** The case open over the page. @type {Pane|null} */
let sheet = null;

/** Whoever takes a case goes on with it: what was said, the way there, the next step. While the tap itself waits for a network, nothing more can be read. @param {CallCard} card */
function leadOn(card) {
  showTab('tasks');
  if (kit.has(card.callNo) || (feed.link === 'live' && tapsOn(card).length === 0)) openDetail(card.callNo);
}

/** @param {string} callNo */
function openDetail(callNo) {
  const content = h('div.sheet-body');
  const box = /** @type {HTMLDialogElement} */ (h('dialog.sheet', { 'aria-label': w('ui.command.look') }, content));
  const contact = contacts((card) => as(card), true);
  const pane = new Pane(content, feed, {
    closed: () => box.close(),
    acted: (command) => { if (!LEADS_ON.includes(command)) box.close(); },
    kit,
    foot: (detail) => (hasEnded(detail.call) ? [] : wayTo(detail.call)),
    more: (/** @type {import('../../js/case/pane.js').Kept} */ detail) => {
      const said = h('div', { hidden: true });
      advice(detail.call).then((nodes) => { said.replaceChildren(...nodes); said.hidden = nodes.length === 0; });
      return [notes.shown(detail, feed.now()), said, h('div.row-wrap', null, ...onTheSpot(detail, feed, isOurs(detail.call), () => box.close())), detail.keptAt === undefined && contact(detail)].filter((node) => node instanceof Node);
    },
  });
  document.body.append(box);
  box.addEventListener('close', () => { box.remove(); sheet = null; notes.closed(); });
  box.showModal();
  sheet = pane;
  pane.open(callNo);
}

let asks = 0;

/** "暖阳管家一队 · 网格员 · 在岗". @param {{team: string|null, postKind: string|null, role?: string, onDuty: boolean}} post */
const postWords = (post) => [post.team ? teamName(post.team) : '', wordOf('post.', post.postKind ?? post.role ?? ''), w(post.onDuty ? 'ui.m.onDuty' : 'ui.m.offDuty')].filter(Boolean).join(' · ');

/** Whose phone this is, from the server, or as last known. @param {import('./recall.js').Picture|null} picture @param {Promise<import('../../js/contracts.js').Me|null>} [asked] */
async function whoAmI(picture, asked = get('/api/me')) {
  const turn = ++asks;
  const said = await asked;
  if (turn !== asks) return; // a later one has been asked since
  me = said ?? picture?.me ?? me;
  feed.watch(me);
  setText($('me'), me.posts ? w('ui.m.posts', me.posts.length, me.posts.filter((post) => post.onDuty).length) : postWords(me));
  feed.dispatchEvent(new Event('me'));
}

/** An earlier snapshot is not live, and is marked so until the first frame. @param {import('./recall.js').Picture|null} picture */
function recall(picture) {
  if (!picture || picture.me.userName !== me.userName) return;
  recalledAt = picture.at;
  feed.recall(picture.cards, picture.as);
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
  const box = shown.get(callNo)?.box;
  if (!box) return;
  reveal(box);
  box.scrollIntoView({ block: 'start' });
}

/** Reads names that could not be loaded offline. */
const namesToo = () => (street.grids.length === 0 ? loadStreet().catch(() => {}) : undefined);

async function start() {
  beginTabs();
  setTimeout(paint, SHOW_AFTER);
  showLink(feed);
  const asked = get('/api/me');
  const [picture] = await Promise.all([lastPicture(), loadStreet().catch(recallStreet), kit.open()]);
  await whoAmI(picture, asked);
  notes.begin(me.userName);
  notes.addEventListener('read', paint);
  void showSilent((me.posts ?? [me]).map((post) => post.post));
  const outbox = (feed.outbox = new Outbox(me.userName));
  showWaiting(outbox);
  begin({ me: () => me, outbox });
  outbox.addEventListener('change', paint);
  armSound();
  sayCannot();
  guardTaps($('main'), '.call');
  bell = new Bell(feed, { me: () => me, as, stands: foreseen, isInSight, jump });
  feed.addEventListener('change', paint);
  feed.addEventListener('frame', paint, { once: true });
  feed.addEventListener('link', () => { paint(); if (feed.link === 'live') { outbox.flush(); whoAmI(null).then(namesToo).then(paint); } });
  feed.addEventListener('duty', () => whoAmI(null).then(paint));
  if ($('shift')) {
    feed.addEventListener('me', shifts(() => me, postWords, () => whoAmI(null).then(paint))); // duty may change elsewhere
  }
  recall(picture);
  keepPicture(feed, () => me);
  setInterval(tick, 1_000);
  setInterval(() => whoAmI(null).then(paint), ASK_AGAIN); // a post may have been given
  feed.addEventListener('frame', () => setTimeout(keepPage, KEEP_AFTER), { once: true });
  outbox.open();
  await feed.run();
}

await start();
