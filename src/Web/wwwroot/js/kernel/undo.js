// Five seconds to think again instead of a question beforehand. What is held back is sent when they are over, when the next one comes, or
// when the page is left; where a clock is about to run out nothing is held back.

import { h, say, setText } from './dom.js';
import { w } from './words.js';

const HOLD_FOR = 5_000;

/** @typedef {{go: (leaving: boolean) => void, drop: () => void}} Held */

/** @type {Held|null} */
let held = null;

/**
 * Does something in five seconds, unless somebody thinks better of it.
 * @template T @param {string} text what will be done, in words @param {(leaving: boolean) => Promise<T>} act @returns {Promise<T|null>} null: thought better of it
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

/** Takes back what is held back. @returns {boolean} whether anything was */
export function undo() {
  const was = held !== null;
  held?.drop();
  return was;
}

addEventListener('pagehide', () => held?.go(true));
