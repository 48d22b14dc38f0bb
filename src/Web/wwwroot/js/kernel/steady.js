// A card that slides under a thumb must not be accepted by mistake: the tap was meant for the one that was there before.

import { toast } from './dom.js';
import { w } from './words.js';

const SETTLES_IN = 300;

/** When a box was last moved by others. @type {WeakMap<HTMLElement, number>} */
const movedAt = new WeakMap();

/** Changes a list and records which of its cases have moved, though a case may have got another box. @param {string} selector of the boxes, each with its case's number @param {() => void} change */
export function steadily(selector, change) {
  const boxes = () => [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(selector))];
  const before = new Map(boxes().map((box) => [box.dataset.no, box.offsetTop]));
  change();
  for (const box of boxes()) if ((before.get(box.dataset.no) ?? box.offsetTop) !== box.offsetTop) movedAt.set(box, performance.now());
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
