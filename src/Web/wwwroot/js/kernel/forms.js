// Dialogs: one question at a time, each field with its label, and a refusal is shown where the question was asked.

import { h } from './dom.js';
import { w } from './words.js';

const LONGEST_WORDS = 1000;
const LONGEST_DESCRIPTION = 2000;
// Choices shorter than this many characters are set side by side, in pairs or in threes; in pairs, a Latin letter is half as wide.
const SHORT = 16;
/** In Chinese characters. @param {string} text */
const widthOf = (text) => text.replace(/[ -~]/g, '').length + text.replace(/[^ -~]/g, '').length / 2;

/** A form field: its elements, its part of a request, what it learns from a refusal, and how it ends. @typedef {{nodes: Node[], read: () => Record<string, unknown>, refused?: (why: import('./client.js').Refusal) => void, over?: () => void}} Field */

let count = 0;
const nextId = () => 'ask-' + ++count;

/** The text of a textarea or an input; undefined if empty. @param {HTMLTextAreaElement|HTMLInputElement|HTMLSelectElement} input */
const filled = (input) => input.value.trim() || undefined;

/** @param {string} name of the request's member @param {string} label @param {{required?: boolean, rows?: number, long?: boolean}} [looks] @returns {Field} */
export function wordsField(name, label, { required = false, rows = 3, long = false } = {}) {
  const id = nextId();
  const input = /** @type {HTMLTextAreaElement} */ (h('textarea', { id, rows, required, maxlength: long ? LONGEST_DESCRIPTION : LONGEST_WORDS }));
  return { nodes: [h('label', { for: id }, label), input], read: () => ({ [name]: filled(input) }) };
}

/**
 * @param {string} name @param {string} label @param {{value: string, text: string, group?: string}[]} options @param {string} [empty] a first, empty choice
 * @param {boolean} [required] @returns {Field}
 */
export function selectField(name, label, options, empty, required = empty === undefined) {
  const id = nextId();
  const select = /** @type {HTMLSelectElement} */ (h('select', { id, required }, empty !== undefined && h('option', { value: '' }, empty)));
  /** @type {Map<string, HTMLElement>} */
  const groups = new Map();
  for (const one of options) {
    const option = h('option', { value: one.value }, one.text);
    if (one.group === undefined) select.append(option);
    else {
      let group = groups.get(one.group);
      if (!group) {
        groups.set(one.group, (group = h('optgroup', { label: one.group })));
        select.append(group);
      }
      group.append(option);
    }
  }
  return { nodes: [h('label', { for: id }, label), select], read: () => ({ [name]: filled(select) }) };
}

/**
 * One of a few choices. @param {string} name @param {string} label @param {{value: string, text: string, note?: string, cells?: string[]}[]} options cells: the columns of a table, told to screen readers by the note
 * @param {(value: string) => unknown} [meaning] what a value becomes in the request @param {boolean} [required] @returns {Field & {group: HTMLElement, inputs: HTMLInputElement[]}}
 */
export function choiceField(name, label, options, meaning = (value) => value, required = true) {
  const group = nextId();
  const inputs = options.map((one) => /** @type {HTMLInputElement} */ (h('input', { type: 'radio', name: group, value: one.value, required, 'aria-label': one.cells && [one.text, one.note].join(' ') })));
  const beside = options.some((one) => one.cells) ? ' table-like' : !options.every((one) => widthOf(one.text) < SHORT) ? '' : options.length % 2 === 0 ? ' two' : options.length === 3 && options.every((one) => one.text.length < SHORT && !one.note) ? ' three' : '';
  const box = h('div.choice', { role: 'radiogroup', 'aria-label': label, class: 'choice' + beside },
    ...options.map((one, i) => h('label', null, inputs[i], h('span', null, one.text, ...(one.cells ? one.cells.map((cell) => h('small', null, cell)) : one.note ? [h('small.soft', null, one.note)] : [])))));
  return {
    nodes: [h('p.ask-label', { 'aria-hidden': 'true' }, label), box],
    group: box,
    inputs,
    read: () => {
      const chosen = inputs.find((input) => input.checked)?.value;
      return { [name]: chosen === undefined ? undefined : meaning(chosen) };
    },
  };
}

/**
 * Words that are usually one of a few: a tap says them, and more can be written. @param {string} name @param {string} label @param {string[]} usual @param {string} more the label of what is written
 * @param {string} [first] the usual one that stands there at first @returns {Field}
 */
