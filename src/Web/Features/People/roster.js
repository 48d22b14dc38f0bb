// The roster by month and week: gaps in red, editable by mouse and keyboard alike.

import { $, h, say, toast } from '../../js/kernel/dom.js';
import { api, dayOf, gapWords, midnight, postName, spanOf, timeOf, unitName, wall } from '../../js/kernel/duty.js';
import { ask, choiceField, instantField, selectField, sentence } from '../../js/kernel/forms.js';
import { showMine } from './my-duty.js';
import { showNight } from './roster-night.js';
import { drawPatterns, showActs, showHistory } from './roster-acts.js';
import { loadStreet } from '../../js/kernel/street.js';
import { chinese, w } from '../../js/kernel/words.js';

/** @typedef {import('../../js/contracts.js').RosterPost} RosterPost */
/** @typedef {import('../../js/contracts.js').RosterShift} RosterShift */
/** @typedef {import('../../js/contracts.js').RosterGap} RosterGap */
/** @typedef {import('../../js/contracts.js').RosterView} RosterView */

const DAY = 86_400_000;
const HOUR = 3_600_000;
const weekday = new Intl.DateTimeFormat(chinese ? 'zh-CN' : 'en-GB', { weekday: 'short', timeZone: 'Asia/Shanghai' });

const grid = $('grid');
const unitBox = /** @type {HTMLSelectElement} */ ($('unit'));
const asked = new URLSearchParams(location.search);

/** @type {RosterView} */
let view;
let anchor = /^\d{4}-\d\d-\d\d$/.test(asked.get('day') ?? '') && !Number.isNaN(Date.parse(asked.get('day') ?? '')) ? /** @type {string} */ (asked.get('day')) : dayOf(Date.now());
/** @typedef {'month'|'week'|'tonight'} Span */
let span = /** @type {Span} */ (['week', 'tonight'].find((one) => one === asked.get('view')) ?? 'month');
/** The cell with the keyboard focus: row and day. */
let [row, column] = [0, 0];
/** The unit and days last scrolled into view. */
let seen = '';

/** The first and last visible day. @returns {[string, string]} */
function range() {
  const at = midnight(anchor);
  if (span === 'week') {
    const first = at - ((new Date(at + 8 * HOUR).getUTCDay() + 6) % 7) * DAY;
    return [dayOf(first), dayOf(first + 6 * DAY)];
  }
  const first = midnight(anchor.slice(0, 8) + '01');
  const next = dayOf(first + 31 * DAY).slice(0, 8) + '01';
  return [dayOf(first), dayOf(midnight(next) - DAY)];
}

async function load() {
  const [from, to] = range();
  const unit = unitBox.value || asked.get('unit');
  const answer = await api(`/api/roster?from=${from}&to=${to}${unit ? '&unit=' + encodeURIComponent(unit) : ''}`);
  if ('refused' in answer) {
    toast(answer.refused, 'bad');
    return;
  }
  view = answer.value;
  if (unitBox.options.length !== view.units.length) unitBox.replaceChildren(...view.units.map((one) => h('option', { value: one }, unitName(one))));
  unitBox.value = view.unit;
  history.replaceState(null, '', `?unit=${encodeURIComponent(view.unit)}&view=${span}&day=${anchor}`);
  grid.dataset.span = span;
  draw();
  showToday();
  const whole = span === 'tonight';
  $('night').hidden = !whole;
  for (const part of document.querySelectorAll('.of-unit')) part.toggleAttribute('hidden', whole);
  if (whole) await showNight($('night'));
  showActs(view, range(), load);
  if (view.mayEdit) drawPatterns(view, range(), load);
}

const days = () => {
  const list = [];
  for (let at = midnight(view.from); at <= midnight(view.to); at += DAY) list.push(dayOf(at));
  return list;
};

/** Whether something overlaps a day. @param {{from: string, until?: string|null}} one @param {string} day */
const touches = (one, day) => Date.parse(one.from) < midnight(day) + DAY && (!one.until || Date.parse(one.until) > midnight(day));

