// Verification (核查): resolved cases waiting for a grid worker who took no part. And callbacks (回访): verified cases waiting for the caller's
// verdict. The page's list says which.

import { glyph, holder, levelBadge, place, resolvedAt, what } from '../../js/case/card.js';
import { get } from '../../js/kernel/client.js';
import { roughly, when } from '../../js/case/clock.js';
import { contacts } from '../../js/case/contact.js';
import { $, h, setText } from '../../js/kernel/dom.js';
import { Feed } from '../../js/case/feed.js';
import { Bell } from '../../js/case/bell.js';
import { counted, insist, nothing, paced, showLink } from '../../js/case/link.js';
import { Pane } from '../../js/case/pane.js';
import { loadStreet } from '../../js/kernel/street.js';
import { w } from '../../js/kernel/words.js';

/** @typedef {import('../../js/contracts.js').CallCard} CallCard */

const ASK_AGAIN = 60_000;

const feed = new Feed();
const STATE = /** @type {string} */ ($('list').dataset.state);
const COMMAND = STATE === 'resolved' ? 'verify' : 'callback';
/** @type {import('../../js/contracts.js').Me} */
let me = { userName: '', role: '', post: null, postKind: null, team: null, community: null, grid: null, onDuty: false };
const contact = contacts(() => me);
const pane = new Pane($('detail'), feed, {
  more: (detail) => {
    const mayNot = detail.call.state === STATE && !detail.commands.includes(COMMAND);
    return [
      mayNot && h('p.soft', { id: 'not-yours' }, w(STATE === 'resolved' ? 'ui.review.notYours' : 'ui.callbacks.notYours')),
      STATE === 'verified' && !mayNot && contact(detail), // the person calling back needs the number
    ].filter((node) => node instanceof Node);
  },
});

/** @type {Map<string, {card: CallCard, item: HTMLElement, since: HTMLElement}>} */
const shown = new Map();

const paint = paced(() => {
  const waiting = [...feed.cards.values()].filter((card) => card.state === STATE).sort((a, b) => resolvedAt(a).localeCompare(resolvedAt(b)));
  const wanted = new Set(waiting.map((card) => card.callNo));
  for (const [callNo, one] of shown) if (!wanted.has(callNo)) { one.item.remove(); shown.delete(callNo); }
  let at = $('list').firstElementChild;
  for (const card of waiting) {
    let one = shown.get(card.callNo);
    if (!one || one.card !== card) {
      const fresh = build(card);
      if (one) one.item.replaceWith(fresh.item);
      if (one && at === one.item) at = fresh.item;
      shown.set(card.callNo, (one = fresh));
    }
    if (at === one.item) at = at.nextElementSibling;
    else $('list').insertBefore(one.item, at);
  }
  setText($('list-count'), counted(feed, waiting.length));
  $('list-empty').hidden = waiting.length > 0;
  setText($('list-empty'), nothing(feed, STATE === 'resolved' ? 'ui.review.empty' : 'ui.callbacks.empty'));
  pane.refresh();
  tick();
}, 5);

/** @param {CallCard} card */
function build(card) {
  const since = h('span.soft');
  const item = h('li', { 'data-no': card.callNo }, h('button.pick', { type: 'button', onclick: () => choose(card.callNo) },
    h('span.badges', null, levelBadge(card), h('b', null, glyph(card), what(card))),
    h('span', null, place(card)), h('span.soft', null, holder(card)), since));
  return { card, item, since };
}

/** @param {string} callNo */
async function choose(callNo) {
  for (const [no, one] of shown) one.item.firstElementChild?.setAttribute('aria-pressed', String(no === callNo));
  await pane.open(callNo);
  $('detail').focus();
}

function tick() {
  const now = feed.now();
  for (const { card, since } of shown.values()) {
    const at = resolvedAt(card);
    setText(since, w(STATE === 'resolved' ? 'ui.review.since' : 'ui.callbacks.since', when(at, now), roughly(now - Date.parse(at))));
  }
}

async function whoAmI() {
  me = await get('/api/me') ?? me;
}

async function start() {
  showLink(feed);
  await Promise.all([insist(loadStreet), whoAmI()]);
  new Bell(feed, { me: () => me });
  setInterval(whoAmI, ASK_AGAIN);
  feed.addEventListener('change', paint);
  feed.addEventListener('link', paint);
  feed.addEventListener('frame', paint, { once: true });
  setInterval(tick, 15_000);
  await feed.run();
}

await start();
