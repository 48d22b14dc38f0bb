// Whom a call-out is for: the whole street or some places, everybody there or some kinds of post.

import { h } from '../../js/kernel/dom.js';
import { choiceField, inputField } from '../../js/kernel/forms.js';
import { nameOf, w, wordOf } from '../../js/kernel/words.js';
import { street } from '../../js/kernel/street.js';

const KINDS = ['gridWorker', 'property', 'buildingHead', 'police', 'communityDesk', 'streetDesk', 'leader'];

/** @param {string} legend @param {{code: string, text: string}[]} options */
function boxes(legend, options) {
  const inputs = options.map(({ code }) => /** @type {HTMLInputElement} */ (h('input', { type: 'checkbox', value: code })));
  return {
    box: h('fieldset.callout-boxes', null, h('legend', null, legend), ...options.map(({ text }, i) => h('label.check', null, inputs[i], ' ', text))),
    chosen: () => inputs.filter((input) => input.checked).map((input) => input.value),
  };
}

/** Codes with blanks or commas between them. @param {unknown} text */
const codesIn = (text) => String(text ?? '').split(/[\s,;\uff0c\u3001\uff1b]+/).filter(Boolean);

/** @returns {{nodes: Node[], read: () => import('../../js/contracts.js').CalloutChoice}} */
export function placesField() {
  const who = choiceField('who', w('ui.callout.who'), [{ value: 'all', text: w('ui.callout.everybody') }, { value: 'some', text: w('ui.callout.places') }]);
  who.inputs[0].checked = true;
  const communities = boxes(w('ui.callout.communities'), street.communities.map((one) => ({ code: one.code, text: nameOf(one) })));
  const teams = inputField('teams', w('ui.callout.teams'), { placeholder: '01 02' });
  const grids = inputField('grids', w('ui.callout.grids'), { placeholder: '001 002' });
  const kinds = boxes(w('ui.callout.kinds'), KINDS.map((code) => ({ code, text: wordOf('post.', code) })));
  const some = h('div.callout-places', { hidden: true }, communities.box, h('div.row-wrap', null, ...[teams, grids].map((field) => h('div.ask-field', null, ...field.nodes))));
  who.group.addEventListener('change', () => { some.hidden = !who.inputs[1].checked; });
  return {
    nodes: [h('div.ask-field', null, ...who.nodes), some, kinds.box],
    read: () => ({
      kinds: kinds.chosen(),
      ...(who.inputs[1].checked ? { communities: communities.chosen(), teams: codesIn(teams.read().teams), grids: codesIn(grids.read().grids) } : { communities: [], teams: [], grids: [] }),
    }),
  };
}
