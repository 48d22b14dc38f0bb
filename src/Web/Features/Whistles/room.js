// A room of lists, with one case beside them: its feed, its bell, and what it asks for again.

import { Bell } from '../../js/case/bell.js';
import { insist, showLink, ticking } from '../../js/case/link.js';
import { get } from '../../js/kernel/client.js';
import { loadStreet } from '../../js/kernel/street.js';

/** @typedef {import('../../js/contracts.js').Me} Me */
/** @typedef {ReturnType<typeof import('./picks.js').picks>} Picks */

const ASK_AGAIN = 60_000;
const TICK = 15_000;

/** @type {Me} */
let me = { userName: '', role: '', post: null, postKind: null, team: null, community: null, grid: null, onDuty: false };

/** Who is looking; without a name, unknown. */
export const whoLooks = () => me;

/** @param {import('../../js/case/feeds.js').Feeds} feed */
async function whoAmI(feed) {
  me = await get('/api/me') ?? me;
  feed.watch(me);
}

/**
 * Runs for the life of the page. @param {import('../../js/case/feeds.js').Feeds} feed @param {{lists: Picks[], paint: () => void, ask: () => void}} room
 * paint: draws what has changed. ask: reads what does not come over the feed.
 */
export async function run(feed, { lists, paint, ask }) {
  showLink(feed);
  await Promise.all([insist(loadStreet), whoAmI(feed)]);
  new Bell(feed, { me: whoLooks, as: (card) => feed.actor(me, card) });
  feed.addEventListener('duty', () => whoAmI(feed));
  setInterval(() => whoAmI(feed), ASK_AGAIN);
  setInterval(ask, ASK_AGAIN);
  feed.addEventListener('change', paint);
  feed.addEventListener('link', paint);
  feed.addEventListener('frame', paint, { once: true });
  ticking(() => { for (const list of lists) list.tick(); }, TICK);
  ask();
  await feed.run();
}

/** Opens a case of the lists and takes the focus to it; the list stays where it is. @param {Picks[]} lists @param {import('../../js/case/pane.js').Pane} pane @param {string} callNo */
export async function choose(lists, pane, callNo) {
  for (const list of lists) list.press(callNo);
  await pane.open(callNo);
  pane.element.focus({ preventScroll: true });
}
