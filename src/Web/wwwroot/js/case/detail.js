// Everything about one case, for the people on it: read from the API, not the feed, and every access is audited there.

import { clockOf, flagBadges, glyph, hasEnded, holder, isInHand, levelBadge, partyOf, place, standsStill, stateWords, what, who } from './card.js';
import { read } from '../kernel/client.js';
import { standing, span, when } from './clock.js';
import { h } from '../kernel/dom.js';
import { gallery, thumbnails } from './gallery.js';
import { whereabouts } from './whereabouts.js';
import { pleaWords } from './plea.js';
import { hearers } from './reach.js';
import { categoryName, gridName, partyName, teamName } from '../kernel/street.js';
import { has, w, wordOf } from '../kernel/words.js';

/** @typedef {import('../contracts.js').CallCard} CallCard */
/** @typedef {import('../contracts.js').CallDetail} CallDetail */

/** @param {string} callNo @returns {Promise<CallDetail|{problem: string, unreached?: true}>} */
export async function loadDetail(callNo) {
  const answer = await read('/api/calls/' + encodeURIComponent(callNo));
  return 'value' in answer ? answer.value : answer;
}

/** The head of a case: what the feed already provides. @param {CallCard} card @param {number} now */
export function head(card, now) {
  const clock = clockOf(card, now);
  const by = clock.deadline === clock.text ? '' : clock.deadline;
  return h('header.detail-head', null,
    h('p.badges', null, levelBadge(card), h('span.state.' + card.state, null, stateWords(card)), ...flagBadges(card)),
    h('h2', null, glyph(card), what(card)),
    h('p', null, place(card)),
    h('p.soft', null, h('span.no', null, card.callNo), ' · ', w('ui.detail.opened', when(card.openedAt, now))),
    clock.running && h('p.clock.' + clock.tone, { 'data-clock': card.callNo }, clock.text, ...(by ? [' ', h('span.soft', null, by)] : [])),
    (card.lead || !hasEnded(card)) && h('p', null, w(card.lead ? 'ui.detail.lead' : 'ui.detail.rings', holder(card)), ' ', h('span.soft', null, w('ui.detail.rung', wordOf('ui.rung.', card.rung))), ' ', (card.state === 'ringing' || isInHand(card)) && hearing(card)),
    card.mergedInto && h('p.note-line', null, w('ui.detail.mergedInto'), ' ', number(card.mergedInto)),
    card.parent && h('p.note-line', null, w('ui.detail.parent'), ' ', number(card.parent)));
}

/** How many would hear it; while it rings, nobody is not normal. @param {CallCard} card */
function hearing(card) {
  const them = hearers(card);
  return them && h(them.online === 0 && card.state === 'ringing' ? 'b.unheard' : 'span.soft', { 'data-online': them.online }, w(them.online === 0 ? 'ui.reach.nobody' : 'ui.reach.standing', them.onDuty, them.online));
}

/** The numbers of matters that follow a procedure begin with this; they have pages of their own. */
const MATTER = 'M';

/** The number of another case, as a button that opens it; of a matter, as a link to its page. @param {string} callNo */
const number = (callNo) => (callNo.startsWith(MATTER) ? h('a.number.no', { href: '/matters/' + encodeURIComponent(callNo) }, callNo) : h('button.number.no', { type: 'button', 'data-open': callNo }, callNo));

/** Opens the case whose number is pressed within an element. @param {HTMLElement} element @param {(callNo: string) => void} open */
export function openNumbers(element, open) {
  element.addEventListener('click', (event) => {
    const callNo = /** @type {HTMLElement|null} */ (/** @type {HTMLElement} */ (event.target).closest('[data-open]'))?.dataset.open;
    if (callNo) open(callNo);
  });
}

/** Why nothing can be read of the person, their words and their photos; null if nobody asked for that. @param {{erasure?: import('../contracts.js').Erasure}} detail @param {number} now */
export const erasedLine = ({ erasure }, now) => erasure?.doneAt && h('p.note-line', { 'data-erased': true }, w('ui.detail.erased', when(erasure.doneAt, now)));

