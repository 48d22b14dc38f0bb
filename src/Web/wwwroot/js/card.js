// How a case is told: its words, the clock that now runs, its order in a queue.

import { standing, span, when } from './clock.js';
import { h, svg } from './dom.js';
import { categoryName, communityName, gridName, stationName, teamName } from './street.js';
import { w, wordOf } from './words.js';

/** @typedef {import('./contracts.js').CallCard} CallCard */
/** @typedef {import('./contracts.js').AnswerCard} AnswerCard */

const GLYPHS = 26;

/** The first answer still owed; undefined once nothing is. @param {CallCard} card */
export const owed = (card) => card.answers.find((answer) => !answer.met && answer.required) ?? card.answers.find((answer) => !answer.met);

/** Whether an answer is owed whose time has passed. @param {CallCard} card @param {number} now */
export function overdue(card, now) {
  return card.answers.some((answer) => !answer.met && (answer.breached || Date.parse(answer.due) < now));
}

/**
 * The order of the board: breached and unaccepted first, then time to breach, then age. Numbers, so that thousands sort fast.
 * @param {CallCard} card
 */
export function orderOf(card) {
  const accept = card.answers.find((answer) => !answer.met && answer.kind === 'accept');
  return {
    callNo: card.callNo,
    first: accept?.breached ? 0 : 1,
    breach: card.breachAt ? Date.parse(card.breachAt) : Infinity,
    opened: Date.parse(card.openedAt),
  };
}

/** @param {ReturnType<typeof orderOf>} a @param {ReturnType<typeof orderOf>} b */
export const byUrgency = (a, b) =>
  a.first - b.first || (a.breach === b.breach ? a.opened - b.opened : a.breach - b.breach) || (a.callNo < b.callNo ? -1 : 1);

/** "03 队 网格员": the team and the post, never the person. @param {import('./contracts.js').LeadCard} lead */
export function who(lead) {
  const post = wordOf('post.', lead.post);
  if (lead.team) return `${teamName(lead.team)} ${post}`;
  return lead.community ? `${communityName(lead.community)} ${post}` : post;
}

/** Where it is: station and grid, or community and grid. @param {CallCard} card */
export const place = (card) => `${card.station ? stationName(card.station) : communityName(card.community)} · ${gridName(card.grid)}`;

/** Who has it, or whom it rings. @param {CallCard} card */
export function holder(card) {
  if (card.lead) return who(card.lead);
  if (card.rung === 'team') return card.teams.map(teamName).join(w('ui.and'));
  return wordOf('ui.rung.', card.rung);
}

/** @param {CallCard} card */
export const stateWords = (card) => wordOf('ui.state.', card.state);

/** @param {CallCard} card */
export const what = (card) => categoryName(card.category);

/** @param {CallCard} card */
export function glyph(card) {
  const known = Number(card.category) >= 1 && Number(card.category) <= GLYPHS && card.category.length === 2;
  return svg('svg', { class: 'glyph', 'aria-hidden': 'true' }, svg('use', { href: `/img/glyphs.svg#c${known ? card.category : '26'}` }));
}

/** @param {CallCard} card */
export const levelBadge = (card) => h('span.level.' + card.level.toLowerCase(), null, w('ui.level.' + card.level));

/** @param {CallCard} card */
export const flagBadges = (card) => card.flags.map((flag) => h('span.flag.' + flag, null, wordOf('ui.flag.', flag)));

/**
 * The sentence of the clock that now runs: "接单 还剩 02:31" or "接单 超时 03:12"; with the deadline beside it.
 * @param {CallCard} card @param {number} now
 */
export function clockOf(card, now) {
  const answer = owed(card);
  if (!answer) return { text: stateWords(card), deadline: '', tone: 'calm', share: 0, running: false };
  const { left, share, tone } = standing(answer, now);
  return {
    text: w(left < 0 ? 'ui.clock.over' : 'ui.clock.left', w('ui.kind.' + answer.kind), span(left)),
    short: left < 0 ? w('ui.clock.overShort', span(left)) : span(left),
    deadline: w('ui.clock.by', w('ui.kind.' + answer.kind), when(answer.due, now)),
    tone,
    share,
    running: true,
  };
}
