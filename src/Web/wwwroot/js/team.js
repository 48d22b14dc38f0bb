// The phone of a manager team: what rings, what is ours to do, and one thumb for each.

import { acts, commandButton } from './actions.js';
import { byUrgency, clockOf, flagBadges, glyph, holder, levelBadge, orderOf, place, stateWords, what } from './card.js';
import { body, head, loadDetail, openNumbers } from './detail.js';
import { $, h, say, setAttr, setText } from './dom.js';
import { Feed } from './feed.js';
import { paced, showLink } from './link.js';
import { Ring } from './sound.js';
import { guardTaps, steadily } from './steady.js';
import { gridName, loadStreet, teamName } from './street.js';
import { w, wordOf } from './words.js';

/** @typedef {import('./contracts.js').CallCard} CallCard */

const REPEAT_S1 = 60_000;
const MAY_ACCEPT = ['gridWorker', 'property', 'police', 'communityDesk', 'streetDesk'];

const feed = new Feed();
const ring = new Ring();
/** @type {import('./contracts.js').Me} */
let me = { userName: '', role: '', post: null, postKind: null, team: null, community: null, grid: null, onDuty: false };

/** Cases that have rung here, and when a sound was last made for each. @type {Map<string, number>} */
const rung = new Map();

/** The shown cards. @type {Map<string, {version: number, box: HTMLElement, clock: HTMLElement, deadline: HTMLElement}>} */
const shown = new Map();

/** @param {CallCard} card */
const isOurs = (card) => Boolean(card.lead) && (me.team ? card.lead?.team === me.team : card.lead?.post === me.postKind);

/** @param {CallCard} card @returns {'inbox'|'tasks'|'after-list'|null} */
function shelfOf(card) {
  if (card.state === 'ringing') return 'inbox';
  if (card.state === 'accepted' || card.state === 'onScene') return isOurs(card) ? 'tasks' : 'after-list';
  return 'after-list';
}

const paint = paced(() => {
  const shelves = /** @type {Record<string, CallCard[]>} */ ({ inbox: [], tasks: [], 'after-list': [] });
  const sorted = [...feed.cards.values()].map((card) => ({ card, ...orderOf(card) })).sort(byUrgency);
  for (const { card } of sorted) shelves[shelfOf(card) ?? 'after-list'].push(card);
  steadily([...shown.values()].map((one) => one.box), () => {
    for (const [callNo, one] of shown) if (!feed.cards.has(callNo)) { one.box.remove(); shown.delete(callNo); }
    for (const [id, cards] of Object.entries(shelves)) arrange(id, cards);
  });
  setText($('inbox-count'), String(shelves.inbox.length));
  setText($('tasks-count'), String(shelves.tasks.length));
  setText($('after-count'), String(shelves['after-list'].length));
  $('inbox-empty').hidden = shelves.inbox.length > 0;
  $('tasks-empty').hidden = shelves.tasks.length > 0;
  document.title = (shelves.inbox.length ? `(${shelves.inbox.length}) ` : '') + w('ui.m.title');
  ringFor(shelves.inbox);
  tick();
}, 5);

/** Puts the cards into their shelf in order, touching only what changed. @param {string} id @param {CallCard[]} cards */
function arrange(id, cards) {
  const shelf = $(id);
  let at = shelf.firstElementChild;
  for (const card of cards) {
    let one = shown.get(card.callNo);
    if (!one || one.version !== card.version) {
      const fresh = build(card);
      if (one) one.box.replaceWith(fresh.box);
      if (one && at === one.box) at = fresh.box;
      shown.set(card.callNo, (one = fresh));
    }
    if (at === one.box) at = at.nextElementSibling;
    else shelf.insertBefore(one.box, at);
  }
}

/** @param {CallCard} card */
function build(card) {
  const clock = h('b.clock');
  const deadline = h('span.soft');
  const box = h('article.call', { 'data-no': card.callNo, 'data-state': card.state },
    h('p.badges', null, levelBadge(card), card.state !== 'ringing' && h('span.state.' + card.state, null, stateWords(card)), ...flagBadges(card)),
    h('h3', null, glyph(card), what(card)),
    h('p', null, place(card)),
    h('p.clock-line', null, clock, deadline),
    card.lead && h('p.soft', null, w('ui.detail.lead', holder(card))),
    h('div.acts', null, ...buttons(card)));
  return { version: card.version, box, clock, deadline };
}

