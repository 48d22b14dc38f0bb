// A phone's last snapshot of its cases, for a page that opens offline. It is shown as what it is: old, with its time.

import { keep, kept } from '../../js/kernel/store.js';
import { street, takeStreet } from '../../js/kernel/street.js';

/** @typedef {import('../../js/contracts.js').CallCard} CallCard */
/** @typedef {{me: import('../../js/contracts.js').Me, cards: CallCard[], as?: Record<string, string>, at: number}} Picture as: the post of each case that is not the account's own */

const AT_MOST_EVERY = 3_000;
const PICTURE = 'picture';

/** Saves the live snapshot at an unhurried pace, and also one without any case: the page has to know offline whose it is. @param {import('../../js/case/feeds.js').Feeds} feed @param {() => import('../../js/contracts.js').Me} me */
export function keepPicture(feed, me) {
  let asked = false;
  const soon = () => {
    if (asked) return;
    asked = true;
    setTimeout(() => {
      asked = false;
      if (feed.link === 'live') keep(PICTURE, { me: me(), cards: [...feed.cards.values()], as: feed.acting, at: feed.now() }).catch(() => {});
    }, AT_MOST_EVERY);
  };
  for (const event of ['change', 'link']) feed.addEventListener(event, soon);
  soon();
  keep('street', street).catch(() => {}); // names, which change only with the map
}

/** @returns {Promise<Picture|null>} */
export const lastPicture = () => kept(PICTURE).catch(() => null);

/** Restores the street's names from the last visit; false if none are stored. */
export async function recallStreet() {
  const names = await kept('street').catch(() => null);
  if (names) takeStreet(names);
  return Boolean(names);
}