/** The posts that get a row in this unit's table: its own, and those on standby for it. */
const rows = () => view.posts.filter((post) => post.unit === view.unit || view.shifts.some((shift) => shift.post === post.id && shift.standby));

/** The shifts of a post that begin on a day; round-the-clock duty appears on every day. @param {RosterPost} post @param {string} day */
const shiftsOf = (post, day) => view.shifts.filter((shift) => shift.post === post.id && (post.unit === view.unit || shift.standby) && (shift.until ? dayOf(Date.parse(shift.from)) === day : touches(shift, day)));

/** When a shift begins and ends. A usual night, 20:00–08:00, needs no date; an end that could be mistaken for the same day gets its own. @param {RosterShift} shift */
function shiftWords(shift) {
  if (!shift.until) return w('ui.roster.allDay');
  const [from, until] = [Date.parse(shift.from), Date.parse(shift.until)];
  const days = Math.round((midnight(dayOf(until)) - midnight(dayOf(from))) / DAY);
  const [begin, end] = [timeOf(from), timeOf(until)];
  if (days === 0 || (days === 1 && end <= begin)) return `${begin}–\u200b${end}`; // a narrow cell breaks it after the dash
  return days === 1 ? w('ui.roster.nextDay', begin, end) : `${begin}–${wall(until)}`;
}

function draw() {
  const list = days();
  const today = dayOf(Date.parse(view.now));
  $('span').textContent = `${view.from} – ${view.to}`;
  const free = new Set(view.freeDays);
  const head = h('tr', { role: 'row' }, h('th', { scope: 'col', role: 'columnheader' }, w('ui.roster.who')), ...list.map((day) =>
    h('th', { scope: 'col', role: 'columnheader', class: [free.has(day) && 'free', day === today && 'now'].filter(Boolean).join(' '), title: free.has(day) ? w('ui.roster.free') : null },
      span === 'month' && !day.endsWith('-01') ? String(Number(day.slice(8))) : `${Number(day.slice(5, 7))}/${Number(day.slice(8))}`, h('br', null), weekday.format(midnight(day)))));
  const people = rows();
  row = Math.min(row, Math.max(0, people.length - 1));
  column = Math.min(column, list.length - 1);
  grid.replaceChildren(h('thead', { role: 'rowgroup' }, head), h('tbody', { role: 'rowgroup' }, gapRow(list), ...people.map((post, r) => h('tr', { role: 'row' },
    h('th', { scope: 'row', role: 'rowheader' }, postName(post)), ...list.map((day, c) => cell(post, day, r, c, free.has(day)))))));
  grid.setAttribute('aria-rowcount', String(people.length + 2));
  const open = view.gaps.filter((gap) => !gap.fallback);
  $('alarm').hidden = open.length === 0;
  $('alarm-list').replaceChildren(...open.slice(0, 12).map((gap) => h('li.gap-line', null, gapWords(gap))));
}

/** A month is wider than most screens: scrolls today next to the names, once per unit and month. */
function showToday() {
  const now = /** @type {HTMLElement|null} */ (grid.querySelector('th.now'));
  const sight = view.unit + view.from + view.to;
  if (sight === seen) return;
  seen = sight;
  $('scroll').scrollLeft = !now ? 0 : now.offsetLeft - 2 * now.offsetWidth - (now.parentElement?.firstElementChild?.clientWidth ?? 0);
}

/** Gaps by day, in red. @param {string[]} list */
function gapRow(list) {
  return h('tr.gap-row', { role: 'row' }, h('th', { scope: 'row', role: 'rowheader' }, w('ui.roster.gaps')), ...list.map((day) => {
    const hours = [0, 0];
    let first = '';
    for (const gap of view.gaps.filter((one) => touches(one, day))) {
      const from = Math.max(Date.parse(gap.from), midnight(day));
      hours[Number(gap.fallback)] += Math.round((Math.min(Date.parse(gap.until), midnight(day) + DAY) - from) / HOUR);
      if (!gap.fallback) first ||= timeOf(from);
    }
    if (hours[0] > 0) return h('td.gap', { role: 'gridcell', 'data-gap': day, title: w('ui.roster.gapFrom', first, hours[0]) }, w('ui.roster.gapHours', hours[0]));
    return hours[1] > 0 ? h('td.gap.fallback', { role: 'gridcell' }, w('ui.roster.fallback', hours[1])) : h('td', { role: 'gridcell' });
  }));
}

