// Matters among the whistles of one list. No DOM in here.

import { isGrave, isInHand, standsStill } from './card.js';
import { isMatter } from './matter.js';

/** @typedef {import('./board.js').AnyKey} Key */

/** Whether a life may depend on it and somebody has to act: nothing but another whistle stands above it. @param {Key} key */
const keepsAbove = ({ card }) => !isMatter(card) && isGrave(card) && !standsStill(card) && (card.state === 'ringing' || isInHand(card));

/**
 * Puts matters among the rows: each before the first whistle whose breach is later, but below every grave whistle and every one that nobody has accepted in
 * time, and never inside an open group.
 * @param {{keys: Key[], rows: string[], heaps: Map<string, import('./flood.js').Heap>}} board @param {Key[]} matters nearest breach first
 * @returns {{keys: Key[], rows: string[]}}
 */
export function amid({ keys, rows, heaps }, matters) {
  if (matters.length === 0) return { keys, rows };
  const byNo = new Map(keys.map((key) => [key.callNo, key]));
  const keyOfRow = (/** @type {string} */ id) => /** @type {Key} */ (byNo.get(heaps.get(id)?.members[0] ?? id));
  const inside = new Set([...heaps.values()].flatMap((heap) => heap.members));
  const last = rows.reduce((found, id, i) => (keepsAbove(keyOfRow(id)) ? i : found), -1);
  /** @type {string[]} */
  const mixed = [];
  let next = 0;
  rows.forEach((id, i) => {
    const key = keyOfRow(id);
    if (i > last && key.first > 2 && !inside.has(id)) while (next < matters.length && matters[next].breach < key.breach) mixed.push(matters[next++].callNo);
    mixed.push(id);
  });
  return { keys: [...keys, ...matters], rows: [...mixed, ...matters.slice(next).map((key) => key.callNo)] };
}
