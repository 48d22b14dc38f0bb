// How a matter that follows a procedure is described: its names, its clock, who owes what.

import { get } from '../kernel/client.js';
import { standing, span, when } from './clock.js';
import { h } from '../kernel/dom.js';
import { communityName, gridName, partyName, street, teamName } from '../kernel/street.js';
import { nameOf, w, wordOf } from '../kernel/words.js';

/** @typedef {import('../contracts.js').MatterCard} MatterCard */
/** @typedef {import('../contracts.js').ProcedureView} ProcedureView */

/** The procedures that the reader may know, by code. @type {Map<string, ProcedureView>} */
export const procedures = new Map();

/** Reads their names; without them, codes are shown. */
export async function loadProcedures() {
  /** @type {import('../contracts.js').ProcedureList|null} */
  const list = await get('/api/matters/procedures');
  for (const one of list?.procedures ?? []) procedures.set(one.code, one);
}

/** @param {object|undefined} card @returns {card is MatterCard} */
export const isMatter = (card) => card !== undefined && 'procedure' in card;

/** @param {string} callNo @param {Record<string, string|null|undefined>} [parameters] */
export const matterAddress = (callNo, parameters = {}) => '/matters/' + encodeURIComponent(callNo) + (Object.keys(parameters).length ? '?' + new URLSearchParams(/** @type {Record<string, string>} */ (parameters)) : '');

/** @param {MatterCard} card */
export const procedureName = (card) => nameOf(procedures.get(card.procedure), card.procedure);

/** Where it stands: its stage, or that it has ended. @param {MatterCard} card */
export function stageName(card) {
  if (!card.stage) return w(card.outcome === 'cancelled' ? 'ui.matter.cancelled' : 'ui.matter.ended');
  return nameOf(procedures.get(card.procedure)?.stages.find((stage) => stage.code === card.stage), card.stage);
}

/** @param {MatterCard} card @param {string} [words] how the two are combined */
export function matterPlace(card, words = 'ui.place') {
  if (!card.community) return nameOf(street);
  return card.grid ? w(words, communityName(card.community), gridName(card.grid)) : communityName(card.community);
}

/** @type {Record<string, (code: string) => string>} */
const AREAS = { grid: gridName, team: teamName, community: communityName, street: () => '' };

/** "gridWorker@grid:07", "post", "party:justice" or "caller", in words. @param {string} asked */
export function askedName(asked) {
  if (asked === 'post') return w('ui.matter.post');
  if (asked.startsWith('party:')) return partyName(asked.slice('party:'.length));
  const [role, area = ''] = asked.split('@');
  const [kind, code = ''] = area.split(':');
  return [AREAS[kind]?.(code), wordOf('post.', role)].filter(Boolean).join(' ');
}

/** A vote or a signature that suggests none of its answers; of others the first is the usual one. @param {readonly {code: string}[]} says */
export const suggestsFirst = (says) => !says.some((one) => one.code === 'yes' || one.code === 'pass');

/** Who still owes an answer. @param {MatterCard} card */
export const whoOwes = (card) => [...new Set(card.owed.filter((owed) => owed.given < owed.need).flatMap((owed) => owed.asked))].map(askedName).join(w('ui.and'));

/** The clock of its stage, as `clockOf` of a case. @param {MatterCard} card @param {number} now @param {(iso: string, now: number) => string} [at] how the deadline is said */
export function matterClock(card, now, at = when) {
  if (card.suspendedUntil) {
    const until = w('ui.clock.suspended', at(card.suspendedUntil, now));
    return { text: until, short: w('ui.flag.suspended'), deadline: until, tone: 'still', share: 1, running: true };
  }
  if (!card.due || !card.from || !card.stage) return { text: stageName(card), short: '', deadline: '', tone: 'calm', share: 0, running: false };
  const { left, share, tone } = standing({ from: card.from, due: card.due }, now);
  return {
    text: w(left < 0 ? 'ui.clock.over' : 'ui.clock.left', stageName(card), span(left)),
    short: left < 0 ? w('ui.clock.overShort', span(left)) : span(left),
    deadline: w('ui.clock.by', stageName(card), at(card.due, now)),
    tone,
    share,
    running: true,
  };
}

/** @param {MatterCard} card */
export const matterFlags = (card) => [
  ...card.flags.map((flag) => h('span.flag.' + flag, null, wordOf('ui.matter.flag.', flag))),
  ...(card.petitions?.length ? [h('span.flag.asked', null, w('ui.flag.askedFor', card.petitions.map((kind) => wordOf('ui.petition.', kind)).join(w('ui.and'))))] : []),
  ...(card.itemsHeld ? [h('span.flag', null, w('ui.matter.held', card.itemsHeld))] : []),
];

export const kindBadge = () => h('span.level.kind', null, w('ui.kindOf.matter'));

/** What a list sorts and counts by, in the terms of the whistles'. A matter never goes above an urgent one. @param {MatterCard} card */
export function keyOfMatter(card) {
  const running = Boolean(card.due && card.from && !card.suspendedUntil);
  return {
    callNo: card.callNo,
    first: 3,
    urgent: false,
    breach: card.breachAt ? Date.parse(card.breachAt) : Infinity,
    opened: Date.parse(card.openedAt),
    card,
    due: running ? Date.parse(/** @type {string} */ (card.due)) : Infinity,
    soon: running ? standing({ from: /** @type {string} */ (card.from), due: /** @type {string} */ (card.due) }, 0).amberFrom : Infinity,
    breached: running && card.breached,
    ringing: false,
    heap: '',
  };
}

/** The head of a matter: what the feed already provides. @param {MatterCard} card @param {number} now */
export function matterHead(card, now) {
  const clock = matterClock(card, now);
  return h('header.detail-head', null,
    h('p.badges', null, kindBadge(), h('span.state', null, stageName(card)), ...matterFlags(card)),
    h('h2', null, procedureName(card)),
    h('p', null, matterPlace(card)),
    h('p.soft', null, h('span.no', null, card.callNo), ' · ', w('ui.matter.openedAt', when(card.openedAt, now))),
    clock.running && h('p.clock.' + clock.tone, null, clock.text, ' ', h('span.soft', null, clock.deadline)),
    whoOwes(card) && h('p', null, w('ui.matter.owes', whoOwes(card))),
    h('p', null, h('a.button', { href: matterAddress(card.callNo) }, w('ui.matter.open'))));
}
