// Roster actions outside the cells: patterns, leave, tables, calendar feeds, and the change history.

import { refusalOf, request } from '../../js/kernel/client.js';
import { $, h, toast } from '../../js/kernel/dom.js';
import { act, api, dayOf, postName, wall } from '../../js/kernel/duty.js';
import { ask, choiceField, inputField, instantField, selectField, sentence, tell } from '../../js/kernel/forms.js';
import { w } from '../../js/kernel/words.js';

/** @typedef {import('../../js/contracts.js').RosterPost} RosterPost */
/** @typedef {import('../../js/contracts.js').RosterTaken} RosterTaken */
/** @typedef {import('../../js/contracts.js').RosterView} RosterView */

const DAY = 86_400_000;
const MOST_SEATS = 12;

/** The usual rotations: their kinds of shift and their cycle; people are dealt to the crews in turn. @type {Record<string, {kinds: object[], cycle: string[][], crews: number, stride: number}>} */
const SHAPES = {
  fourTwo: { kinds: [{ code: 'day', from: '08:00', until: '20:00', days: 'every' }, { code: 'night', from: '20:00', until: '08:00', days: 'every' }], cycle: [['day'], ['night'], [], []], crews: 4, stride: 1 },
  dayNight: { kinds: [{ code: 'day', from: '08:00', until: '20:00', days: 'every' }, { code: 'night', from: '20:00', until: '08:00', days: 'every' }], cycle: [['day'], ['night']], crews: 2, stride: 1 },
  week: { kinds: [{ code: 'office', from: '08:30', until: '17:30', days: 'working' }], cycle: [['office']], crews: 1, stride: 1 },
  daily: { kinds: [{ code: 'full', from: '08:00', until: '08:00', days: 'every' }], cycle: [], crews: 0, stride: 1 },
};

/** @param {string} words @param {() => unknown} does */
const button = (words, does) => h('button.button.plain.small', { type: 'button', onclick: does }, words);

/** @param {RosterView} view @param {[string, string]} range @param {() => Promise<void>} changed */
export function showActs(view, range, changed) {
  const [from, to] = range;
  const own = view.posts.filter((post) => post.unit === view.unit);
  $('acts').replaceChildren(...[
    view.mayEdit && button(w('ui.roster.generate'), () => generate(view, range, changed)),
    view.mayEdit && button(w('ui.roster.leaveAsk'), () => leave(own, changed)),
    button(w('ui.roster.feed'), () => feed(view)),
    button(w('ui.roster.feedRevoke'), () => act('/api/duty/feeds/revoke', {}, w('ui.roster.feedRevoked'))),
    h('a.button.plain.small', { href: `/api/roster.csv?unit=${encodeURIComponent(view.unit)}&from=${from}&to=${to}`, download: '' }, w('ui.roster.csv')),
    view.mayEdit && button(w('ui.roster.import'), () => importTable(changed)),
  ].filter((one) => one instanceof Node));
}

/** @param {RosterView} view @param {[string, string]} range @param {() => Promise<void>} changed */
export function drawPatterns(view, range, changed) {
  $('patterns').replaceChildren(...view.patterns.map((one) => h('li.row', null,
    h('span', null, w('ui.roster.patternLine', one.pattern.name ?? one.code, one.pattern.cycle?.length ?? 0, one.pattern.crews?.length ?? 0)), button(w('ui.roster.patternDrop'), () => drop(view.unit, one.code, changed)))),
    ...(view.patterns.length ? [] : [h('li.soft', null, w('ui.roster.patternNone'))]), h('li', null, button(w('ui.roster.patternNew'), () => newPattern(view, changed))));
}

/** @param {RosterTaken} done */
const made = (done) => toast(w('ui.roster.patternMade', done.made, done.moved, done.dropped), 'ok');

/** @param {RosterView} view @param {() => Promise<void>} changed */
async function newPattern(view, changed) {
  const posts = view.posts.filter((post) => post.unit === view.unit);
  const boxes = posts.map((post) => ({ post, input: /** @type {HTMLInputElement} */ (h('input', { type: 'checkbox', value: post.id, checked: post.kind !== 'buildingHead' })) }));
  const people = { nodes: [h('fieldset', null, h('legend', null, w('ui.roster.patternPosts')), ...boxes.map(({ post, input }) => h('label.check', null, input, h('span', null, postName(post)))))], read: () => ({ posts: boxes.filter((box) => box.input.checked).map((box) => box.post.id) }) };
  const done = await ask(w('ui.roster.patternNew'), w('ui.roster.save'), [
    sentence(w('ui.roster.patternHelp')),
    inputField('name', w('ui.roster.patternName'), { required: true, maxlength: 24, value: w('ui.roster.patternUsual') }),
    inputField('start', w('ui.roster.patternStart'), { type: 'date', required: true, value: dayOf(Date.now() + DAY) }),
    choiceField('shape', w('ui.roster.patternShape'), Object.keys(SHAPES).map((shape) => ({ value: shape, text: w('ui.roster.shape.' + shape) }))),
    people,
  ], (said) => api('/api/roster/patterns', patternOf(view, said)));
  if (!done) return;
  made(done);
  await changed();
}

/** The code behind a name: that of the pattern which has the name, and is thereby replaced, or the next free one. @param {RosterView} view @param {string} name */
function codeOf(view, name) {
  const same = view.patterns.find((one) => (one.pattern.name ?? one.code) === name);
  if (same) return same.code;
  let n = 1;
  while (view.patterns.some((one) => one.code === 'p' + n)) n++;
  return 'p' + n;
}

