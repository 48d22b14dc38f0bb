// What the scripts of the phone's page share: what is seen, one outbox, and whose phone it is.

import { Feeds } from './feeds.js';

/** @typedef {{me: () => import('../contracts.js').Me, outbox: import('./outbox.js').Outbox}} Phone */

/** Events besides its own: `me`, whenever the server has said whose phone it is and whether they are on duty. */
export const feed = new Feeds();

/** @type {(one: Phone) => void} */
let known = () => {};

/** Once the page knows whose phone it is. @type {Promise<Phone>} */
export const phone = new Promise((resolve) => { known = resolve; });

/** @param {Phone} one */
export const begin = (one) => known(one);
