// A whole form of a procedure as one field of a dialog, and its values as a list.

import { fieldOf, valueOf } from '../../js/case/fill.js';
import { h, svg } from '../../js/kernel/dom.js';
import { nameOf, w } from '../../js/kernel/words.js';

/** @typedef {import('../../js/contracts.js').FieldValue} FieldValue */
/** @typedef {import('../../js/contracts.js').FieldView} FieldView */

/** Who may read a field later, where that is not everybody here. @param {FieldView} field */
const privacy = (field) => (['caller', 'reason', 'sealed'].includes(field.privacy) ? [h('p.soft', null, w('ui.form.' + field.privacy))] : []);

/** Its value is the request's `form`. @param {import('../../js/contracts.js').FormView|null|undefined} form @returns {import('../../js/kernel/forms.js').Field[]} */
export function formField(form) {
  if (!form) return [];
  const fields = form.fields.map((field) => ({ ...fieldOf(field), more: privacy(field) }));
  return [{
    nodes: fields.map((field) => h('div.ask-field', null, ...field.nodes, ...field.more)),
    read: () => ({ form: Object.fromEntries(fields.flatMap((field) => Object.entries(field.read())).filter(([, value]) => value !== undefined)) }),
  }];
}

/** The values that were filled in; what is hidden says so. @param {readonly FieldValue[]} values */
export const valueList = (values) => h('dl.values', null, ...values.flatMap((value) => [h('dt', null, nameOf(value)), h('dd' + (value.value === null ? '.soft' : '.said'), { 'data-hidden': value.hidden }, shown(value))]));

/** A signature that may be read is drawn. @param {FieldValue} value */
const shown = (value) => (value.kind === 'signature' && value.value !== null
  ? svg('svg', { class: 'sign', viewBox: '0 0 600 240', role: 'img' }, svg('path', { d: value.value, fill: 'none', stroke: 'currentColor', 'stroke-width': 5 })) : valueOf(value));
