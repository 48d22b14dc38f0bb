// Where a case is: its grid among its neighbours, as a schematic, and the other open cases there.

import { levelBadge, stateWords, what } from './card.js';
import { h, svg } from '../kernel/dom.js';
import { gridName, street } from '../kernel/street.js';
import { w } from '../kernel/words.js';

/** @typedef {import('../contracts.js').CallCard} CallCard */

/** Listed; the others are counted. */
const MOST = 6;
/** How far beyond the grid the map reaches, as a share of its size. */
const MARGIN = 0.35;

/** @param {CallCard} card @param {CallCard[]} neighbours other open cases of the grid */
export function whereabouts(card, neighbours) {
  const map = schematic(card.grid);
  if (!map && neighbours.length === 0) return null;
  return h('section.whereabouts', null, h('h3', null, w('ui.detail.where')), map,
    neighbours.length > 0 && h('p.soft', null, w('ui.detail.neighbours', neighbours.length)),
    neighbours.length > 0 && h('ul.heap-cases', null, ...neighbours.slice(0, MOST).map((other) => h('li', null,
      h('button.quiet', { type: 'button', 'data-open': other.callNo }, levelBadge(other), ' ', what(other), ' ', h('span.soft', null, stateWords(other)))))));
}

/** The grid and what borders on it; null without an outline. Outlines are in WGS-84. @param {string} grid */
function schematic(grid) {
  const own = street.grids.find((one) => one.code === grid);
  if (!own || own.outline.length < 3) return null;
  const [lats, lons] = [own.outline.map((point) => point[0]), own.outline.map((point) => point[1])];
  const [south, north, west, east] = [Math.min(...lats), Math.max(...lats), Math.min(...lons), Math.max(...lons)];
  const narrower = Math.cos((north * Math.PI) / 180);
  const size = Math.max(1e-9, north - south, (east - west) * narrower);
  const scale = 100 / size;
  const x = (/** @type {number} */ lon) => ((lon - west) * narrower * scale).toFixed(1);
  const y = (/** @type {number} */ lat) => ((north - lat) * scale).toFixed(1);
  const path = (/** @type {number[][]} */ outline) => 'M' + outline.map(([lat, lon]) => `${x(lon)} ${y(lat)}`).join('L') + 'Z';
  const near = street.grids.filter((one) => one !== own && one.outline.some(([lat, lon]) => lat > south - size && lat < north + size && lon > west - size / narrower && lon < east + size / narrower));
  const [width, height] = [(east - west) * narrower * scale, (north - south) * scale];
  const margin = 100 * MARGIN;
  return svg('svg', { class: 'where-map', viewBox: `${-margin} ${-margin} ${width + 2 * margin} ${height + 2 * margin}`, role: 'img', 'aria-label': w('ui.detail.whereMap', gridName(grid)) },
    ...near.map((one) => svg('path', { class: 'where-near', d: path(one.outline) })), svg('path', { class: 'where-own', d: path(own.outline) }));
}