/** @param {CallDetail} detail @param {number} now @param {(kind: string) => Node|false} [decide] the button beside a request @param {CallCard[]} [neighbours] other open cases of the grid @returns {{evidence: Node[], story: Node[]}} what was reported, and what has been done since */
export function body(detail, now, decide = () => false, neighbours = []) {
  const erased = erasedLine(detail, now);
  const contact = [detail.contact?.name, detail.contact?.phone].filter(Boolean).join(' ');
  const evidence = [
    ...(detail.petitions ?? []).map((plea) => h('p.wait-box', { 'data-plea': plea.kind }, pleaWords(plea, now), ' ', decide(plea.kind))),
    h('section', null, h('h3', null, w('ui.detail.words')), erased || h('p.said', null, detail.description || w(hasEnded(detail.call) ? 'ui.detail.wordsGone' : 'ui.detail.noWords')),
      !erased && h('p.soft' + (detail.contact ? '' : '.no-contact'), null, contact ? w('ui.detail.contact', contact) : detail.contact ? '' : w('ui.detail.noContact'), detail.contact?.position && ` ${w('ui.detail.position')}`),
      detail.call.source && h('p.soft', { 'data-source': detail.call.source }, w('ui.detail.source', w('ui.source.' + detail.call.source))),
      detail.call.cityNo && h('p.soft', { 'data-city': detail.call.cityNo }, w('ui.detail.cityNo', detail.call.cityNo)),
      detail.guide && h('p.soft', { 'data-guide': detail.guide.post }, w('ui.detail.guide', who(detail.guide)))),
    gallery(detail),
    whereabouts(detail.call, neighbours),
  ].filter((node) => node instanceof Node);
  return { evidence, story: [
    h('section', null, h('h3', null, w('ui.detail.answers')), answers(detail.call, now),
      ...(detail.exemptions ?? []).map((one) => h('p.soft', { 'data-exemption': one.answer },
        w('ui.detail.exemption', answerWords(detail.call, one.answer), wordOf('ui.reason.', one.reason), w(one.granted === null ? 'ui.detail.exemptionAsked' : one.granted ? 'ui.detail.exempted' : 'ui.detail.exemptionDenied'))))),
    story(detail, now),
  ] };
}

/** The answers the case requires, as they stand now; whoever shows them redraws them. @param {CallCard} card @param {number} now */
export function answers(card, now) {
  return h('ul.answers', null, ...card.answers.map((answer) => {
    const { left, tone } = standing(answer, now);
    const still = !answer.breached && standsStill(card);
    const ended = hasEnded(card);
    const line = (answer.doneAt ? w('ui.answer.done', when(answer.doneAt, now)) : answer.disclaimed && !answer.released ? w('ui.answer.disclaimed') : '') + (answer.met ? w(answer.breached ? 'ui.answer.metLate' : 'ui.answer.met', when(answer.metAt ?? answer.due, now))
      : answer.released ? w('ui.answer.released')
        : ended ? w(answer.breached ? 'ui.answer.endedLate' : 'ui.answer.ended', when(answer.due, now))
          : still ? w('ui.answer.still')
            : w(left < 0 ? 'ui.answer.over' : 'ui.answer.owed', when(answer.due, now), span(left)));
    const looks = answer.released || still ? 'met' : answer.met || ended ? (answer.breached ? 'late' : 'met') : tone;
    const party = ['attend', 'acknowledge', 'help'].includes(answer.kind) ? partyOf(answer) : '';
    return h('li.' + looks, { 'data-answer': answer.key }, h('b', null, wordOf('ui.step.', answer.kind), answer.kind === 'resolve' && answer.key !== 'resolve' && w('ui.step.again')), party && w('ui.about', party), ' ', line);
  }));
}

const ORDER = 'story-order';

/** The one story of a case, each event with its words, hours and photos, in the order that the reader has chosen. @param {CallDetail} detail @param {number} now */
function story(detail, now) {
  const isOldest = localStorage.getItem(ORDER) === 'oldest';
  const list = timeline(detail, now, isOldest);
  const turn = h('button.quiet', {
    type: 'button',
    'data-command': 'turn',
    onclick: () => {
      localStorage.setItem(ORDER, isOldest ? 'newest' : 'oldest');
      section.replaceWith(story(detail, now));
    },
  }, w(isOldest ? 'ui.detail.newestFirst' : 'ui.detail.oldestFirst'));
  const section = h('section.story', null, h('h3', null, w('ui.detail.timeline'), ' ', turn), list);
  return section;
}

