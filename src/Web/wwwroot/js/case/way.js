// Links to a place on a map. The datum is given, because Chinese maps use a different one; only coordinates leave this page, and only when the link is pressed.

import { h } from '../kernel/dom.js';
import { nameOf, w } from '../kernel/words.js';

const DIGITS = 6;

/** A map of a named place. @param {readonly number[]} at latitude and longitude in WGS-84 @param {{name: string, nameEn?: string}} named */
const wayToPlace = ([lat, lon], named) => `https://uri.amap.com/marker?position=${lon.toFixed(DIGITS)},${lat.toFixed(DIGITS)}&coordinate=wgs84&name=${encodeURIComponent(nameOf(named))}`;

/** A map of the middle of a grid, never of a person's door. @param {import('../contracts.js').GridView} grid */
export function wayToGrid(grid) {
  const mean = (/** @type {number} */ axis) => grid.outline.reduce((sum, point) => sum + point[axis], 0) / grid.outline.length;
  return wayToPlace([mean(0), mean(1)], grid);
}

/** The station whose code was scanned, where the street has said where it stands; otherwise the grid. @param {{station: string|null, grid: string}} card @param {import('../contracts.js').StreetView} street */
export function wayToCase(card, { stations, grids }) {
  const station = stations.find((one) => one.code === card.station);
  if (station?.position) return wayToPlace(station.position, station);
  const grid = grids.find((one) => one.code === card.grid);
  return grid ? wayToGrid(grid) : null;
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
