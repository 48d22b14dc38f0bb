// Verification (核查): resolved cases waiting for a grid worker who took no part. Of another community only where nobody of its own is left; those do not come over the feed.

import { resolvedAt } from '../../js/case/card.js';
import { get } from '../../js/kernel/client.js';
import { roughly, when } from '../../js/case/clock.js';
import { $, h, setText } from '../../js/kernel/dom.js';
import { Feed } from '../../js/case/feed.js';
import { Bell } from '../../js/case/bell.js';
import { counted, insist, nothing, paced, showLink } from '../../js/case/link.js';
import { Pane } from '../../js/case/pane.js';
import { picks } from './picks.js';
import { loadStreet } from '../../js/kernel/street.js';
import { w } from '../../js/kernel/words.js';

/** @typedef {import('../../js/contracts.js').CallCard} CallCard */

const ASK_AGAIN = 60_000;

const feed = new Feed();
/** @type {import('../../js/contracts.js').Me} */
let me = { userName: '', role: '', post: null, postKind: null, team: null, community: null, grid: null, onDuty: false };
/** Of other communities. @type {CallCard[]} */
let elsewhere = [];
const pane = new Pane($('detail'), feed, {
  acted: () => lookElsewhere(),
  more: (detail) => (detail.call.state === 'resolved' && !detail.commands.includes('verify') ? [h('p.soft', { id: 'not-yours' }, w('ui.review.notYours'))] : []),
});
const list = picks($('list'), choose, (card) => w('ui.review.since', when(resolvedAt(card), feed.now()), roughly(feed.now() - Date.parse(resolvedAt(card)))));
const farList = picks($('elsewhere'), choose, (card) => w('ui.review.since', when(resolvedAt(card), feed.now()), roughly(feed.now() - Date.parse(resolvedAt(card)))));

const byAge = (/** @type {CallCard} */ a, /** @type {CallCard} */ b) => resolvedAt(a).localeCompare(resolvedAt(b));

const paint = paced(() => {
  const waiting = [...feed.cards.values()].filter((card) => card.state === 'resolved').sort(byAge);
  const far = elsewhere.filter((card) => !feed.cards.has(card.callNo)).sort(byAge);
  list.paint(waiting);
  farList.paint(far);
  $('elsewhere-box').hidden = far.length === 0;
  setText($('list-count'), counted(feed, waiting.length));
  setText($('elsewhere-count'), String(far.length));
  $('list-empty').hidden = waiting.length > 0;
  setText($('list-empty'), nothing(feed, 'ui.review.empty'));
  pane.refresh();
}, 5);

/** @param {string} callNo */
async function choose(callNo) {
  list.press(callNo);
  farList.press(callNo);
  await pane.open(callNo);
  $('detail').focus();
}

async function lookElsewhere() {
  elsewhere = await get('/api/review') ?? elsewhere;
  if (pane.callNo && !feed.cards.has(pane.callNo) && !elsewhere.some((card) => card.callNo === pane.callNo)) pane.close();
  paint();
}

async function whoAmI() {
  me = await get('/api/me') ?? me;
}

async function start() {
  showLink(feed);
  await Promise.all([insist(loadStreet), whoAmI()]);
  new Bell(feed, { me: () => me });
  setInterval(whoAmI, ASK_AGAIN);
  setInterval(lookElsewhere, ASK_AGAIN);
  feed.addEventListener('change', paint);
  feed.addEventListener('link', paint);
  feed.addEventListener('frame', paint, { once: true });
  setInterval(() => { list.tick(); farList.tick(); }, 15_000);
  lookElsewhere();
  await feed.run();
}

await start();
