// What the scripts of the phone's page share: one connection, one outbox, and whose phone it is.

import { Feed } from './feed.js';

/** @typedef {{me: () => import('../contracts.js').Me, outbox: import('./outbox.js').Outbox}} Phone */

/** Events besides its own: `me`, whenever the server has said whose phone it is and whether they are on duty. */
export const feed = new Feed();

/** @type {(one: Phone) => void} */
let known = () => {};

/** Once the page knows whose phone it is. @type {Promise<Phone>} */
export const phone = new Promise((resolve) => { known = resolve; });

/** @param {Phone} one */
export const begin = (one) => known(one);
