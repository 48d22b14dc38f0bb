// The dialogs of an answer that is owed: its form, the papers taken in one by one, and what the matter is about.

import { answerFor, papersOf, wordsOf } from './owed.js';
import { when } from '../../js/case/clock.js';
import { askedOnce, phonesIn } from '../../js/case/dial.js';
import { fieldOf, missing, typedOf, valueOf } from '../../js/case/fill.js';
import { read } from '../../js/kernel/client.js';
import { h, toast } from '../../js/kernel/dom.js';
import { ask, sentence, wordsField } from '../../js/kernel/forms.js';
import { nameOf, sentenceOf, w } from '../../js/kernel/words.js';

/** @typedef {import('../../js/contracts.js').OwedItem} OwedItem */
/** @typedef {import('../../js/contracts.js').OwedView} OwedView */
/** @typedef {import('../../js/contracts.js').Named} Named */
/** @typedef {import('../../js/contracts.js').MatterReply} MatterReply */
/** item: the matter as it stands now. settle: an answer has arrived. @typedef {{item: () => OwedItem, outbox: import('../../js/case/outbox.js').Outbox, now: () => number, settle: (one: OwedView) => void}} Context */

const NOTE = ' note';

/**
 * Gives an answer: stored first, then sent. @param {Context} context @param {OwedView} one @param {Named} says @param {Record<string, unknown>} said
 * @returns {Promise<{value: MatterReply|'queued'}|{refused: string, code?: string}>}
 */
async function give({ item, outbox, settle }, one, says, said) {
  const { [NOTE]: note, anyway, ...values } = said;
  const form = /** @type {Record<string, string>} */ (Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)));
  const fields = says.code === 'item' || !one.says.some((other) => other.code === 'item') ? one.form?.fields ?? [] : [];
  const gap = missing(fields, form);
  if (gap) return { refused: gap.kind === 'signature' ? w('ui.owed.signMissing') : w('ui.owed.missing', nameOf(gap)) };
  const typed = fields.filter((field) => form[field.key] !== undefined).map((field) => typedOf(field, form[field.key]));
  const about = { name: one.item ? one.name : says.name, nameEn: one.item ? one.nameEn : says.nameEn, typed };
  const body = { owed: one.key, says: says.code, ...(Object.keys(form).length > 0 ? { form } : {}), ...(note ? { note } : {}), ...(anyway ? { anyway } : {}) };
  const reply = /** @type {any} */ (await outbox.give('answer', item().matter.callNo, 'answer', body, undefined, { root: 'matters', about }));
  if (reply !== 'queued' && !reply.ok) return { refused: sentenceOf(reply), code: reply.code };
  if (reply !== 'queued' && says.code !== 'item') settle(one);
  return { value: reply };
}

/** @param {Context} context @param {OwedView} one @param {Named} says @param {MatterReply|'queued'} reply */
function tell({ outbox }, one, says, reply) {
  if (reply === 'queued') toast(w(outbox.signedOut ? 'ui.say.kept' : 'ui.say.queued'));
  else if (reply.code === 'answered_late') toast(sentenceOf(reply));
  else toast(w('ui.owed.done', answerFor(one, says)), 'ok');
}

/** Without a question; a refusal, such as that somebody else was quicker, is said at once. @param {Context} context @param {OwedView} one @param {Named} says @param {HTMLElement} button */
export async function giveAtOnce(context, one, says, button) {
  if (button.getAttribute('aria-busy') === 'true') return;
  button.setAttribute('aria-busy', 'true');
  const answer = await give(context, one, says, {}).finally(() => button.removeAttribute('aria-busy'));
  if ('refused' in answer) toast(answer.refused, 'bad');
  else tell(context, one, says, answer.value);
}

/** Asks for what goes with an answer. @param {Context} context @param {OwedView} one @param {Named} says @param {Record<string, string>} [before] @returns {Promise<boolean>} */
export async function fill(context, one, says, before = {}) {
  const takesForm = one.form && (says.code === 'item' || !one.says.some((other) => other.code === 'item'));
  const fields = takesForm ? (one.form?.fields ?? []).map((field) => fieldOf(field, before[field.key])) : [sentence(w('ui.owed.sure')), wordsField(NOTE, w('ui.owed.note'), { rows: 2 })];
  const about = one.item ? [sentence([one.item.receipt, wordsOf(one.item)].filter(Boolean).join(' · '))] : [];
  const title = answerFor(one, says);
  const send = askedOnce((said) => give(context, one, says, said));
  const reply = await ask(title, title, [...about, ...fields], (said) => send(said, phonesIn(one.form?.fields ?? [], said)));
  if (reply === null) return false;
  tell(context, one, says, reply);
  return true;
}

