// What every staff page shows about its connection: live, reconnecting, or stale – then the page loses its colour and says so.

import { $, setText } from '../kernel/dom.js';
import { w } from '../kernel/words.js';

/** @param {import('./feed.js').Watched} feed */
export function showLink(feed) {
  const show = () => {
    $('link').dataset.state = feed.link;
    setText($('link-text'), w('ui.link.' + feed.link));
    document.documentElement.toggleAttribute('data-stale', feed.link === 'stale');
    $('stale').hidden = feed.link !== 'stale';
  };
  feed.addEventListener('link', show);
  show();
}

/** A count, as far as known: what has not been read is not zero. @param {import('./feed.js').Watched} feed @param {number} count */
export const counted = (feed, count) => (feed.sure || (count > 0 && !feed.inParts) ? String(count) : w('ui.unknown'));

/** What an empty list says: that there is nothing, if that is known. @param {import('./feed.js').Watched} feed @param {string} key of the sentence for an empty list */
export const nothing = (feed, key) => w(feed.sure ? key : feed.link === 'stale' ? 'ui.unknown.lost' : 'ui.unknown.reading');

const AGAIN_AFTER = 3_000;

/** Reads something the page cannot do without, retrying until it succeeds. @template T @param {() => Promise<T>} read @returns {Promise<T>} */
export async function insist(read) {
  for (;;) {
    try {
      return await read();
    } catch (error) {
      console.info('read:', error instanceof Error ? error.message : error);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER));
    }
  }
}

/** Calls at this pace, and at once when the page is seen again: while it is hidden, its timers hardly run. @param {() => void} act @param {number} every ms */
export function ticking(act, every) {
  setInterval(act, every);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) act(); });
}

/** Calls back in animation frames, at most `hertz` times a second, however often it is requested. @param {() => void} paint @param {number} hertz */
export function paced(paint, hertz) {
  let asked = false;
  let last = -Infinity;
  const frame = (/** @type {number} */ now) => {
    if (now - last < 1000 / hertz) {
      requestAnimationFrame(frame);
      return;
    }
    asked = false;
    last = now;
    paint();
  };
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(frame);
  };
}
