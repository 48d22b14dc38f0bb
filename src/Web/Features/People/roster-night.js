// Who is on duty until tomorrow morning in every unit that the reader manages; units without anyone come first, in red.

import { h } from '../../js/kernel/dom.js';
import { api, postName, unitName, wall } from '../../js/kernel/duty.js';
import { w } from '../../js/kernel/words.js';

/** @typedef {import('../../js/contracts.js').RosterNight} RosterNight */

/** @param {HTMLElement} box */
export async function showNight(box) {
  const answer = await api('/api/roster/tonight');
  if ('refused' in answer) {
    box.replaceChildren(h('p.error-box', { role: 'alert' }, answer.refused));
    return;
  }
  const night = /** @type {RosterNight} */ (answer.value);
  const posts = new Map(night.posts.map((post) => [post.id, post]));
  const bare = (/** @type {import('../../js/contracts.js').RosterNightUnit} */ unit) => unit.gaps.some((gap) => !gap.fallback);
  const lines = [...night.units].sort((a, b) => Number(bare(b)) - Number(bare(a)));
  box.replaceChildren(
    h('p', null, w('ui.roster.nightOf', wall(night.from), wall(night.until)), ' ', h('b', { class: lines.some(bare) ? 'late-text' : null }, w('ui.roster.nightGaps', lines.filter(bare).length, lines.length))),
    h('div.table', { tabindex: 0, role: 'group', 'aria-label': w('ui.roster.tonight') }, h('table', null,
      h('thead', null, h('tr', null, ...['unit', 'who', 'gaps'].map((column) => h('th', { scope: 'col' }, w('ui.roster.' + column))))),
      h('tbody', null, ...lines.map((unit) => h('tr', { 'data-unit': unit.unit }, h('th', { scope: 'row' }, h('a', { href: '?unit=' + encodeURIComponent(unit.unit) + '&view=week' }, unitName(unit.unit))),
        h('td', null, unit.shifts.map((shift) => {
          const post = posts.get(shift.post);
          const times = shift.until ? `${wall(shift.from)}–${wall(shift.until)}` : w('ui.roster.allDay');
          return `${post ? postName(post) : shift.post} ${times}${shift.standby ? ' ' + w('ui.roster.standbyMark') : ''}`;
        }).join(w('ui.and')) || w('ui.roster.nothing')),
        h('td', { class: bare(unit) ? 'nowrap late-text' : 'nowrap' }, unit.gaps.map((gap) => `${wall(gap.from)}–${wall(gap.until)}${gap.fallback ? ' ' + w('ui.roster.standby') : ''}`).join(w('ui.and')) || w('ui.roster.noGap'))))))));
}