export function usualWordsField(name, label, usual, more, first) {
  const chips = choiceField('usual', label, usual.map((text) => ({ value: text, text })), undefined, false);
  const words = wordsField('more', more, { rows: 1 });
  const input = /** @type {HTMLTextAreaElement} */ (words.nodes[1]);
  for (const one of chips.inputs) one.checked = one.value === first;
  const need = () => { input.required = !chips.inputs.some((one) => one.checked); };
  chips.group.addEventListener('change', need);
  need();
  return { nodes: [...chips.nodes, ...words.nodes], read: () => ({ [name]: [chips.read().usual, words.read().more].filter(Boolean).join(w('ui.ask.usualThen')) || undefined }) };
}

/** @param {string} name @param {string} label @param {Record<string, unknown>} props @param {(text: string) => unknown} [meaning] @returns {Field & {input: HTMLInputElement}} */
export function inputField(name, label, props, meaning = (text) => text) {
  const id = nextId();
  const input = /** @type {HTMLInputElement} */ (h('input', { id, autocomplete: 'off', ...props }));
  return { nodes: [h('label', { for: id }, label), input], input, read: () => ({ [name]: filled(input) === undefined ? undefined : meaning(input.value.trim()) }) };
}

/** An instant in the street's time (UTC+8), wherever the screen is. @param {string} name @param {string} label @param {number} from ms, the proposed value */
export const instantField = (name, label, from) =>
  inputField(name, label, { type: 'datetime-local', required: true, value: new Date(from + 8 * 3_600_000).toISOString().slice(0, 16) }, (text) => text + ':00+08:00');

/** A sentence without a question. @param {string} text @returns {Field} */
export const sentence = (text) => ({ nodes: [h('p', null, text)], read: () => ({}) });

/**
 * Asks in a dialog. A refusal keeps it open with everything entered; closing it sends nothing.
 * @template T
 * @param {string} title @param {string} yes the button's label @param {Field[]} fields
 * @param {(said: Record<string, unknown>) => Promise<{value: T}|import('./client.js').Refusal>} send
 * @returns {Promise<T|null>} null: cancelled
 */
export function ask(title, yes, fields, send) {
  const heading = nextId();
  const error = h('div.error-box', { role: 'alert', hidden: true });
  const sure = h('button.button', { type: 'submit', value: 'yes' }, yes);
  /** @type {{value: T}|null} */
  let done = null;
  let busy = false;
  const form = h('form', {
    onsubmit: async (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      if (busy) return; // ignore a second tap until the first is done
      busy = true;
      error.hidden = true;
      sure.setAttribute('aria-busy', 'true');
      const answer = await send(Object.assign({}, ...fields.map((field) => field.read())));
      busy = false;
      sure.removeAttribute('aria-busy');
      if ('refused' in answer) {
        for (const field of fields) field.refused?.(answer);
        error.textContent = answer.refused;
        error.hidden = false;
        error.scrollIntoView({ block: 'nearest' });
        return;
      }
      done = answer;
      box.close();
    },
  }, h('h2', { id: heading }, title), ...fields.map((field) => h('div.ask-field', null, ...field.nodes)), error,
    h('div.row-wrap', null, sure, h('button.button.plain', { type: 'button', value: 'no', onclick: () => box.close() }, w('ui.ask.cancel'))));
  const box = /** @type {HTMLDialogElement} */ (h('dialog.ask', { 'aria-labelledby': heading }, form));
  box.addEventListener('keydown', (event) => answerByKey(event, /** @type {HTMLFormElement} */ (form)));
  document.body.append(box);
  box.showModal();
  return new Promise((resolve) => box.addEventListener('close', () => {
    box.remove();
    for (const field of fields) field.over?.();
    resolve(done ? done.value : null);
  }));
}

/** Ctrl+Enter sends from every field; a digit chooses among the first choices while no text is being written. @param {KeyboardEvent} event @param {HTMLFormElement} form */
function answerByKey(event, form) {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  else if (/^[1-9]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey && !/** @type {HTMLElement} */ (event.target).matches('textarea, select, input:not([type=radio], [type=checkbox])')) {
    const choice = /** @type {HTMLInputElement|undefined} */ (form.querySelector('.choice')?.querySelectorAll('input')[Number(event.key) - 1]);
    if (!choice || choice.disabled) return;
    choice.click();
    choice.focus();
  } else return;
  event.preventDefault();
}

/** Shows something to take along. @param {string} title @param {...Node} content */
export function tell(title, ...content) {
  const heading = nextId();
  const box = /** @type {HTMLDialogElement} */ (h('dialog.ask', { 'aria-labelledby': heading },
    h('form', { method: 'dialog' }, h('h2', { id: heading }, title), ...content, h('div.row-wrap', null, h('button.button.plain', { value: 'no' }, w('ui.ask.close'))))));
  document.body.append(box);
  box.showModal();
  box.addEventListener('close', () => box.remove());
}