/** @param {CallCard} card @returns {(Node|null)[]} */
function buttons(card) {
  const look = h('button.button.plain', { type: 'button', onclick: () => openDetail(card.callNo) }, w('ui.command.look'));
  if (card.state === 'ringing') {
    const may = MAY_ACCEPT.includes(me.postKind ?? '');
    return [may ? commandButton(feed, 'accept', card.callNo) : h('p.soft', null, w('ui.m.mayNotAccept')), look];
  }
  if (!isOurs(card) || (card.state !== 'accepted' && card.state !== 'onScene')) return [look];
  return [
    commandButton(feed, card.state === 'accepted' ? 'arrive' : 'resolve', card.callNo),
    h('div.row-wrap', null, commandButton(feed, 'return', card.callNo), look),
  ];
}

/** Once a second: only the clocks move. */
function tick() {
  const now = feed.now();
  for (const [callNo, one] of shown) {
    const card = feed.cards.get(callNo);
    if (!card) continue;
    const clock = clockOf(card, now);
    setText(one.clock, clock.text);
    setText(one.deadline, clock.deadline === clock.text ? '' : clock.deadline);
    setAttr(one.clock, 'class', 'clock ' + clock.tone);
  }
}

/** One sound for each new case; a special one again each minute while nobody has taken it. @param {CallCard[]} inbox */
function ringFor(inbox) {
  const now = performance.now();
  const fresh = inbox.filter((card) => !rung.has(card.callNo));
  const again = inbox.filter((card) => card.level === 'S1' && now - (rung.get(card.callNo) ?? now) >= REPEAT_S1);
  for (const callNo of rung.keys()) if (!feed.cards.has(callNo)) rung.delete(callNo);
  for (const card of [...fresh, ...again]) rung.set(card.callNo, now);
  const loudest = [...fresh, ...again].map((card) => card.level).sort()[0];
  if (loudest) ring.play(loudest);
  if (fresh.length > 0) say(w('ui.m.rings', fresh.length, what(fresh[0]), gridName(fresh[0].grid)), true);
}

/** @param {string} callNo */
async function openDetail(callNo) {
  const content = h('div.sheet-body', null, h('p.empty', null, w('ui.detail.loading')));
  const box = /** @type {HTMLDialogElement} */ (h('dialog.sheet', { 'aria-label': w('ui.command.look') },
    h('form.sheet-bar', { method: 'dialog' }, h('button.button.plain', null, w('ui.ask.close'))), content));
  document.body.append(box);
  box.addEventListener('close', () => box.remove());
  box.showModal();
  const detail = await loadDetail(callNo);
  if ('problem' in detail) {
    content.replaceChildren(h('p.error-box', null, detail.problem));
    return;
  }
  const now = feed.now();
  content.replaceChildren(head(detail.call, now), acts(feed, detail, () => box.close()), ...body(detail, now));
  openNumbers(content, (other) => { box.close(); openDetail(other); });
}

async function start() {
  const [answer] = await Promise.all([fetch('/api/me'), loadStreet()]);
  if (answer.ok) me = await answer.json();
  $('me').textContent = [me.team ? teamName(me.team) : '', wordOf('post.', me.postKind ?? me.role), w(me.onDuty ? 'ui.m.onDuty' : 'ui.m.offDuty')]
    .filter(Boolean).join(' · ');
  $('arm').addEventListener('click', async () => {
    if (ring.armed) ring.disarm();
    else await ring.arm();
    setAttr($('arm'), 'aria-pressed', String(ring.armed));
    setText($('arm'), w(ring.armed ? 'ui.sound.armed' : 'ui.sound.arm'));
  });
  guardTaps($('main'), '.call');
  showLink(feed);
  feed.addEventListener('change', paint);
  feed.addEventListener('frame', paint, { once: true });
  setInterval(() => { tick(); ringFor([...feed.cards.values()].filter((card) => card.state === 'ringing')); }, 1_000);
  await feed.run();
}

await start();
