// Forms of a procedure: its fields as they are filled in, and its values as they are read.

import { choiceField, inputField, wordsField } from '../kernel/forms.js';
import { signatureField } from '../kernel/sign.js';
import { nameOf, w } from '../kernel/words.js';

/** @typedef {import('../contracts.js').FieldView} FieldView */
/** @typedef {import('../contracts.js').FieldValue} FieldValue */
/** @typedef {import('../kernel/forms.js').Field} Field */

/** What an input of each kind looks like, so that what is wrong is seen before it waits for a network; the rest is text. @type {Record<string, Record<string, string>>} */
const INPUTS = { number: { type: 'number', step: 'any', inputmode: 'decimal' }, date: { type: 'date' }, phone: { type: 'tel', inputmode: 'tel' } };

/** @param {FieldView} field */
const labelOf = (field) => (field.required ? nameOf(field) : w('ui.owed.optional', nameOf(field)));

/** What may be chosen. @param {FieldView} field */
const choicesOf = (field) => (field.choices ? field.choices.map((one) => ({ value: one.code, text: nameOf(one) })) : ['yes', 'no'].map((value) => ({ value, text: w('ui.owed.' + value) })));

/** A field to fill in, with what was filled in before. @param {FieldView} field @param {string} [before] @returns {Field} */
export function fieldOf(field, before = '') {
  if (field.kind === 'signature') return signatureField(field.key, labelOf(field), field.max);
  if (field.kind === 'choice' || field.kind === 'yesNo') {
    const choice = choiceField(field.key, labelOf(field), choicesOf(field), undefined, field.required);
    for (const input of choice.inputs) input.checked = input.value === before;
    return choice;
  }
  const made = field.kind === 'longText' ? wordsField(field.key, labelOf(field), { required: field.required, long: field.max > 1000 })
    : inputField(field.key, labelOf(field), { required: field.required, ...(INPUTS[field.kind] ?? { maxlength: field.max }) });
  /** @type {HTMLInputElement} */ (made.nodes[1]).value = before;
  return made;
}

/** The first required field that has no value: its name; null if there is none. @param {readonly FieldView[]} fields @param {Record<string, string>} values */
export const missing = (fields, values) => fields.find((field) => field.required && values[field.key] === undefined) ?? null;

/** What was filled in, in words. @param {FieldView} field @param {string} value */
export function typedOf(field, value) {
  if (field.kind === 'signature') return { name: field.name, nameEn: field.nameEn, value: '✓' };
  return { name: field.name, nameEn: field.nameEn, value: field.kind === 'choice' || field.kind === 'yesNo' ? choicesOf(field).find((one) => one.value === value)?.text ?? value : value };
}

/** A value as its reader sees it; what they may not read is only said to be there. @param {FieldValue} value */
export function valueOf(value) {
  if (value.value === null) return w(value.hidden === 'reason' ? 'ui.owed.hidden' : 'ui.owed.sealed');
  if (value.kind === 'signature') return w('ui.owed.signed');
  if (value.kind === 'yesNo') return w(value.value === 'yes' ? 'ui.owed.yes' : 'ui.owed.no');
  return nameOf({ name: value.value, nameEn: value.valueEn ?? undefined });
}
