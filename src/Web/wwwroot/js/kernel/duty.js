// The user's own duty and the roster, as the API provides them.

import { refusalOf, request, send } from './client.js';
import { toast } from './dom.js';
import { communityName, gridName, teamName } from './street.js';
import { w } from './words.js';

const SHANGHAI = 8 * 3_600_000;
const ANSWER_WITHIN = 30_000;

/** @typedef {import('../contracts.js').RosterPost} RosterPost */
/** @typedef {import('../contracts.js').RosterShift} RosterShift */
/** @typedef {import('../contracts.js').RosterGap} RosterGap */

/** The API's answer, or its sentence. @param {string} path @param {unknown} [body] reads without one, sends with one @returns {Promise<{value: any, at: number}|{refused: string}>} at: the server's time */
export async function api(path, body) {
  try {
    const signal = AbortSignal.timeout?.(ANSWER_WITHIN);
    const answer = await (body === undefined ? request(path, { signal }) : send(path, body, { signal }));
    if (!answer.ok) return { refused: await refusalOf(answer) };
    return { value: await answer.json().catch(() => null), at: Date.parse(answer.headers.get('date') ?? '') || Date.now() };
  } catch {
    return { refused: w('ui.say.offline') };
  }
}

/** Sends, and reports the result in a toast. @param {string} path @param {unknown} body @param {string} done @returns {Promise<boolean>} */
export async function act(path, body, done) {
  const answer = await api(path, body);
  toast('refused' in answer ? answer.refused : done, 'refused' in answer ? 'bad' : 'ok');
  return !('refused' in answer);
}

/** @param {string} unit */
export function unitName(unit) {
  const [kind, code] = unit.split(':');
  return kind === 'team' ? teamName(code) : kind === 'community' ? w('post.ofCommunity', communityName(code)) : w(kind === 'leader' ? 'post.leader' : 'post.streetDesk');
}

/** A post's name on a roster. @param {RosterPost} post */
export const postName = (post) => [w('post.' + post.kind), post.grid ? gridName(post.grid) : '', post.name ?? post.id].filter(Boolean).join(' ');

/** "2026-03-12" in the street's time. @param {number} ms */
export const dayOf = (ms) => new Date(ms + SHANGHAI).toISOString().slice(0, 10);

/** "08:00" in the street's time. @param {number} ms */
export const timeOf = (ms) => new Date(ms + SHANGHAI).toISOString().slice(11, 16);

/** Midnight of a day in the street's time. @param {string} day */
export const midnight = (day) => Date.parse(day + 'T00:00:00+08:00');

/** "3/12 08:00", the format used everywhere. @param {string|number} at */
export function wall(at) {
  const ms = typeof at === 'string' ? Date.parse(at) : at;
  const [, month, day] = dayOf(ms).split('-').map(Number);
  return w('ui.date', month, day, timeOf(ms));
}

/** "3/12 08:00–20:00". @param {RosterShift} shift */
export function spanOf(shift) {
  if (!shift.until) return w('ui.roster.allDay');
  const [from, until] = [Date.parse(shift.from), Date.parse(shift.until)];
  return `${wall(from)}–${dayOf(from) === dayOf(until - 1) ? timeOf(until) : wall(until)}`;
}

/** @param {RosterGap} gap */
export const gapWords = (gap) => w('ui.duty.gapLine', unitName(gap.unit), wall(gap.from), wall(gap.until));
