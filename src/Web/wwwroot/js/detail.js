// Everything about one case, for people on it: read from the API, not from the feed, and every look is audited there.

import { clockOf, flagBadges, glyph, holder, levelBadge, place, stateWords, what } from './card.js';
import { standing, span, when } from './clock.js';
import { h } from './dom.js';
import { teamName } from './street.js';
import { has, w, wordOf } from './words.js';

/** @typedef {import('./contracts.js').CallCard} CallCard */
/** @typedef {import('./contracts.js').CallDetail} CallDetail */

/** @param {string} callNo @returns {Promise<CallDetail|{problem: string}>} */
export async function loadDetail(callNo) {
  try {
    const answer = await fetch('/api/calls/' + encodeURIComponent(callNo), { headers: { Accept: 'application/json' } });
    if (answer.ok) return await answer.json();
    const problem = await answer.json().catch(() => null);
    return { problem: (document.documentElement.lang.startsWith('zh') ? problem?.title : problem?.detail) ?? w('ui.detail.failed') };
  } catch {
    return { problem: w('ui.detail.failed') };
  }
}

/** The head of a case: what the feed already tells. @param {CallCard} card @param {number} now */
export function head(card, now) {
  const clock = clockOf(card, now);
  return h('header.detail-head', null,
    h('p.badges', null, levelBadge(card), h('span.state.' + card.state, null, stateWords(card)), ...flagBadges(card)),
    h('h2', null, glyph(card), what(card)),
    h('p', null, place(card)),
    h('p.soft', null, h('span.no', null, card.callNo), ' · ', w('ui.detail.opened', when(card.openedAt, now))),
    clock.running && h('p.clock.' + clock.tone, { 'data-clock': card.callNo }, clock.text, clock.deadline && h('span.soft', null, ' · ' + clock.deadline)),
    h('p', null, w(card.lead ? 'ui.detail.lead' : 'ui.detail.rings', holder(card)), ' ', h('span.soft', null, w('ui.detail.rung', wordOf('ui.rung.', card.rung)))));
}

/** @param {CallDetail} detail @param {number} now @returns {Node[]} */
export function body(detail, now) {
  const contact = [detail.contact?.name, detail.contact?.phone].filter(Boolean).join(' ');
  return [
    h('section', null, h('h3', null, w('ui.detail.words')), h('p.said', null, detail.description || w('ui.detail.noWords')),
      h('p.soft', null, contact ? w('ui.detail.contact', contact) : w('ui.detail.noContact'))),
    h('section', null, h('h3', null, w('ui.detail.answers')), answers(detail.call, now)),
    detail.texts.length > 0 && h('section', null, h('h3', null, w('ui.detail.texts')),
      ...detail.texts.map((text) => h('div.text', null,
        h('p.soft.small', null, `${wordOf('ui.text.', text.kind)} · ${wordOf('post.', text.by)} · ${when(text.at, now)}`), h('p.said', null, text.words)))),
    h('section', null, h('h3', null, w('ui.detail.timeline')), timeline(detail, now)),
  ].filter((node) => node instanceof Node);
}

/** @param {CallCard} card @param {number} now */
function answers(card, now) {
  return h('ul.answers', null, ...card.answers.map((answer) => {
    const { left, tone } = standing(answer, now);
    const line = answer.met
      ? w(answer.breached ? 'ui.answer.metLate' : 'ui.answer.met', when(answer.metAt ?? answer.due, now))
      : w(left < 0 ? 'ui.answer.over' : 'ui.answer.owed', when(answer.due, now), span(left));
    return h('li.' + (answer.met ? (answer.breached ? 'late' : 'met') : tone), null, h('b', null, w('ui.kind.' + answer.kind)), ' ', line);
  }));
}

/** @param {CallDetail} detail @param {number} now */
function timeline(detail, now) {
  return h('ol.timeline', null, ...[...detail.timeline].reverse().map((line) => {
    const about = line.answer ? w('ui.about', wordOf('ui.kind.', line.answer.replace(/\d+$/, ''))) : '';
    const more = line.detail.map(detailWords).filter(Boolean).join(w('ui.and'));
    return h('li', null, h('time.no', { datetime: line.at }, when(line.at, now)), h('span', null,
      `${wordOf('ui.what.', line.what)}${about} `, h('span.soft', null, [wordOf('post.', line.by), more].filter(Boolean).join(' · '))));
  }));
}

/** "climbed:community" and its like, in words. @param {string} code */
function detailWords(code) {
  const [key, value = ''] = code.split(':');
  if (!has('ui.more.' + key)) return code;
  const words = ['ui.reason.', 'ui.rung.', 'post.', 'satisfaction.', 'ui.kind.'].find((prefix) => has(prefix + value));
  return w('ui.more.' + key, words ? wordOf(words, value) : teamName(value));
}