/** Papers are taken in one by one, and each has its receipt at once; without a network the number comes later. @param {Context} context @param {OwedView} one */
export function collect(context, one) {
  const take = /** @type {Named} */ (one.says.find((says) => says.code === 'item'));
  const ends = one.says.filter((says) => says.code !== 'item');
  const list = h('div.taken', { 'aria-live': 'polite' });
  const inputs = h('div.ask-fields');
  const error = h('div.error-box', { role: 'alert', hidden: true });
  const more = h('button.button', { type: 'submit', 'data-says': 'item' }, nameOf(take));
  /** @type {import('../../js/kernel/forms.js').Field[]} */
  let fields = [];

  /** @param {string} sentence */
  const refuse = (sentence) => {
    error.textContent = sentence;
    error.hidden = false;
    error.scrollIntoView({ block: 'nearest' });
  };
  const send = askedOnce((said) => give(context, one, take, said));
  const values = () => Object.assign({}, ...fields.map((field) => field.read()));
  /** Says that there are no more; what is typed and not taken in would be lost. @param {Named} says */
  const end = async (says) => {
    if (Object.values(values()).some((value) => value !== undefined)) return refuse(w('ui.owed.notTaken'));
    error.hidden = true;
    if (await fill(context, one, says)) box.close();
  };
  const show = () => list.replaceChildren(papersOf(context.item(), context.outbox) ?? h('p.soft', null, w('ui.owed.none')));
  const empty = () => {
    fields = (one.form?.fields ?? []).map((field) => fieldOf(field));
    inputs.replaceChildren(...fields.map((field) => h('div.ask-field', null, ...field.nodes)));
  };
  const form = h('form', {
    onsubmit: async (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      if (more.getAttribute('aria-busy') === 'true') return; // ignore a second tap until the first is done
      more.setAttribute('aria-busy', 'true');
      error.hidden = true;
      const answer = await send(values(), phonesIn(one.form?.fields ?? [], values())).finally(() => more.removeAttribute('aria-busy'));
      if ('refused' in answer) return refuse(answer.refused);
      if (answer.value !== 'queued' && answer.value.receipt) toast(w('ui.owed.receiptSaid', answer.value.receipt), 'ok');
      empty();
      show();
      /** @type {HTMLElement|null} */ (inputs.querySelector('input, textarea'))?.focus();
    },
  }, h('div.collect-head', null, h('h2', null, nameOf(one)), h('button.button.plain.small', { type: 'button', value: 'no', onclick: () => box.close() }, w('ui.ask.close'))), list, inputs, error,
    h('div.row-wrap', null, more,
      ...ends.map((says) => h('button.button.plain', { type: 'button', 'data-says': says.code, onclick: () => end(says) }, nameOf(says)))));
  const box = /** @type {HTMLDialogElement} */ (h('dialog.ask', { 'aria-label': nameOf(one) }, form));
  // The number of a receipt comes with the matter, a moment after the paper.
  const again = setInterval(show, 500);
  box.addEventListener('close', () => { clearInterval(again); box.remove(); });
  empty();
  show();
  document.body.append(box);
  box.showModal();
}

/** What a matter is about, read in full: every look is logged. @param {OwedItem} item @param {import('../../js/case/outbox.js').Outbox} outbox */
export async function look(item, outbox) {
  const content = h('div.sheet-body', null, h('p.empty', null, w('ui.detail.loading')));
  const box = /** @type {HTMLDialogElement} */ (h('dialog.sheet', { 'aria-label': nameOf(item.procedure) }, content));
  const back = () => h('button.button.plain.small.back', { type: 'button', onclick: () => box.close() }, w('ui.ask.close'));
  box.addEventListener('close', () => box.remove());
  document.body.append(box);
  content.prepend(back());
  box.showModal();
  const no = encodeURIComponent(item.matter.callNo);
  const answer = await read('/api/matters/' + no);
  const papers = papersOf(item, outbox);
  content.replaceChildren(back(), h('h2', null, `${nameOf(item.procedure)} · ${nameOf(item.stage)}`), h('p.soft', null, h('span.no', null, item.matter.callNo)),
    ...('problem' in answer ? [h('p.error-box', null, outbox.stuck || !navigator.onLine ? w('ui.owed.lookOffline') : answer.problem)] : told(answer.value)),
    ...(papers ? [papers] : []),
    h('a.button.plain', { href: '/matters/' + no }, w('ui.owed.full')));
}

/** It is owed no more. */
export const tellGone = () => toast(w('ui.owed.gone'), 'bad');

/** What was filled in when it was opened, and for whom. @param {import('../../js/contracts.js').MatterDetail} detail @returns {Node[]} */
function told(detail) {
  const first = detail.timeline.find((line) => line.values?.length);
  const { contact } = detail;
  return [
    h('dl.facts', null, ...(first?.values ?? []).flatMap((value) => [h('dt', null, nameOf(value)), h('dd.said', null, valueOf(value))])),
    ...(contact ? [h('p', null, w('ui.owed.contact', [contact.name, contact.phone].filter(Boolean).join(' ')))] : []),
    ...detail.timeline.filter((line) => line.words).slice(-3).map((line) => h('p.said', null, line.words)),
  ];
}