/** People are dealt to the crews like cards; if each person takes a day in turn, everyone is a crew. @param {RosterView} view @param {Record<string, any>} said */
function patternOf(view, said) {
  const shape = SHAPES[said.shape];
  const posts = /** @type {string[]} */ (said.posts).slice(0, shape.crews ? shape.crews * MOST_SEATS : MOST_SEATS);
  const count = Math.min(shape.crews || posts.length, posts.length);
  const crews = Array.from({ length: count }, (_, i) => posts.filter((_, n) => n % count === i));
  const cycle = shape.crews ? shape.cycle : Array.from({ length: count }, (_, i) => (i === 0 ? ['full'] : []));
  return { unit: view.unit, code: codeOf(view, said.name), name: said.name, start: said.start, kinds: shape.kinds, cycle, crews, stride: shape.stride };
}

/** @param {string} unit @param {string} code @param {() => Promise<void>} changed */
async function drop(unit, code, changed) {
  const done = await ask(w('ui.roster.patternDrop'), w('ui.roster.patternDrop'), [sentence(w('ui.roster.patternDropHelp'))], () => api('/api/roster/patterns', { unit, code, withdrawn: true }));
  if (!done) return;
  made(done);
  await changed();
}

/** @param {RosterView} view @param {[string, string]} range @param {() => Promise<void>} changed */
async function generate(view, range, changed) {
  const done = await ask(w('ui.roster.generate'), w('ui.roster.generate'), [sentence(w('ui.roster.generateHelp', ...range)), sentence(w('ui.roster.patternHelp'))],
    () => api('/api/roster/generate', { unit: view.unit, fromDay: range[0], toDay: range[1] }));
  if (!done) return;
  made(done);
  await changed();
}

/** @param {RosterPost[]} posts @param {() => Promise<void>} changed */
async function leave(posts, changed) {
  const done = await ask(w('ui.roster.leaveAsk'), w('ui.roster.save'), [
    selectField('post', w('ui.roster.leaveFor'), posts.map((post) => ({ value: post.id, text: postName(post) }))),
    instantField('from', w('ui.roster.from'), Date.now()),
    instantField('until', w('ui.roster.leaveUntil'), Date.now() + DAY),
    choiceField('kind', w('ui.roster.leaveKind'), ['sick', 'leave'].map((kind) => ({ value: kind, text: w('ui.roster.leave.' + kind) }))),
  ], (said) => api('/api/roster/absences', said));
  if (!done) return;
  toast(w('ui.roster.leaveDone'), 'ok');
  await changed();
}

/** @param {RosterView} view */
async function feed(view) {
  const done = await ask(w('ui.roster.feed'), w('ui.roster.feedMake'), [choiceField('which', w('ui.roster.feedWhich'), [{ value: 'mine', text: w('ui.roster.feedMine') }, { value: 'unit', text: w('ui.roster.feedUnit') }])],
    (said) => api('/api/duty/feed', said.which === 'unit' ? { unit: view.unit } : {}));
  if (!done) return;
  const address = new URL(done.url, location.href).href;
  tell(w('ui.roster.feed'), h('div.ask-link', null, h('p', null, w('ui.roster.feedHelp')), h('input', { readonly: true, value: address, 'aria-label': w('ui.roster.feed'), 'data-feed': address })));
}

/** @param {() => Promise<void>} changed */
async function importTable(changed) {
  const input = /** @type {HTMLInputElement} */ (h('input', { type: 'file', accept: '.csv,.xlsx,text/csv', required: true, id: 'roster-file' }));
  const done = await ask(w('ui.roster.import'), w('ui.roster.import'), [{ nodes: [h('label', { for: 'roster-file' }, w('ui.roster.importFile')), input], read: () => ({ file: input.files?.[0] }) }], async (said) => {
    try {
      const answer = await request('/api/roster/import', { method: 'POST', headers: { 'Content-Type': 'text/csv' }, body: /** @type {File} */ (said.file) });
      return answer.ok ? { value: await answer.json() } : { refused: await refusalOf(answer) };
    } catch {
      return { refused: w('ui.say.offline') };
    }
  });
  if (!done) return;
  await changed();
  tell(w('ui.roster.importDone', done.made, done.refused.length), h('ul.plain-list', null, ...done.refused.map((/** @type {import('../../js/contracts.js').RosterRefused} */ line) => h('li', null, w('ui.roster.importLine', line.line, `${line.message} ${line.messageEn}`)))));
}

/** @param {RosterView} view */
export async function showHistory(view) {
  if (!$('history').hasAttribute('open')) return;
  const answer = await api('/api/roster/journal?unit=' + encodeURIComponent(view.unit));
  if ('refused' in answer) return;
  const names = new Map(view.posts.map((post) => [post.id, postName(post)]));
  $('history-list').replaceChildren(...(answer.value.lines.length ? answer.value.lines.map((/** @type {import('../../js/contracts.js').RosterLine} */ line) =>
    h('li', null, [wall(line.at), w('ui.roster.what.' + line.what), [line.post && (names.get(line.post) ?? line.post), line.from && wall(line.from)].filter(Boolean).join(' ')].filter(Boolean).join(' · '))) : [h('li.soft', null, w('ui.roster.historyNone'))]));
}
