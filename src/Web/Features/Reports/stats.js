// Statistics for a range of days: each figure names its window and formula, comes as a chart, a table and a file, and links to its rows.

import { day, fromAddress, shareWords, to, toAddress } from '../../js/kernel/ask.js';
import { BINS, LEVELS, answers, arrivals, draw, minutes, rates } from './charts.js';
import { read } from '../../js/kernel/client.js';
import { span, when } from '../../js/case/clock.js';
import { $, setText } from '../../js/kernel/dom.js';
import { html, nothing, render, svg } from '../../lib/lit/lit.js';
import { insist } from '../../js/case/link.js';
import { loadStreet } from '../../js/kernel/street.js';
import { chinese, w } from '../../js/kernel/words.js';

/** @typedef {import('../../js/contracts.js').RatesView} RatesView */
/** @typedef {import('../../js/contracts.js').RatesLine} RatesLine */
/** @typedef {import('../../js/contracts.js').RateView} RateView */
/** @typedef {import('../../js/contracts.js').StatsView} StatsView */

const KINDS = /** @type {const} */ (['accept', 'arrive', 'resolve']);
const RATES = /** @type {const} */ (['response', 'solved', 'satisfied', 'resolvedOnTime', 'callback', 'firstTeam', 'returned', 'redone']);
const PARTS = /** @type {const} */ (['reach', 'human', 'department', 'pause']);
const MOST_GROUPS = 18;
const form = /** @type {HTMLFormElement} */ ($('filters'));

/** @param {{name: string, nameEn: string}} one */
const named = (one) => (chinese ? one.name : one.nameEn);

/** @param {RateView} rate */
const percent = (rate) => (rate.value === null || rate.value === undefined ? '–' : (rate.value * 100).toFixed(1) + ' %');

/** @param {RateView} rate */
const interval = (rate) => (rate.value === null || rate.value === undefined ? w('ui.stats.nothing') : w('ui.stats.interval', (/** @type {number} */ (rate.low) * 100).toFixed(0), (/** @type {number} */ (rate.high) * 100).toFixed(0), rate.of));

/** The rate and its interval on a line from 0 to 1. @param {RateView} rate */
const whisker = (rate) => html`<svg class="whisker" viewBox="0 0 200 10" preserveAspectRatio="none" width="100%" aria-hidden="true"><line x1="0" y1="5" x2="200" y2="5"></line>${typeof rate.value === 'number'
  ? svg`<line class="span" x1=${200 * Number(rate.low)} y1="5" x2=${200 * Number(rate.high)} y2="5"></line><line class="span" x1=${200 * rate.value - 1.5} y1="0" x2=${200 * rate.value + 1.5} y2="0"></line>` : nothing}</svg>`;

/** The rows behind figures of these days. @param {{from: string, to: string}} days @param {Record<string, string|number>} [more] */
const rows = (days, more = {}) => to('/history', { from: days.from, to: days.to, valid: 1, ...more });

/** The rows that a figure of the street counts. @param {typeof RATES[number]|'cases'|'breached'} rate @param {{from: string, to: string}} days @param {Record<string, string>} [more] */
const behind = (rate, days, more = {}) => to('/history', { from: days.from, to: days.to, rate, ...more });

/** What a figure was in as many days before. @param {RateView|undefined} now @param {RateView|undefined} then */
function before(now, then) {
  if (typeof then?.value !== 'number') return w('ui.stats.beforeNone');
  return typeof now?.value === 'number' ? w('ui.stats.beforeBy', percent(then), signed((now.value - then.value) * 100)) : w('ui.stats.before', percent(then));
}

/** @param {number} points */
const signed = (points) => (points > 0 ? '+' : points < 0 ? '−' : '±') + Math.abs(points).toFixed(1);

/** @param {RatesLine|undefined} street @param {RatesView} view @param {RatesLine|undefined} earlier @param {RatesView} past */
function showRates(street, view, earlier, past) {
  if (!street) {
    render(html`<p class="empty">${w('ui.desk.empty')}</p>`, $('rates'));
    return;
  }
  const score = typeof street.score.value === 'number' ? w('ui.stats.score', street.score.value.toFixed(1), Number(street.score.low).toFixed(0), Number(street.score.high).toFixed(0)) : w('ui.stats.noScore');
  render(html`<p>${score} <span class="formula">${w('ui.stats.scoreFormula')}</span> · <a href=${behind('cases', view)}>${w('ui.stats.cases', street.cases)}</a> <a class="soft" id="before" href=${behind('cases', past)}>${w('ui.stats.beforeCases', past.from, past.to, earlier?.cases ?? 0)}</a> · <a href=${behind('breached', view)}>${w('ui.stats.breached', street.breached)}</a></p>
    <div class="rates">${RATES.map((name) => html`<a class="rate" href=${behind(name, view)} data-rate=${name}><span>${w('ui.rate.' + name)}</span><b>${percent(street[name])}</b>${whisker(street[name])}<small>${interval(street[name])}</small><small class="before">${before(street[name], earlier?.[name])}</small><small>${w('ui.formula.' + name)}</small></a>`)}</div>`, $('rates'));
}

