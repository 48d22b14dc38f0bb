// What every staff page shows about its connection: live, reconnecting, or stale – then the page loses its colour and says so.

import { $, setText } from './dom.js';
import { w } from './words.js';

/** @param {import('./feed.js').Feed} feed */
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

/** Calls back in animation frames, at most `hertz` times a second, however often it is asked. @param {() => void} paint @param {number} hertz */
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