/** @param {CallDetail} detail @param {number} now @param {boolean} isOldest */
function timeline(detail, now, isOldest) {
  const lines = isOldest ? detail.timeline : [...detail.timeline].reverse();
  /** @type {Map<number, CallDetail['texts'][number][]>} */
  const texts = new Map();
  for (const text of detail.texts) texts.set(text.version, [...(texts.get(text.version) ?? []), text]);
  return h('ol.timeline' + (isOldest ? '.oldest' : ''), null, ...lines.map((line) => {
    const about = line.answer ? w('ui.about', answerWords(detail.call, line.answer)) : '';
    /** @type {(Node|string)[]} */
    const more = [wordOf('post.', line.by), ...wordsOf(detail.call, line.detail)].filter((part) => part !== '');
    const parts = more.flatMap((part, i) => (i === 0 ? [part] : [i === 1 ? ' · ' : w('ui.and'), part]));
    return h('li', null, h('time.no', { datetime: line.at }, when(line.at, now)), h('div', null,
      `${wordOf('ui.what.', line.what)}${about} `, h('span.soft', null, ...parts),
      ...(texts.get(line.version) ?? []).map((text) => h('p.said', { 'data-text': text.kind }, text.words)),
      thumbnails(detail, line.version)));
  }));
}

/** What accompanied a change; the pack's answer of a party is named by its party, once. @param {CallCard} card @param {readonly string[]} codes @returns {(Node|string)[]} */
function wordsOf(card, codes) {
  const isAnswer = (/** @type {string} */ code) => code.startsWith('answer:') && !code.startsWith('answer:party-');
  const named = codes.some(isAnswer);
  return codes.filter((code) => !named || !code.startsWith('party:')).map((code) => (isAnswer(code) ? answerWords(card, code.slice('answer:'.length)) : detailWords(code)));
}

/** What a clock's line is about: a kind of answer, or a called party. @param {CallCard} card @param {string} key */
function answerWords(card, key) {
  const answer = card.answers.find((one) => one.key === key);
  return answer && ['attend', 'acknowledge', 'help'].includes(answer.kind) ? partyOf(answer) : wordOf('ui.kind.', key.replace(/\d+$/, ''));
}

/** An instant in milliseconds, with its date where that is not today's. @param {string} value */
const at = (value) => when(new Date(Number(value)).toISOString(), Date.now());

/** What to show for the value after the colon, by the key before it. @type {Record<string, (value: string) => string>} */
const VALUES = {
  team: teamName, from: teamName, party: partyName, category: categoryName, grid: gridName,
  petition: (value) => wordOf('ui.petition.', value), outcome: (value) => wordOf('ui.callback.', value), level: (value) => wordOf('ui.level.', value),
  phone: (value) => wordOf('ui.phone.', value), said: (value) => at(value), claimed: (value) => at(value), via: (value) => wordOf('ui.via.', value), until: (value) => at(value), minutes: (value) => w('ui.plea.hours', Math.round(Number(value) / 6) / 10),
};

/** "climbed:community" and the like, in words; a case number becomes a button. @param {string} code @param {(callNo: string) => Node} [numberOf] @returns {Node|string} */
export function detailWords(code, numberOf = number) {
  const [key, value = ''] = code.split(':');
  if (key === 'answer' && value.startsWith('party-')) return ''; // the party is named beside it
  if (!has('ui.more.' + key)) return code;
  if (['into', 'other', 'child', 'of'].includes(key)) return h('span', null, w('ui.more.' + key), ' ', numberOf(value));
  if (VALUES[key]) return w('ui.more.' + key, VALUES[key](value));
  const words = ['ui.reason.', 'ui.rung.', 'post.', 'satisfaction.', 'ui.kind.'].find((prefix) => has(prefix + value));
  return w('ui.more.' + key, words ? wordOf(words, value) : teamName(value));
}
