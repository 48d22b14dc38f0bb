// The gap alarm on pages about something else: red, with a link to the roster.

import { $, say, setText } from '../../js/kernel/dom.js';
import { api, wall } from '../../js/kernel/duty.js';
import { w } from '../../js/kernel/words.js';

const LOOK_EVERY = 60_000;

async function look() {
  const answer = await api('/api/duty/gaps');
  if ('refused' in answer) return; // the page reports itself when it is disconnected
  const { gaps } = /** @type {import('../../js/contracts.js').DutyGaps} */ (answer.value);
  const alarm = $('gap-alarm');
  alarm.hidden = gaps.length === 0;
  if (gaps.length === 0) return;
  const before = alarm.textContent;
  setText(alarm, `${w('ui.duty.gapAlarm', new Set(gaps.map((gap) => gap.unit)).size)} · ${w('ui.duty.gapNext', wall(gaps[0].from))}`);
  if (alarm.textContent !== before) say(alarm.textContent ?? '', true);
}

await look();
setInterval(look, LOOK_EVERY);
