// A card that slides under a thumb must not be accepted by mistake: the tap was meant for the one that was there before.

import { toast } from './dom.js';
import { w } from './words.js';

const SETTLES_IN = 300;

/** When a box was last moved by others. @type {WeakMap<HTMLElement, number>} */
const movedAt = new WeakMap();

/** Changes a list and records which of the remaining boxes have moved. @param {Iterable<HTMLElement>} boxes @param {() => void} change */
export function steadily(boxes, change) {
  const before = [...boxes].map((box) => /** @type {[HTMLElement, number]} */ ([box, box.offsetTop]));
  change();
  for (const [box, top] of before) if (box.isConnected && box.offsetTop !== top) movedAt.set(box, performance.now());
}

/** Drops pointer taps on commands in a box that has just moved, and says so. @param {HTMLElement} root @param {string} selector of the boxes */
export function guardTaps(root, selector) {
  root.addEventListener('click', (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const box = /** @type {HTMLElement|null} */ (target.closest(selector));
    if (event.detail === 0 || !box || !target.closest('[data-command]')) return; // detail 0: a key press, which targets the focus
    if (performance.now() - (movedAt.get(box) ?? -Infinity) > SETTLES_IN) return;
    event.stopPropagation();
    event.preventDefault();
    toast(w('ui.say.moved'));
  }, true);
}
