// The bell on a page that shows no cases of its own.

import { Bell } from './bell.js';
import { get } from '../kernel/client.js';
import { Feeds } from './feeds.js';
import { loadStreet, street } from '../kernel/street.js';

const ASK_AGAIN = 60_000;

/** @type {import('../contracts.js').Me} */
let me = { userName: '', role: '', post: null, postKind: null, team: null, community: null, grid: null, onDuty: false };

const feed = new Feeds();

async function whoAmI() {
  me = await get('/api/me') ?? me;
  feed.watch(me);
}

if (document.getElementById('bars')) {
  await Promise.allSettled([whoAmI(), loadStreet()]);
  new Bell(feed, { me: () => me, as: (card) => feed.actor(me, card) });
  feed.addEventListener('link', () => {
    if (feed.link !== 'live') return;
    void whoAmI();
    if (street.grids.length === 0) loadStreet().catch(() => {});
  });
  feed.addEventListener('duty', whoAmI);
  setInterval(whoAmI, ASK_AGAIN); // the user may have gone on or off duty
  await feed.run();
}
