// Which cases the board shows, in which order, and what it counts. No DOM in here.

import { allOwed, byUrgency, orderOf, standsStill } from './card.js';
import { keyOfMatter, isMatter } from './matter.js';
import { request } from '../kernel/client.js';
import { standing } from './clock.js';
import { fold, isFlooded, newOnes } from './flood.js';
import { amid } from './mix.js';

/** @typedef {import('../contracts.js').CallCard} CallCard */
/** @typedef {import('../contracts.js').MatterCard} MatterCard */

/** The board over HTTP and the feed's snapshot hold this many of the nearest breaches. */
export const BOARD_LIMIT = 5_000;

/** The filters an address can set. The last ones are set by links from elsewhere and have no field. */
export const FILTERS = ['kind', 'level', 'state', 'community', 'category', 'q', 'grid', 'team', 'flag'];

/** @template {CallCard|MatterCard} C @typedef {Omit<ReturnType<typeof makeKey>, 'card'> & {card: C}} KeyOf */
/** @typedef {KeyOf<CallCard>} Key */
/** @typedef {KeyOf<CallCard|MatterCard>} AnyKey */

/** @param {CallCard} card */
function makeKey(card) {
  const owed = allOwed(card);
  const still = standsStill(card);
  const due = still ? Infinity : Math.min(...owed.map((answer) => Date.parse(answer.due)));
  return {
    ...orderOf(card),
    card,
    due,
    // Amber from here on: the earliest of the answers still owed.
    soon: still ? Infinity : Math.min(...owed.map((answer) => standing(answer, 0).amberFrom)),
    breached: owed.some((answer) => answer.breached),
    ringing: card.state === 'ringing',
    heap: card.grid + ':' + card.category,
  };
}

/**
 * The first snapshot, over compressed HTTP; if that fails, the feed's own snapshot takes its place. @param {import('./feed.js').Feed} feed
 * @returns {Promise<{total: number, at: number}>} the number of open cases in all, and the server's time
 */
export async function readBoard(feed) {
  const answer = await request('/api/board?limit=' + BOARD_LIMIT).catch(() => null);
  if (!answer?.ok) return { total: 0, at: 0 };
  /** @type {import('../contracts.js').Board} */
  const board = await answer.json();
  feed.adopt(board);
  return { total: board.total, at: Date.parse(answer.headers.get('date') ?? '') || 0 };
}

/** What sorting and counting need of a card, computed once. @type {WeakMap<object, any>} */
const keys = new WeakMap();

/** @template {CallCard|MatterCard} C @param {C} card @returns {KeyOf<C>} */
export function keyOf(card) {
  let key = keys.get(card);
  if (!key) keys.set(card, (key = isMatter(card) ? keyOfMatter(card) : makeKey(card)));
  return key;
}

/** @param {AnyKey} key @param {number} now */
export const isOver = (key, now) => key.breached || key.due < now;

/** @param {AnyKey} key @param {number} now */
export const isSoon = (key, now) => !isOver(key, now) && key.soon <= now;

/** @param {string} state @param {AnyKey} key @param {number} now @param {(card: CallCard|MatterCard) => boolean} isMine */
const isIn = (state, key, now, isMine) => (state === 'mine' ? isMine(key.card) : state === 'overdue' ? isOver(key, now) : state === 'soon' ? isSoon(key, now) : !isMatter(key.card) && key.card.state === state);

/**
 * The cases that pass the filters, most urgent first; after a flood, cases stay grouped while they ring. The other matters that pass stand among them by their breach.
 * @param {Iterable<CallCard>} cards @param {Record<string, string>} filters @param {number} now @param {ReadonlySet<string>} open groups that someone has opened
 * @param {Iterable<MatterCard>} [matters] @param {(card: CallCard|MatterCard) => boolean} [isMine] what the state "mine" lets pass
 */
export function arrange(cards, filters, now, open, matters = [], isMine = () => false) {
  const { kind, level, state, community, category, grid, team, flag } = filters;
  const number = filters.q.toUpperCase();
  /** @type {Key[]} */
  const found = [];
  for (const card of kind === 'matter' ? [] : cards) {
    if (level && card.level !== level) continue;
    if (community && card.community !== community) continue;
    if (category && card.category !== category) continue;
    if (grid && card.grid !== grid) continue;
    if (team && card.lead?.team !== team && !card.teams.includes(team)) continue;
    if (flag && !card.flags.includes(flag)) continue;
    if (number && !card.callNo.includes(number)) continue;
    const key = keyOf(card);
    if (state && !isIn(state, key, now, isMine)) continue;
    found.push(key);
  }
  found.sort(byUrgency);
  const fresh = newOnes(found, now);
  // Whoever searches for a number wants that case.
  const flood = !number && isFlooded(found);
  const board = { keys: found, fresh, flood, ...(flood ? fold(found, open) : { rows: found.map((key) => key.callNo), heaps: new Map() }) };
  const others = kind === 'whistle' || level || category || team ? [] : pass(matters, filters, now, isMine);
  return { ...board, ...amid(board, others), matters: others.length };
}

/** The matters that pass the filters, nearest breach first. @param {Iterable<MatterCard>} matters @param {Record<string, string>} filters @param {number} now @param {(card: CallCard|MatterCard) => boolean} isMine */
function pass(matters, { state, community, grid, flag, q }, now, isMine) {
  /** @type {AnyKey[]} */
  const found = [];
  for (const card of matters) {
    if ((community && card.community !== community) || (grid && card.grid !== grid) || (flag && !card.flags.includes(flag)) || (q && !card.callNo.includes(q.toUpperCase()))) continue;
    if (!state || isIn(state, keyOf(card), now, isMine)) found.push(keyOf(card));
  }
  return found.sort(byUrgency);
}

/** @param {Iterable<CallCard>} cards @param {number} now */
export function count(cards, now) {
  const figures = { ringing: 0, soon: 0, overdue: 0, verify: 0 };
  for (const card of cards) {
    const key = keyOf(card);
    if (key.ringing) figures.ringing++;
    else if (card.state === 'resolved') figures.verify++;
    if (isOver(key, now)) figures.overdue++;
    else if (key.soon <= now) figures.soon++;
  }
  return figures;
}