/** @param {RosterPost} post @param {string} day @param {number} r @param {number} c @param {boolean} free */
function cell(post, day, r, c, free) {
  const shifts = shiftsOf(post, day);
  const leave = view.absences.find((one) => one.post === post.id && touches(one, day));
  const words = [...shifts.map(shiftWords), leave ? w('ui.roster.leave.' + leave.kind) : ''].filter(Boolean);
  return h('td', { role: 'gridcell', class: free ? 'free' : null, 'aria-readonly': view.mayEdit ? null : 'true' }, h('button.cell', {
    type: 'button', tabindex: r === row && c === column ? 0 : -1, 'data-row': r, 'data-column': c, 'data-post': post.id, 'data-day': day,
    'aria-label': w('ui.roster.cell', postName(post), day, words.join(', ') || w('ui.roster.nothing')),
  }, ...shifts.map((shift) => h('span.shift' + (shift.fixed ? '.fixed' : '') + (shift.standby ? '.standby' : ''), { title: shift.standby ? w('ui.roster.standby') : null }, shiftWords(shift) + (shift.standby ? ' ' + w('ui.roster.standbyMark') : ''))),
  leave && h('span.shift.leave', null, w('ui.roster.leave.' + leave.kind))));
}

/** @param {number} r @param {number} c */
function moveTo(r, c) {
  const next = /** @type {HTMLElement|null} */ (grid.querySelector(`[data-row="${r}"][data-column="${c}"]`));
  if (!next) return;
  grid.querySelector('.cell[tabindex="0"]')?.setAttribute('tabindex', '-1');
  next.tabIndex = 0;
  next.focus();
  [row, column] = [r, c];
}

/** Restores the keyboard focus after an edit. */
async function again() {
  await load();
  moveTo(row, column);
}

/** @param {RosterPost} post @param {string} day */
async function edit(post, day) {
  const shifts = shiftsOf(post, day).filter((shift) => shift.until && Date.parse(shift.until) > Date.now());
  let shift = shifts[0];
  if (shifts.length > 1) {
    const which = await ask(w('ui.roster.changeFor', postName(post)), w('ui.roster.change'), [selectField('id', w('ui.roster.which'), [...shifts.map((one) => ({ value: String(one.id), text: spanOf(one) })), { value: '', text: w('ui.roster.newOne') }].filter((one) => one.value))], async (said) => ({ value: said }));
    if (!which) return;
    shift = shifts.find((one) => String(one.id) === which.id) ?? shift;
  }
  const done = shift ? await change(post, shift) : await add(post, day);
  if (done) {
    toast(w('ui.roster.done'), 'ok');
    await again();
  }
}

/**
 * Warns while a shift is entered that the post already has one then. The server refuses it in any case.
 * @param {import('../../js/kernel/forms.js').Field[]} times its beginning and end @param {() => string} post @param {number} [but] the shift that is changed @returns {import('../../js/kernel/forms.js').Field}
 */
function overlapNote(times, post, but) {
  const note = h('p.wait-box', { role: 'status', hidden: true });
  const look = () => {
    const said = Object.assign({}, ...times.map((field) => field.read()));
    const [from, until] = [Date.parse(String(said.from)), Date.parse(String(said.until))];
    const other = view.shifts.find((shift) => shift.post === post() && shift.id !== but && shift.until && Date.parse(shift.from) < until && Date.parse(shift.until) > from);
    note.hidden = !other && until > from;
    note.textContent = other ? w('ui.roster.overlaps', spanOf(other)) : w('ui.roster.endsFirst');
  };
  for (const field of times) for (const node of field.nodes) node.addEventListener('input', look);
  look();
  return { nodes: [note], read: () => ({}) };
}

