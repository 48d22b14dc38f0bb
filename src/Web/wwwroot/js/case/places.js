// Finding a place of the street by what somebody says: part of a name, the first letters of its pinyin, or a code. No DOM in here.

import { communityName, gridName, street } from '../kernel/street.js';
import { nameOf, w } from '../kernel/words.js';

/** @typedef {{value: string, grid: string, text: string, note: string, keys: string[]}} Spot value: "s:" and a station's code, or "g:" and a grid's */

// The first character of each letter in the pinyin order of the browser's own collation; no syllable begins with I, U or V.
const FIRST = '\u963f\u516b\u5693\u54d2\u59b8\u53d1\u65ee\u54c8\u8ba5\u5494\u5783\u75f3\u62cf\u5662\u5991\u4e03\u5465\u6268\u5b83\u7a75\u5915\u4e2b\u5e00';
const LETTERS = 'abcdefghjklmnopqrstwxyz';
const inOrder = new Intl.Collator('zh-Hans-CN').compare;

/** The first letters of a name's pinyin: "朝露园" is "cly". Other letters and digits stay. @param {string} name */
export function initials(name) {
  return [...name.toLowerCase()].map((sign) => {
    if (!/\p{Script=Han}/u.test(sign)) return sign;
    let at = -1;
    while (at + 1 < FIRST.length && inOrder(FIRST[at + 1], sign) <= 0) at++;
    return at < 0 ? '' : LETTERS[at];
  }).join('');
}

/** @param {string} text */
const plain = (text) => text.toLowerCase().replace(/\s+/g, '');

/** @type {Spot[]} */
let spots = [];
/** @type {import('../contracts.js').StreetView|null} */
let of = null;

/** Every station and grid. */
function all() {
  if (of === street) return spots;
  of = street;
  const make = (/** @type {string} */ value, /** @type {{code: string, name: string, nameEn: string}} */ one, /** @type {string} */ grid, /** @type {string} */ note) =>
    ({ value, grid, text: nameOf(one), note, keys: [plain(one.name), plain(one.nameEn), initials(one.name), plain(one.code)] });
  spots = [
    ...street.stations.map((one) => make('s:' + one.code, one, one.grid, gridName(one.grid))),
    ...street.grids.map((one) => make('g:' + one.code, one, one.code, w('ui.places.grid', communityName(one.community)))),
  ];
  return spots;
}

/** The places that a text may mean, those that begin with it first. @param {string} text @param {number} most @returns {Spot[]} */
export function findPlaces(text, most) {
  const said = plain(text);
  if (said === '') return [];
  const rank = (/** @type {Spot} */ spot) => (spot.keys.some((key) => key.startsWith(said)) ? 0 : spot.keys.some((key) => key.includes(said)) ? 1 : 2);
  return all().map((spot) => ({ spot, rank: rank(spot) })).filter((one) => one.rank < 2).sort((a, b) => a.rank - b.rank).slice(0, most).map((one) => one.spot);
}

/** The place of a grid itself. @param {string} grid */
export const spotOfGrid = (grid) => all().find((spot) => spot.value === 'g:' + grid) ?? null;

/** @param {string} value */
export const spotOf = (value) => all().find((spot) => spot.value === value) ?? null;
