// On pages about something else: gaps in red, with a link to the roster; and, while the reader is off duty, why there are no commands.

import { $, h, say, setText } from '../../js/kernel/dom.js';
import { api, wall } from '../../js/kernel/duty.js';
import { w } from '../../js/kernel/words.js';

const LOOK_EVERY = 60_000;

async function look() {
  const answer = await api('/api/duty/gaps');
  if ('refused' in answer) return; // the page reports itself when it is disconnected
  const { asOf, gaps } = /** @type {import('../../js/contracts.js').DutyGaps} */ (answer.value);
  const alarm = $('gap-alarm');
  alarm.hidden = gaps.length === 0;
  if (gaps.length === 0) return;
  const before = alarm.textContent;
  setText(alarm, `${w('ui.duty.gapAlarm', new Set(gaps.map((gap) => gap.unit)).size)} · ${Date.parse(gaps[0].from) <= Date.parse(asOf) ? w('ui.duty.gapNow') : w('ui.duty.gapNext', wall(gaps[0].from))}`);
  if (alarm.textContent !== before) say(alarm.textContent ?? '', true);
}

const away = h('a.gap-alarm.off-duty', { id: 'off-duty', href: '/duty/start', title: w('ui.duty.awayHelp'), hidden: true }, w('ui.duty.away'));
$('gap-alarm').before(away);

async function lookAtDuty() {
  const answer = await api('/api/me');
  if ('refused' in answer) return;
  const before = away.hidden;
  away.hidden = !answer.value.post || answer.value.onDuty;
  if (before && !away.hidden) say(w('ui.duty.awayHelp'), true);
}

await Promise.all([look(), lookAtDuty()]);
setInterval(lookAtDuty, LOOK_EVERY);
setInterval(look, LOOK_EVERY);
