// How a case is described: its words, its running clock, its place in a queue.

import { standing, span, when } from './clock.js';
import { h, svg } from '../kernel/dom.js';
import { ENDED } from './rules.js';
import { categoryName, communityName, gridName, partyName, stationName, teamName } from '../kernel/street.js';
import { has, w, wordOf } from '../kernel/words.js';

/** @typedef {import('../contracts.js').CallCard} CallCard */
/** @typedef {import('../contracts.js').AnswerCard} AnswerCard */

const GLYPHS = 26;

/** When the last answer was met: for a resolved case, when it was resolved. @param {CallCard} card */
export const resolvedAt = (card) => card.answers.map((answer) => answer.metAt ?? '').sort().at(-1) || card.openedAt;

/** What the grid owes once everything is resolved: verification, whose clock the card holds only as its breach. @param {CallCard} card @returns {AnswerCard[]} */
const verification = (card) => (card.state === 'resolved' && card.breachAt
  ? [{ key: 'verify', kind: 'verify', party: '', from: resolvedAt(card), due: card.breachAt, met: false, metAt: null, breached: false, required: true }] : []);

/** The answers still owed; a called party no longer waited for owes none. @param {CallCard} card */
export const allOwed = (card) => [...card.answers.filter((answer) => !answer.met && !answer.released), ...verification(card)];

/** The next answer due; those required before the case can be resolved come first. Undefined once nothing is owed. @param {CallCard} card */
export function owed(card) {
  const answers = allOwed(card);
  return answers.find((answer) => answer.required) ?? answers[0];
}

/** Whether the clocks of its answers are paused: suspended, or referred to the city. @param {CallCard} card */
export const standsStill = (card) => Boolean(card.suspendedUntil) || card.state === 'handedUp';

/** The answers of called parties that have not come. @param {CallCard} card */
export const calledParties = (card) => card.answers.filter((answer) => answer.kind === 'attend' && !answer.met && !answer.released);

/** Who owes a party's answer: a post of the street, or a listed party. @param {AnswerCard} answer */
export const partyOf = (answer) => (answer.kind === 'help' ? teamName(answer.party) : answer.kind === 'acknowledge' && has('post.' + answer.party) ? w('post.' + answer.party) : partyName(answer.party));

/** What a team was called to help with and how it stands: asked, helping, or null. @param {CallCard} card @param {string|null|undefined} team @returns {'asked'|'helping'|null} */
export function helpOf(card, team) {
  const answer = team ? card.answers.find((one) => one.kind === 'help' && one.party === team && !one.released) : undefined;
  return !answer || hasEnded(card) ? null : answer.met ? 'helping' : 'asked';
}

/** 首问 alone: whoever guides the caller reads a case that rings for others. @param {CallCard} card @param {string|null|undefined} team */
export const ringsElsewhere = (card, team) => card.state === 'ringing' && typeof team === 'string' && card.guides?.includes(team) === true && !card.teams.includes(team);

/** The parties, called or required by the pack, without whose answer it cannot be resolved. @param {CallCard} card */
export const awaitedParties = (card) => card.answers.filter((answer) => ['attend', 'acknowledge'].includes(answer.kind) && answer.required && !answer.met && !answer.released);

/** The kind of answer, with the party that owes it if the kind does not tell. @param {AnswerCard} answer */
const kindOf = (answer) => w('ui.kind.' + answer.kind) + (['acknowledge', 'help'].includes(answer.kind) ? w('ui.about', partyOf(answer)) : '');

/** Whether it has ended: nothing still outstanding is owed any more, and no clock runs. @param {CallCard} card */
export const hasEnded = (card) => ENDED.includes(card.state);

/** Whether a life may depend on it: 特急, or 有人遇险. @param {CallCard} card */
export const isGrave = (card) => card.level === 'S1' || card.flags.includes('danger');

/** Whether it has been accepted and is not resolved. @param {CallCard} card */
export const isInHand = (card) => card.state === 'accepted' || card.state === 'onScene';

/** Whether the server has marked an answer still owed as late. @param {CallCard} card */
const isLate = (card) => isInHand(card) && card.answers.some((answer) => answer.kind !== 'help' && answer.breached && !answer.met && !answer.released);

/** Grave, and not accepted or late: it goes above everything else. @param {CallCard} card */
export const isUrgent = (card) => isGrave(card) && !standsStill(card) && (card.state === 'ringing' || isLate(card));

/** The rank of a case: urgent cases first, led by those nobody has accepted; then those not accepted in time; then the rest. @param {CallCard} card */
function rankOf(card) {
  if (isUrgent(card)) return card.state === 'ringing' ? 0 : 1;
  return card.answers.find((answer) => !answer.met && answer.kind === 'accept')?.breached ? 2 : 3;
}

/**
 * The order of the board: urgent first, then breached and unaccepted, then time to breach, then age. Numbers, so thousands sort fast.
 * @param {CallCard} card
 */
