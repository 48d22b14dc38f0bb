// Five seconds to undo instead of a question beforehand. A held command is sent when they are over, when the next one comes, or
// when the page is left; if a clock is about to run out, nothing is held.

import { h, say, setText } from './dom.js';
import { w } from './words.js';

const HOLD_FOR = 5_000;

/** @typedef {{go: (leaving: boolean) => void, drop: () => void}} Held */

/** @type {Held|null} */
let held = null;

/**
 * Does something in five seconds, unless cancelled.
 * @template T @param {string} text what will be done, in words @param {(leaving: boolean) => Promise<T>} act @returns {Promise<T|null>} null: cancelled
 */
export function undoable(text, act) {
  held?.go(false);
  return new Promise((resolve) => {
    const left = h('span.undo-left', { 'aria-hidden': 'true' });
    const button = h('button.button.small', { type: 'button', onclick: () => undo() }, w('ui.undo.do'), ' ', h('kbd', null, 'Z'));
    const box = h('div.undo', { role: 'group', 'aria-label': w('ui.undo.title') }, left, h('p', null, text), button);
    document.body.append(box);
    say(w('ui.undo.said', text));
    const until = performance.now() + HOLD_FOR;
    const count = () => setText(left, String(Math.max(1, Math.ceil((until - performance.now()) / 1000))));
    count();
    const counting = setInterval(count, 200);
    const end = () => {
      clearInterval(counting);
      clearTimeout(timer);
      box.remove();
      if (held === mine) held = null;
    };
    /** @type {Held} */
    const mine = {
      go: (leaving) => { end(); act(leaving).then(resolve); },
      drop: () => { end(); say(w('ui.undo.done')); resolve(null); },
    };
    const timer = setTimeout(() => mine.go(false), HOLD_FOR);
    held = mine;
  });
}

/** Cancels the held command. @returns {boolean} whether there was one */
export function undo() {
  const was = held !== null;
  held?.drop();
  return was;
}

addEventListener('pagehide', () => held?.go(true));
