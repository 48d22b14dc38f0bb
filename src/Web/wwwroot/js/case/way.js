// Links to a place on a map. The datum is given, because Chinese maps use a different one; only coordinates leave this page, and only when the link is pressed.

import { h } from '../kernel/dom.js';
import { nameOf, w } from '../kernel/words.js';

const DIGITS = 6;

/** A map of the middle of a grid, never of a person's door. @param {import('../contracts.js').GridView} grid */
export function wayToGrid(grid) {
  const mean = (/** @type {number} */ axis) => grid.outline.reduce((sum, point) => sum + point[axis], 0) / grid.outline.length;
  return `https://uri.amap.com/marker?position=${mean(1).toFixed(DIGITS)},${mean(0).toFixed(DIGITS)}&coordinate=wgs84&name=${encodeURIComponent(nameOf(grid))}`;
}

/** The location a resident attached, with its datum: in WGS-84 for the phone's own map, and in GCJ-02 for a Chinese one. @param {import('../contracts.js').PositionView} place */
export function wayToPosition({ lat, lon, datum, wgs84, gcj02 }) {
  const fixed = (/** @type {number[]} */ pair) => pair.map((one) => one.toFixed(DIGITS));
  const [shown, shifted] = [fixed(wgs84), fixed(gcj02)];
  return h('div.way', null,
    h('p', null, w('ui.contact.position'), ' ', h('span.no', null, `${lat.toFixed(DIGITS)}, ${lon.toFixed(DIGITS)}`), ' ', h('span.soft', null, w('ui.datum.' + datum))),
    h('div.row-wrap', null,
      h('a.button.plain', { href: `geo:${shown.join(',')}?q=${shown.join(',')}` }, w('ui.contact.wayPhone')),
      h('a.button.plain', { href: `https://uri.amap.com/marker?position=${shifted[1]},${shifted[0]}&coordinate=gaode`, target: '_blank', rel: 'noopener noreferrer' }, w('ui.contact.wayMap'))));
}
