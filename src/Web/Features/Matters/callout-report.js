// One call-out: its figures, who has not answered and how they were called, who has and when; to end it, to print it, to take it along as a table.

import { span, when } from '../../js/case/clock.js';
import { refusedBy, send } from '../../js/kernel/client.js';
import { h, toast } from '../../js/kernel/dom.js';
import { ask, usualWordsField } from '../../js/kernel/forms.js';
import { communityName, gridName, teamName } from '../../js/kernel/street.js';
import { w, wordOf } from '../../js/kernel/words.js';

/** @typedef {import('../../js/contracts.js').CalloutView} CalloutView */
/** @typedef {import('../../js/contracts.js').CalloutPost} CalloutPost */

/** Whoever ends one usually says one of these. */
const USUAL = ['drill', 'over', 'told'];

/** Whether those who have answered are listed. */
let isOpen = false;

/** Where and what a post is, without the person. @param {CalloutPost} post */
const postWords = (post) => [post.grid ? gridName(post.grid) : post.team ? teamName(post.team) : post.community ? communityName(post.community) : '', post.kind ? wordOf('post.', post.kind) : ''].filter(Boolean).join(' ') || post.post;

/** How a post was called, each way once, in its last state. @param {CalloutPost} post */
function toldWords(post) {
  if (post.told.length === 0) return w('ui.callout.pageOnly');
  const ways = new Map(post.told.map((one) => [one.by, one]));
  const sent = post.told.filter((one) => one.state === 'sent');
  for (const one of sent) ways.set(one.by, one);
  if (post.told.length > 0 && sent.length === 0 && !post.told.some((one) => one.state === 'waiting')) return h('b', null, w('ui.callout.untold'));
  return [...ways.values()].map((one) => w('ui.callout.toldState.' + one.state, wordOf('ui.by.', one.by))).join(w('ui.callout.and'));
}

/** What is the same of something when the report is drawn anew. @param {HTMLElement} one */
const focusKey = (one) => `${one.tagName} ${one.dataset.command ?? one.getAttribute('aria-label') ?? one.textContent?.replace(/\d/g, '')}`;

/** @param {string} title @param {readonly CalloutPost[]} posts @param {string[]} heads @param {(post: CalloutPost) => (Node|string)[]} cells @param {string} state */
const table = (title, posts, heads, cells, state) => h('section', { 'data-state': state }, h('h3', null, title, ' ', h('b.count', null, String(posts.length))),
  h('div.table-box', { tabindex: 0, role: 'region', 'aria-label': title }, h('table', null,
    h('thead', null, h('tr', null, ...heads.map((head) => h('th', { scope: 'col' }, head)))),
    h('tbody', null, ...posts.map((post) => h('tr', { 'data-post': post.post }, ...cells(post).map((cell) => h('td', null, cell))))))));

/**
 * @param {HTMLElement} box @param {CalloutView} view
 * @param {{back: (event: Event) => void, again: () => void}} looks
 */