/** @param {unknown[]} head @param {unknown} body */
const table = (head, body) => html`<table><thead><tr>${head.map((one, i) => html`<th scope="col" class=${i > 0 ? 'n' : ''}>${one}</th>`)}</tr></thead><tbody>${body}</tbody></table>`;

/** @param {RatesView} view @param {string} by */
function showGroups(view, by) {
  const filter = by === 'day' ? null : by;
  const link = (/** @type {RatesLine} */ group) => (by === 'day' ? behind('cases', { from: group.code, to: group.code }) : by === 'source' ? (group.code === 'unrecorded' ? null : behind('cases', view, { source: group.code })) : /[:a-z]/.test(group.code) ? null : behind('cases', view, { [String(filter)]: group.code }));
  const shown = [...view.groups].sort((a, b) => (by === 'day' ? a.code.localeCompare(b.code) : b.cases - a.cases)).slice(0, MOST_GROUPS);
  draw('groups-plot', () => rates(shown, named), (point) => link(shown[point.value[0]]), shown.length);
  render(table([w('ui.stats.by.' + by), w('ui.stats.casesShort'), ...RATES.map((name) => w('ui.rate.' + name))], view.groups.map((group) => {
    const href = link(group);
    return html`<tr><th scope="row">${href ? html`<a href=${href}>${named(group)}</a>` : named(group)}</th><td class="n">${group.cases}</td>${RATES.map((name) => html`<td class="n">${percent(group[name])}<br><span class="soft">${interval(group[name])}</span></td>`)}</tr>`;
  })), $('groups-table'));
  /** @type {HTMLAnchorElement} */ ($('groups-csv')).href = to('/api/rates.csv', { from: view.from, to: view.to, by });
}

/** @param {RatesView} view by category */
function showMinutes(view) {
  const all = (/** @type {RatesLine} */ group) => PARTS.reduce((sum, part) => sum + group.time[part], 0);
  const shown = [...view.groups].sort((a, b) => all(b) - all(a)).slice(0, MOST_GROUPS);
  draw('minutes-plot', () => minutes(shown, named), (point) => behind('cases', view, { category: shown[point.dataIndex].code }), shown.length);
  render(table([w('ui.stats.by.category'), ...PARTS.map((part) => w('ui.part.' + part))], view.groups.map((group) => html`<tr><th scope="row"><a href=${behind('cases', view, { category: group.code })}>${named(group)}</a></th>${PARTS.map((part) => html`<td class="n">${group.time[part] > 0 ? span(group.time[part] * 1_000) : '–'}</td>`)}</tr>`)), $('minutes-table'));
  /** @type {HTMLAnchorElement} */ ($('minutes-csv')).href = to('/api/rates.csv', { from: view.from, to: view.to, by: 'category' });
}

/** @param {StatsView} view */
function showArrivals(view) {
  draw('arrivals-plot', () => arrivals(view.arrivals, named), (point) => rows(view, { category: view.arrivals[point.value[1]].category, hour: point.value[0] }), view.arrivals.length);
  render(table([w('ui.stats.by.category'), ...Array.from({ length: 24 }, (_, hour) => String(hour))], view.arrivals.map((one) => html`<tr><th scope="row">${named(one)}</th>${one.hours.map((count, hour) => html`<td class="n">${count > 0 ? html`<a href=${rows(view, { category: one.category, hour })}>${count}</a>` : '0'}</td>`)}</tr>`)), $('arrivals-table'));
  /** @type {HTMLAnchorElement} */ ($('arrivals-csv')).href = to('/api/stats.csv', { from: view.from, to: view.to, table: 'arrivals' });
}