/** @param {RosterPost} post @param {string} day */
function add(post, day) {
  const from = midnight(day) + 8 * HOUR;
  const standby = choiceField('standby', w('ui.roster.kind'), [{ value: 'no', text: w('ui.roster.regular') }, { value: 'yes', text: w('ui.roster.asStandby') }], (value) => value === 'yes');
  standby.inputs[Number(post.unit !== view.unit)].checked = true;
  const times = [instantField('from', w('ui.roster.from'), from), instantField('until', w('ui.roster.until'), from + 12 * HOUR)];
  return ask(w('ui.roster.addFor', postName(post)), w('ui.roster.save'), [...times, overlapNote(times, () => post.id), standby],
    (said) => api('/api/roster/shifts', { ...said, post: post.id }));
}

/** @param {RosterPost} post @param {RosterShift} shift */
function change(post, shift) {
  const fields = [instantField('from', w('ui.roster.from'), Date.parse(shift.from)), instantField('until', w('ui.roster.until'), Date.parse(/** @type {string} */ (shift.until)))];
  const others = view.posts.filter((one) => one.unit === post.unit && one.id !== post.id);
  const given = selectField('post', w('ui.roster.givenTo'), others.map((one) => ({ value: one.id, text: postName(one) })), postName(post), false);
  return ask(w('ui.roster.changeFor', postName(post)), w('ui.roster.save'), [...fields, overlapNote(fields, () => post.id, shift.id), given], (said) => api(`/api/roster/shifts/${shift.id}/change`, { ...said, version: shift.version }));
}

/** @param {RosterPost} post @param {string} day */
async function remove(post, day) {
  const shift = shiftsOf(post, day).find((one) => one.until && Date.parse(one.until) > Date.now());
  if (!shift) return;
  const sure = await ask(w('ui.roster.remove'), w('ui.roster.remove'), [sentence(w('ui.roster.removeFor', postName(post), spanOf(shift)))], () => api(`/api/roster/shifts/${shift.id}/remove`, { version: shift.version }));
  if (!sure) return;
  toast(w('ui.roster.removed'), 'ok');
  await again();
}

/** @param {number} by */
async function page(by) {
  const [from, to] = range();
  anchor = dayOf(by > 0 ? midnight(to) + DAY : midnight(from) - DAY);
  await load();
  say($('span').textContent ?? '');
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || target.closest('dialog') || target.matches('input, select, textarea')) return;
  if (event.key === '[' || event.key === ']') page(event.key === ']' ? 1 : -1);
  else if (target.matches('.cell')) {
    /** @type {Record<string, [number, number]>} */
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const step = steps[event.key];
    if (step) moveTo(row + step[0], column + step[1]);
    else if (event.key === 'Home') moveTo(row, 0);
    else if (event.key === 'End') moveTo(row, days().length - 1);
    else if (event.key === 'Delete' && view.mayEdit) remove(postOf(target), target.dataset.day ?? '');
    else return;
  } else return;
  event.preventDefault();
}

/** @param {HTMLElement} target @returns {RosterPost} */
const postOf = (target) => /** @type {RosterPost} */ (view.posts.find((post) => post.id === target.dataset.post));

grid.addEventListener('click', (event) => {
  const target = /** @type {HTMLElement|null} */ (/** @type {HTMLElement} */ (event.target).closest('.cell'));
  if (!target) return;
  moveTo(Number(target.dataset.row), Number(target.dataset.column));
  if (view.mayEdit) edit(postOf(target), target.dataset.day ?? '');
});
document.addEventListener('keydown', onKey);
unitBox.addEventListener('change', load);
for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('input[name="view"]'))) {
  input.checked = input.value === span;
  input.addEventListener('change', () => { span = /** @type {Span} */ (input.value); load(); });
}
$('prev').addEventListener('click', () => page(-1));
$('next').addEventListener('click', () => page(1));
$('today').addEventListener('click', () => { anchor = dayOf(Date.now()); load(); });
document.getElementById('history')?.addEventListener('toggle', () => showHistory(view));

await loadStreet();
await load();
await showMine(load);