export function report(box, view, { back, again }) {
  const now = Date.parse(view.now);
  const of = (/** @type {string} */ state) => view.posts.filter((post) => post.state === state);
  const silent = [...of('waiting'), ...of('silent')];
  const { asked, answered, inTime, absent, medianSeconds } = view.figures;
  const place = (/** @type {CalloutPost} */ post) => (post.community ? communityName(post.community) : w('ui.callout.streetPart'));
  const parts = [...view.parts].sort((a, b) => b.asked - b.answered - (a.asked - a.answered));
  const scroll = scrollY;
  const focused = box.contains(document.activeElement) ? focusKey(/** @type {HTMLElement} */ (document.activeElement)) : null;
  box.replaceChildren(
    h('p', null, h('a', { href: '/callout', onclick: back }, w('ui.callout.back'))),
    h('header.callout-head', { 'data-no': view.callNo, 'data-open': String(view.endedAt === null) },
      h('h2', null, w('ui.callout.title'), ' ', h('span.no', null, view.callNo), ' ', view.drill ? h('span.flag.drill', null, w('ui.callout.drill')) : h('b', null, w('ui.callout.real'))),
      h('p.callout-words', null, view.text ?? w('ui.callout.erased')),
      h('p.soft', null, w('ui.callout.opened', when(view.openedAt, now)), ' · ', view.endedAt ? w('ui.callout.ended', when(view.endedAt, now)) : view.until ? w('ui.callout.running', when(view.until, now)) : w('ui.callout.sending')),
      h('p.callout-figures', { role: 'status' },
        h('b.figure', null, w('ui.callout.answeredOf', answered, asked)),
        h('span', null, w('ui.callout.silentCount', silent.length)), h('span', null, w('ui.callout.inTime', view.limitMinutes, inTime)), medianSeconds === null ? null : h('span', null, w('ui.callout.median', span(medianSeconds * 1_000))), h('span', null, w('ui.callout.absentCount', absent))),
      h('p.row-wrap.no-print', null,
        view.mayEnd && h('button.button', { type: 'button', 'data-command': 'end', onclick: () => end(view, again) }, w('ui.callout.end')),
        h('a.button.plain', { href: `/api/callouts/${encodeURIComponent(view.callNo)}/report.csv`, download: '' }, w('ui.callout.csv')),
        h('button.button.plain', { type: 'button', onclick: () => print() }, w('ui.callout.print')))),
    silent.length === 0 && asked > 0 ? h('p.ok-box', null, w('ui.callout.allAnswered'))
      : table(w(view.endedAt ? 'ui.callout.silentEnd' : 'ui.callout.silent'), silent, [w('ui.filter.community'), w('ui.callout.post'), w('ui.callout.told')], (post) => [place(post), h('span', null, postWords(post), post.onDuty ? '' : h('span.soft', null, ' · ', w('ui.callout.offDuty'))), toldWords(post)], 'silent'),
    h('section', null, h('h3', null, w('ui.callout.parts')), h('ul.callout-parts', null, ...parts.map((part) => h('li', { 'data-part': part.community, 'data-rung': part.rung, 'data-whole': String(part.answered === part.asked) },
      h('b', null, part.community ? communityName(part.community) : w('ui.callout.streetPart')), h('span', null, `${part.answered} / ${part.asked}`), part.answered < part.asked && !(view.endedAt && part.rung === 'team') && h('span.soft', null, w('ui.callout.rung.' + part.rung)))))),
    of('absent').length > 0 ? table(w('ui.callout.absent'), of('absent'), [w('ui.filter.community'), w('ui.callout.post')], (post) => [place(post), postWords(post)], 'absent') : '',
    h('details', { open: isOpen, ontoggle: (/** @type {Event} */ event) => { isOpen = /** @type {HTMLDetailsElement} */ (event.currentTarget).open; } }, h('summary', null, w('ui.callout.answered'), ' ', h('b.count', null, String(answered))), table(w('ui.callout.answered'), of('answered'), [w('ui.filter.community'), w('ui.callout.post'), w('ui.callout.took'), w('ui.callout.by')],
      (post) => [place(post), postWords(post), span((post.seconds ?? 0) * 1_000), post.via ? wordOf('ui.via.', post.via) : w('ui.callout.page')], 'answered')));
  if (focused !== null) [.../** @type {NodeListOf<HTMLElement>} */ (box.querySelectorAll('a, button, summary, [tabindex]'))].find((one) => focusKey(one) === focused)?.focus({ preventScroll: true });
  scrollTo(0, scroll);
}

/** @param {CalloutView} view @param {() => void} again */
async function end(view, again) {
  const usual = USUAL.map((code) => w('ui.callout.endUsual.' + code));
  const done = await ask(w('ui.callout.end'), w('ui.callout.end'), [usualWordsField('note', w('ui.callout.endWhy'), usual, w('ui.ask.noteOptional'), view.drill ? usual[0] : undefined)], async (said) => {
    const answer = await send(`/api/callouts/${encodeURIComponent(view.callNo)}/end`, said).catch(() => null);
    return answer?.ok ? { value: true } : answer ? refusedBy(answer) : { refused: w('ui.say.unknown') };
  });
  if (!done) return;
  toast(w('ui.callout.endDone'), 'ok');
  again();
}
