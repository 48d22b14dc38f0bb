// Where a case is: its grid among its neighbours, as a schematic, and the other open cases there.

import { levelBadge, stateWords, what } from './card.js';
import { schematic } from './outline.js';
import { h, svg } from '../kernel/dom.js';
import { gridName, street } from '../kernel/street.js';
import { w } from '../kernel/words.js';

/** @typedef {import('../contracts.js').CallCard} CallCard */

/** Listed; the others are counted. */
const MOST = 6;
/** The grid's longer side, and how far the map reaches beyond it; in units. */
const SIZE = 100;
const MARGIN = 35;

/** @param {CallCard} card @param {CallCard[]} neighbours other open cases of the grid */
export function whereabouts(card, neighbours) {
  const map = around(card.grid);
  if (!map && neighbours.length === 0) return null;
  return h('section.whereabouts', null, h('h3', null, w('ui.detail.where')), map,
    neighbours.length > 0 && h('p.soft', null, w('ui.detail.neighbours', neighbours.length)),
    neighbours.length > 0 && h('ul.heap-cases', null, ...neighbours.slice(0, MOST).map((other) => h('li', null,
      h('button.quiet', { type: 'button', 'data-open': other.callNo }, levelBadge(other), ' ', what(other), ' ', h('span.soft', null, stateWords(other)))))));
}

/** The grid and what borders on it; null without an outline. @param {string} grid */
function around(grid) {
  const own = street.grids.find((one) => one.code === grid);
  if (!own || own.outline.length < 3) return null;
  const { width, height, at, path } = schematic(own.outline, SIZE, true);
  const isNear = (/** @type {readonly number[]} */ point) => {
    const [x, y] = at(point);
    return x > -SIZE && x < width + SIZE && y > -SIZE && y < height + SIZE;
  };
  const near = street.grids.filter((one) => one !== own && one.outline.some(isNear));
  return svg('svg', { class: 'where-map', viewBox: `${-MARGIN} ${-MARGIN} ${width + 2 * MARGIN} ${height + 2 * MARGIN}`, role: 'img', 'aria-label': w('ui.detail.whereMap', gridName(grid)) },
    ...near.map((one) => svg('path', { class: 'where-near', d: path(one.outline) })), svg('path', { class: 'where-own', d: path(own.outline) }));
}
