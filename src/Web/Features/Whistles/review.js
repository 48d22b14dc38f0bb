// Verification (核查): resolved cases waiting for a grid worker who took no part. Of another community only where nobody of its own is left; those do not come over the feed.

import { resolvedAt } from '../../js/case/card.js';
import { get } from '../../js/kernel/client.js';
import { roughly, when } from '../../js/case/clock.js';
import { $, h, setText } from '../../js/kernel/dom.js';
import { Feeds } from '../../js/case/feeds.js';
import { counted, nothing, paced } from '../../js/case/link.js';
import { Pane } from '../../js/case/pane.js';
import { picks } from './picks.js';
import { choose as chooseFrom, run } from './room.js';
import { w } from '../../js/kernel/words.js';

/** @typedef {import('../../js/contracts.js').CallCard} CallCard */

const feed = new Feeds();
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
  await chooseFrom([list, farList], pane, callNo);
}

async function lookElsewhere() {
  elsewhere = await get('/api/review') ?? elsewhere;
  if (pane.callNo && !feed.cards.has(pane.callNo) && !elsewhere.some((card) => card.callNo === pane.callNo)) pane.close();
  paint();
}

await run(feed, { lists: [list, farList], paint, ask: lookElsewhere });
