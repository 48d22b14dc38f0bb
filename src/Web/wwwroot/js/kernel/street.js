// The street's names, read once: the feed carries codes, people read names.

import { request } from './client.js';
import { nameOf, w } from './words.js';

/** @typedef {import('../contracts.js').StreetView} StreetView */

/** @type {StreetView} */
export let street = { name: '', nameEn: '', communities: [], grids: [], stations: [], teams: [], categories: [], parties: [], dutyPhone: null, surge: null, promises: [], former: [] };

/** @type {Record<'communities'|'grids'|'stations'|'teams'|'categories'|'parties', Map<string, any>>} */
const byCode = { communities: new Map(), grids: new Map(), stations: new Map(), teams: new Map(), categories: new Map(), parties: new Map() };

/** Throws if the street cannot be read: a page without names is not worth showing. */
export async function loadStreet() {
  const answer = await request('/api/street');
  if (!answer.ok) throw new Error('street ' + answer.status);
  takeStreet(await answer.json());
}

/** @param {StreetView} view */
export function takeStreet(view) {
  street = view;
  for (const kind of /** @type {(keyof typeof byCode)[]} */ (Object.keys(byCode))) {
    byCode[kind] = new Map(street[kind].map((/** @type {import('../contracts.js').CommunityView} */ one) => [one.code, one]));
  }
  for (const one of street.former) byCode[/** @type {keyof typeof byCode} */ (one.kind)]?.set(one.code, one);
}

/** @param {string|null|undefined} code */
export const gridName = (code) => nameOf(byCode.grids.get(code ?? ''), code ?? '');
/** @param {string|null|undefined} code */
export const communityName = (code) => nameOf(byCode.communities.get(code ?? ''), code ?? '');
/** Without the word that says it is a community, where its place says so. @param {string|null|undefined} code */
export const communityShort = (code) => communityName(code).replace(w('ui.communityWord'), '');
/** @param {string|null|undefined} code */
export const stationName = (code) => nameOf(byCode.stations.get(code ?? ''), code ?? '');
/** @param {string|null|undefined} code */
export const teamName = (code) => nameOf(byCode.teams.get(code ?? ''), code ?? '');
/** @param {string|null|undefined} code */
export const categoryName = (code) => nameOf(byCode.categories.get(code ?? ''), code ?? '');
/** @param {string|null|undefined} code */
export const partyName = (code) => nameOf(byCode.parties.get(code ?? ''), code ?? '');
