// Five seconds to undo instead of a question beforehand. A held command is sent when they are over, when the next one comes, or
// when the page is left; if a clock is about to run out, nothing is held. What was done at once and can be taken back is offered for fifteen.

import { h, say, setText } from './dom.js';
import { w } from './words.js';

const HOLD_FOR = 5_000;
const TAKE_BACK_WITHIN = 15_000;

/** @typedef {{go: (leaving: boolean) => void, drop: () => void}} Held */

/** @type {Held|null} */
let held = null;

/** What stands there to be undone: a countdown and a button. @param {string} text @param {string} aloud @param {number} within ms @param {() => void} over @returns {() => void} takes it away */
function offer(text, aloud, within, over) {
  const left = h('span.undo-left', { 'aria-hidden': 'true' });
  const button = h('button.button.small', { type: 'button', onclick: () => undo() }, w('ui.undo.do'), ' ', h('kbd', null, 'Z'));
  const box = h('div.undo', { role: 'group', 'aria-label': w('ui.undo.title') }, left, h('p', null, text), button);
  document.body.append(box);
  say(aloud);
  const until = performance.now() + within;
  const count = () => setText(left, String(Math.max(1, Math.ceil((until - performance.now()) / 1000))));
  count();
  const counting = setInterval(count, 200);
  const timer = setTimeout(over, within);
  return () => {
    clearInterval(counting);
    clearTimeout(timer);
    box.remove();
  };
}

/**
 * Does something in five seconds, unless cancelled.
 * @template T @param {string} text what will be done, in words @param {(leaving: boolean) => Promise<T>} act @returns {Promise<T|null>} null: cancelled
 */
export function undoable(text, act) {
  held?.go(false);
  return new Promise((resolve) => {
    const clear = offer(text, w('ui.undo.said', text), HOLD_FOR, () => mine.go(false));
    const end = () => {
      clear();
      if (held === mine) held = null;
    };
    /** @type {Held} */
    const mine = {
      go: (leaving) => { end(); act(leaving).then(resolve); },
      drop: () => { end(); say(w('ui.undo.done')); resolve(null); },
    };
    held = mine;
  });
}

/** Offers to take back what was done. @param {string} text what was done, in words @param {() => void} back */
export function takeBack(text, back) {
  held?.go(false);
  const end = () => {
    clear();
    if (held === mine) held = null;
  };
  const clear = offer(text, text, TAKE_BACK_WITHIN, end);
  /** @type {Held} */
  const mine = { go: end, drop: () => { end(); back(); } };
  held = mine;
}

/** Cancels the held command. @returns {boolean} whether there was one */
export function undo() {
  const was = held !== null;
  held?.drop();
  return was;
}

addEventListener('pagehide', () => held?.go(true));