export function orderOf(card) {
  const first = rankOf(card);
  return {
    callNo: card.callNo,
    first,
    urgent: first < 2,
    breach: card.breachAt ? Date.parse(card.breachAt) : Infinity,
    opened: Date.parse(card.openedAt),
  };
}

/** @param {ReturnType<typeof orderOf>} a @param {ReturnType<typeof orderOf>} b */
export const byUrgency = (a, b) =>
  a.first - b.first || (a.breach === b.breach ? a.opened - b.opened : a.breach - b.breach) || (a.callNo < b.callNo ? -1 : 1);

/** "03 队 网格员": the team and the post, never the person. @param {import('../contracts.js').LeadCard} lead */
export function who(lead) {
  const post = wordOf('post.', lead.post);
  if (lead.team) return `${teamName(lead.team)} ${post}`;
  return lead.community ? w('post.ofCommunity', communityName(lead.community)) : post;
}

/** Where it is: station and grid, or community and grid. @param {CallCard} card @param {string} [words] how the two are combined */
export const place = (card, words = 'ui.place') => w(words, card.station ? stationName(card.station) : communityName(card.community), gridName(card.grid));

/** Whether a desk has sent a team: it rings that one, at whatever tier the case stands. @param {CallCard} card */
export const isDesignated = (card) => card.flags.includes('designated') && card.teams.length > 0;

/** Who is handling it, or whom it rings. @param {CallCard} card */
export function holder(card) {
  if (card.lead) return who(card.lead);
  if (card.rung === 'team' || isDesignated(card)) return card.teams.map(teamName).join(w('ui.and'));
  return wordOf('ui.rung.', card.rung);
}

/** @param {CallCard} card */
export const stateWords = (card) => wordOf('ui.state.', card.state);

/** @param {CallCard} card */
export const what = (card) => categoryName(card.category);

/** What it is about, and where: for whoever no longer sees its card. @param {CallCard} card */
export const titleOf = (card) => `${what(card)} · ${place(card)}`;

/** @param {CallCard} card */
export function glyph(card) {
  const known = Number(card.category) >= 1 && Number(card.category) <= GLYPHS && card.category.length === 2;
  return svg('svg', { class: 'glyph', 'aria-hidden': 'true' }, svg('use', { href: `/img/glyphs.svg#c${known ? card.category : '26'}` }));
}

/** @param {CallCard} card */
export const levelBadge = (card) => h('span.level.' + card.level.toLowerCase(), null, w('ui.level.' + card.level));

/** "督办", "另有 2 人反映", "待审批：延期". @param {CallCard} card @param {string} flag */
function flagWords(card, flag) {
  if (flag === 'joined' && card.others) return w('ui.flag.joinedBy', card.others);
  if (flag === 'asked' && card.petitions?.length) return w('ui.flag.askedFor', card.petitions.map((kind) => wordOf('ui.petition.', kind)).join(w('ui.and')));
  return wordOf('ui.flag.', flag);
}

/** @param {CallCard} card */
export const flagBadges = (card) => card.flags.map((flag) => h('span.flag.' + flag, null, flagWords(card, flag)));

/**
 * The sentence of the running clock: "接单 还剩 02:31" or "接单 超时 03:12", with the deadline beside it.
 * @param {CallCard} card @param {number} now @param {(iso: string, now: number) => string} [at] how the deadline is said
 */
export function clockOf(card, now, at = when) {
  if (card.suspendedUntil) {
    const until = w('ui.clock.suspended', at(card.suspendedUntil, now));
    return { text: until, short: w('ui.flag.suspended'), deadline: until, tone: 'still', share: 1, running: true };
  }
  if (card.state === 'handedUp' && card.breachAt) return outside(card.breachAt, now, at);
  const answer = hasEnded(card) ? undefined : owed(card);
  // The caller's rating is requested but owed by nobody: its end is shown, and no clock runs.
  if (!answer) return { text: stateWords(card), deadline: card.state === 'verified' && card.breachAt ? w('ui.clock.by', w('ui.kind.evaluate'), at(card.breachAt, now)) : '', tone: 'calm', share: 0, running: false };
  const { left, share, tone } = standing(answer, now);
  return {
    text: w(left < 0 ? 'ui.clock.over' : 'ui.clock.left', kindOf(answer), span(left)),
    short: left < 0 ? w('ui.clock.overShort', span(left)) : span(left),
    deadline: w('ui.clock.by', kindOf(answer), at(answer.due, now)),
    tone,
    share,
    running: true,
  };
}

/** The clock of a case referred to the city. @param {string} due @param {number} now @param {(iso: string, now: number) => string} at */
function outside(due, now, at) {
  const left = Date.parse(due) - now;
  const kind = w('ui.kind.outside');
  return {
    text: w(left < 0 ? 'ui.clock.over' : 'ui.clock.left', kind, span(left)),
    short: left < 0 ? w('ui.clock.overShort', span(left)) : span(left),
    deadline: w('ui.clock.by', w('ui.kind.outsideBy'), at(due, now)),
    tone: left < 0 ? 'over' : 'still',
    share: 1,
    running: true,
  };
}
