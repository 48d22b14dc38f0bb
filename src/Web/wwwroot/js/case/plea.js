// What a request asks for, to be read by whoever decides and by everybody on the case.

import { when } from './clock.js';
import { choiceField, inputField } from '../kernel/forms.js';
import { w, wordOf } from '../kernel/words.js';

/** What a request asks for: how long, and until when. @param {import('../contracts.js').PleaView} plea @param {number} now */
export function pleaWords(plea, now) {
  const until = plea.newDue ?? plea.until;
  const end = until ? when(until, now) : w('ui.unknown');
  const asks = plea.kind === 'extension' ? w('ui.plea.extension', Math.round((plea.minutes ?? 0) / 6) / 10, end)
    : plea.kind === 'suspension' ? w('ui.plea.suspension', end) : w('ui.plea.other', wordOf('ui.petition.', plea.kind));
  return `${asks} ${w('ui.plea.decideBy', when(plea.decideBy, now))}`;
}

/**
 * How much longer: a usual extension with the deadline that it makes, or any other. @param {string} label @param {readonly import('../contracts.js').ExtensionView[]|null|undefined} usual @param {number} now
 * @returns {import('../kernel/forms.js').Field}
 */
export function hoursField(label, usual, now) {
  const some = usual ?? [];
  const other = inputField('hours', some.length > 0 ? w('ui.ask.hoursOther') : label, { type: 'number', min: '0.1', max: '8760', step: 'any', required: some.length === 0, inputmode: 'decimal' }, Number);
  if (some.length === 0) return other;
  const chips = choiceField('hours', label, some.map((one) => ({ value: String(one.hours), text: w('ui.plea.hours', one.hours), note: w('ui.plea.newDue', when(one.newDue, now)) })), Number, false);
  const need = () => { other.input.required = !chips.inputs.some((one) => one.checked); };
  other.input.addEventListener('input', () => {
    for (const one of chips.inputs) one.checked = false;
    need();
  });
  chips.group.addEventListener('change', () => {
    other.input.value = '';
    need();
  });
  need();
  return { nodes: [...chips.nodes, ...other.nodes], read: () => (other.input.value ? other.read() : chips.read()) };
}
