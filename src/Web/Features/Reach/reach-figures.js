// On the page of figures: who was reached beyond the pages in the last 30 days, by what and how fast.

import { span } from '../../js/case/clock.js';
import { read } from '../../js/kernel/client.js';
import { $, h } from '../../js/kernel/dom.js';
import { loadStreet, teamName } from '../../js/kernel/street.js';
import { w, wordOf } from '../../js/kernel/words.js';

/** @typedef {import('../../js/contracts.js').ReachFigures} ReachFigures */

/** @param {number|null} seconds */
const took = (seconds) => (seconds === null ? w('ui.unknown') : span(seconds * 1_000));

/** @param {number} part @param {number} of */
const share = (part, of) => (of === 0 ? w('ui.unknown') : `${part} / ${of}`);

/** @param {string} title @param {string[]} heads @param {(string|number)[][]} rows */
const table = (title, heads, rows) => h('div', null, h('h3', null, title), rows.length === 0 ? h('p.soft', null, w('ui.reached.none'))
  : h('div.table', { tabindex: 0, role: 'group', 'aria-label': title }, h('table', null, h('thead', null, h('tr', null, ...heads.map((head) => h('th', { scope: 'col' }, head)))),
    h('tbody', null, ...rows.map(([first, ...rest]) => h('tr', null, h('th', { scope: 'row' }, String(first)), ...rest.map((cell) => h('td', null, String(cell)))))))));

/** @param {ReachFigures} figures */
const tables = ({ channels, answers, teams }) => [
  table(w('ui.reached.channels'), ['ui.reached.by', 'ui.reached.sent', 'ui.reached.noNumber', 'ui.reached.failed', 'ui.reached.first', 'ui.reached.p90'].map((key) => w(key)),
    channels.map((one) => [wordOf('ui.by.', one.by), share(one.sent, one.called), one.noNumber, one.failed, took(one.medianSeconds), took(one.p90Seconds)])),
  table(w('ui.reached.answers'), ['ui.reached.via', 'ui.reached.accepted', 'ui.reached.median', 'ui.reached.p90'].map((key) => w(key)),
    answers.map((one) => [one.via === 'page' ? w('ui.reached.page') : wordOf('ui.via.', one.via), one.accepted, took(one.medianSeconds), took(one.p90Seconds)])),
  table(w('ui.reached.teams'), ['ui.reached.team', 'ui.reached.cases', 'ui.reached.firstSent'].map((key) => w(key)),
    [...teams].sort((a, b) => a.reached / a.called - b.reached / b.called).map((one) => [teamName(one.team), share(one.reached, one.called), took(one.firstSeconds)])),
];

await loadStreet().catch(() => {});
const answer = await read('/api/reach/figures');
$('reached-tables').replaceChildren(...('problem' in answer ? [h('p.error-box', { role: 'alert' }, answer.problem)] : tables(answer.value)));