/** @param {StatsView} view */
function showAnswers(view) {
  const box = $('answers-plot');
  for (const kind of KINDS) {
    if (!document.getElementById('answers-' + kind)) {
      const part = document.createElement('div');
      part.className = 'plot-third';
      part.innerHTML = '<h3></h3><div class="plot"></div>';
      /** @type {HTMLElement} */ (part.firstElementChild).textContent = w('ui.step.' + kind);
      /** @type {HTMLElement} */ (part.lastElementChild).id = 'answers-' + kind;
      box.append(part);
    }
    const lines = view.answers.filter((one) => one.kind === kind);
    draw('answers-' + kind, () => answers(lines), (point) => rows(view, { answer: kind, share: point.dataIndex, level: LEVELS[point.seriesIndex] }));
  }
  const took = (/** @type {number|null|undefined} */ seconds) => (typeof seconds === 'number' ? span(seconds * 1_000) : '–');
  render(table([w('ui.stats.answer'), w('ui.column.level'), ...['met', 'late', 'owed', 'p50', 'p90', 'p99', 'limitMedian'].map((name) => w('ui.stats.' + name)), ...Array.from({ length: BINS }, (_, bin) => shareWords(bin))],
    view.answers.map((one) => html`<tr><th scope="row">${w('ui.step.' + one.kind)}</th><td class="n">${w('ui.level.' + one.level)}</td><td class="n"><a href=${rows(view, { answer: one.kind, level: one.level })}>${one.met}</a></td>
      <td class="n"><a href=${rows(view, { late: one.kind, level: one.level })}>${one.late}</a></td><td class="n">${one.owed}</td>${[one.p50, one.p90, one.p99, one.limit].map((seconds) => html`<td class="n">${took(seconds)}</td>`)}
      ${one.bins.map((count, share) => html`<td class="n">${count > 0 ? html`<a href=${rows(view, { answer: one.kind, share, level: one.level })}>${count}</a>` : '0'}</td>`)}</tr>`)), $('answers-table'));
  /** @type {HTMLAnchorElement} */ ($('answers-csv')).href = to('/api/stats.csv', { from: view.from, to: view.to, table: 'answers' });
}

/** @typedef {{from: string, to: string}} Days */

const A_DAY = 86_400_000;

/** @param {string} date @param {number} days */
const shift = (date, days) => new Date(Date.parse(date) + days * A_DAY).toISOString().slice(0, 10);

/** As many days, up to the day before these. @param {Days} days @returns {Days} */
const daysBefore = ({ from, to: last }) => ({ from: shift(from, -1 - Math.round((Date.parse(last) - Date.parse(from)) / A_DAY)), to: shift(from, -1) });

/** The days that are usually asked for, in the street's time zone. @type {Record<string, () => Days>} */
const PRESETS = {
  today: () => ({ from: day(), to: day() }),
  week: () => ({ from: day(-6), to: day() }),
  month: () => ({ from: day(-29), to: day() }),
  thisMonth: () => ({ from: day().slice(0, 8) + '01', to: day() }),
  lastMonth: () => {
    const last = shift(day().slice(0, 8) + '01', -1);
    return { from: last.slice(0, 8) + '01', to: last };
  },
};

/** @param {Days} days */
function showPreset(days) {
  for (const button of $('presets').children) {
    const { from, to: last } = PRESETS[/** @type {HTMLElement} */ (button).dataset.days ?? '']();
    button.setAttribute('aria-pressed', String(from === days.from && last === days.to));
  }
}

/** @param {Days} days */
function choose(days) {
  for (const [name, value] of Object.entries(days)) /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value = value;
  show();
}

async function show() {
  const asked = Object.fromEntries(toAddress(form));
  const days = { from: asked.from, to: asked.to };
  showPreset(days);
  const [street, past, groups, categories, stats] = await Promise.all([
    read(to('/api/rates', days)), read(to('/api/rates', daysBefore(days))), read(to('/api/rates', { ...days, by: asked.by })), read(to('/api/rates', { ...days, by: 'category' })), read(to('/api/stats', days))]);
  for (const answer of [street, past, groups, categories, stats]) {
    if (!('problem' in answer)) continue;
    render(html`<p class="error-box" role="alert">${answer.problem}</p>`, $('rates'));
    setText($('window'), '');
    return;
  }
  const [{ value: all }, { value: earlier }, { value: by }, { value: of }, { value: times }] = /** @type {{value: any}[]} */ ([street, past, groups, categories, stats]);
  setText($('window'), w('ui.stats.window', all.from, all.to, when(all.asOf, Date.parse(all.asOf))));
  showRates(all.groups[0], all, earlier.groups[0], earlier);
  showGroups(by, by.by);
  showArrivals(times);
  showAnswers(times);
  showMinutes(of);
}

async function start() {
  await insist(loadStreet);
  fromAddress(form, { from: day(-6), to: day(), by: 'community' });
  form.addEventListener('submit', (event) => { event.preventDefault(); show(); });
  form.addEventListener('change', show);
  $('presets').addEventListener('click', (event) => {
    const asked = /** @type {HTMLElement} */ (event.target).dataset.days;
    if (asked) choose(PRESETS[asked]());
  });
  await show();
}

await start();
