// What staff do to a matter: the answers they owe, and what they may try.

import { hoursField, pleaWords } from '../../js/case/plea.js';
import { when } from '../../js/case/clock.js';
import { askedOnce, phonesIn } from '../../js/case/dial.js';
import { valueOf } from '../../js/case/fill.js';
import { askedName, matterAddress, suggestsFirst } from '../../js/case/matter.js';
import { granting, linkNodes, sendTo } from '../../js/case/orders.js';
import { to } from '../../js/kernel/ask.js';
import { get } from '../../js/kernel/client.js';
import { h, toast } from '../../js/kernel/dom.js';
import { ask, instantField, selectField, sentence, tell, wordsField } from '../../js/kernel/forms.js';
import { communityName, gridName, teamName } from '../../js/kernel/street.js';
import { nameOf, sentenceOf, w, wordOf } from '../../js/kernel/words.js';
import { formField } from './forms.js';

/** @typedef {import('../../js/contracts.js').MatterDetail} MatterDetail */
/** @typedef {import('../../js/contracts.js').OwedView} OwedView */
/** @typedef {import('../../js/kernel/forms.js').Field} Field */

const DAY = 24 * 3_600_000;
const ITEM = 'item';

/** What was written on a receipt. @param {import('../../js/contracts.js').MatterItem} item */
export const receiptWords = (item) => item.values.filter((value) => value.value !== null).map(valueOf).join(' · ');

/** @param {string} callNo @param {string} verb @param {Record<string, unknown>} body */
const give = (callNo, verb, body) => sendTo('/api' + matterAddress(callNo) + '/' + verb, body);

/** Says one thing that is owed, with its form. @param {string} callNo @param {OwedView} owed @param {import('../../js/contracts.js').Named} says */
async function answer(callNo, owed, says) {
  // A form that describes items is filled in with each of them; that there are no more needs none.
  const form = owed.says.some((one) => one.code === ITEM) && says.code !== ITEM ? null : owed.form;
  const item = owed.item ? [sentence(w('ui.matter.about', owed.item.receipt, receiptWords(owed.item)))] : [];
  const fields = [...item, ...formField(form)];
  const send = askedOnce((body) => give(callNo, 'answer', body));
  const reply = await ask(`${nameOf(owed)} · ${nameOf(says)}`, nameOf(says), fields.length ? fields : [sentence(w('ui.matter.sure'))], (said) => send({ owed: owed.key, says: says.code, ...said }, phonesIn(form?.fields ?? [], /** @type {Record<string, unknown>|undefined} */ (said.form))));
  if (!reply) return false;
  if (reply.receipt) tell(w('ui.matter.receipt'), h('p.no.receipt', null, reply.receipt), h('p.soft', null, w('ui.matter.receiptHelp')));
  else toast(reply.code === 'ok' ? w('ui.matter.answered') : sentenceOf(reply), 'ok');
  return true;
}

/**
 * The buttons for everything the reader owes in a matter. @param {string} callNo @param {readonly OwedView[]} owed @param {() => void} after once one was answered
 */
export const answerButtons = (callNo, owed, after) => owed.map((one) => h('div.owed', { 'data-owed': one.key },
  h('p', null, nameOf(one), one.item && h('span.soft', null, ' ', one.item.receipt, ' ', receiptWords(one.item))),
  h('p.row-wrap', null, ...one.says.map((says, i) => h('button.button' + (i === 0 && suggestsFirst(one.says) ? '' : '.plain'), {
    type: 'button', 'data-says': says.code, onclick: async () => { if (await answer(callNo, one, says)) after(); },
  }, nameOf(says))))));

const reason = (/** @type {string} */ label = w('ui.ask.reason')) => wordsField('note', label, { required: true });

/** @param {string} kind @returns {(detail: MatterDetail, now: number) => Field[]} */
const ruling = (kind) => (detail, now) => [...(detail.petitions ?? []).filter((plea) => plea.kind === kind).map((plea) => sentence(pleaWords(plea, now))), granting(), reason()];

/** Links are made for parties that have not answered. @param {MatterDetail} detail */
const parties = (detail) => detail.asked.flatMap((asked) => asked.who.filter((who) => who.role === 'party' && !who.answered).map((who) => ({ value: `${asked.key}|${who.code}`, text: `${askedName('party:' + who.code)} · ${nameOf(asked)}` })));

/** Whoever is asked may be replaced, and who is asked later may be chosen. @param {MatterDetail} detail */
const choosable = (detail) => [...new Map([...detail.asked.filter((one) => one.given < one.need).map((one) => ({ code: one.key, name: one.name, nameEn: one.nameEn })), ...(detail.chooses ?? [])].map((one) => [one.code, one])).values()];

/** The posts of the units around a matter, as far as the reader may see their rosters. @param {MatterDetail} detail @returns {Promise<Field>} */
async function postsField(detail) {
  /** @type {import('../../js/contracts.js').RosterView|null} */
  const own = await get('/api/roster');
  const units = own?.units ?? [];
  const views = await Promise.all(units.filter((unit) => unit !== own?.unit).slice(0, MOST_UNITS).map((unit) => get(to('/api/roster', { unit }))));
  const posts = [...new Map([own, ...views].flatMap((view) => view?.posts ?? []).map((post) => [post.id, post])).values()];
  const select = /** @type {HTMLSelectElement} */ (h('select', { id: 'posts', multiple: true, size: 8, required: true }, ...posts.map((post) => h('option', { value: post.id }, postName(post)))));
  return { nodes: [h('label', { for: 'posts' }, w('ui.matter.posts')), select, h('p.soft', null, w('ui.matter.postsHelp'))], read: () => ({ posts: [...select.selectedOptions].map((option) => option.value) }) };
}
const MOST_UNITS = 40;

/** @param {import('../../js/contracts.js').RosterPost} post */
const postName = (post) => [post.grid ? gridName(post.grid) : unitName(post.unit), wordOf('post.', post.kind), post.name].filter(Boolean).join(' ');

/** @param {string} unit */
function unitName(unit) {
  const [kind, code] = unit.split(':');
  return kind === 'team' ? teamName(code) : code ? communityName(code) : '';
}

/** What each command asks first, and how it is sent. @type {Record<string, {verb: string, fields: (detail: MatterDetail, now: number) => Field[]|Promise<Field[]>, body?: (said: any) => Record<string, unknown>}>} */
const ORDERS = {
  choose: { verb: 'choose', fields: async (detail) => [selectField('key', w('ui.matter.chooseFor'), choosable(detail).map((one) => ({ value: one.code, text: nameOf(one) }))), await postsField(detail)] },
  requestExtension: {
    verb: 'request',
    fields: (detail, now) => [sentence(w('ui.ask.requestHelp')), hoursField(w('ui.matter.hours'), detail.extensions, now), reason()],
    body: ({ hours, note }) => ({ kind: 'extension', minutes: Math.round(hours * 60), note }),
  },
  requestSuspension: {
    verb: 'request',
    fields: (_detail, now) => [sentence(w('ui.ask.requestHelp')), instantField('until', w('ui.ask.suspendUntil'), now + DAY), reason()],
    body: (said) => ({ kind: 'suspension', ...said }),
  },
  'rule:extension': { verb: 'rule', fields: ruling('extension'), body: (said) => ({ kind: 'extension', ...said }) },
  'rule:suspension': { verb: 'rule', fields: ruling('suspension'), body: (said) => ({ kind: 'suspension', ...said }) },
  resume: { verb: 'resume', fields: () => [sentence(w('ui.ask.resume'))] },
  cancel: { verb: 'cancel', fields: (detail) => [sentence(w(detail.matter.itemsHeld ? 'ui.matter.cancelHeld' : 'ui.matter.cancelHelp', detail.matter.itemsHeld ?? 0)), reason()] },
  note: { verb: 'note', fields: () => [reason(w('ui.ask.note'))] },
  recuse: { verb: 'recuse', fields: () => [sentence(w('ui.ask.recuse'))] },
};

const SHOWN_FIRST = ['rule:extension', 'rule:suspension', 'resume', 'choose', 'link'];

/** @param {string} command @param {MatterDetail} detail @param {number} now @param {(command: string) => void} after */
async function order(command, detail, now, after) {
  const { callNo } = detail.matter;
  const title = w('ui.command.' + command.replace(':', '.'));
  if (command === 'link') {
    const made = await ask(title, title, [selectField('party', w('ui.ask.link'), parties(detail))], ({ party }) => {
      const [owed, key] = String(party).split('|');
      return give(callNo, 'link', { owed, key });
    });
    if (made) tell(w('ui.link.party'), h('div.ask-link', null, ...linkNodes(made)));
    return;
  }

  const { verb, fields, body = (said) => said } = ORDERS[command];
  const done = await ask(title, title, await fields(detail, now), (said) => give(callNo, verb, body(said)));
  if (!done) return;
  toast(w('ui.matter.done'), 'ok');
  after(command);
}

/** The commands that the reader may try. @param {MatterDetail} detail @param {() => number} now @param {(command: string) => void} after */
export function commandButtons(detail, now, after) {
  const { callNo, grid } = detail.matter;
  const offered = detail.commands.filter((command) => command in ORDERS || (command === 'link' && parties(detail).length > 0));
  const button = (/** @type {string} */ command) => h('button.button.plain', { type: 'button', 'data-command': command, onclick: () => order(command, detail, now(), after) }, w('ui.command.' + command.replace(':', '.')));
  const rest = offered.filter((command) => !SHOWN_FIRST.includes(command)).map(button);
  if (detail.commands.includes('child')) rest.push(h('a.button.plain', { href: to('/matters', { parent: callNo, grid }), 'data-command': 'child' }, w('ui.command.childMatter')));
  return h('div.acts', null, ...SHOWN_FIRST.filter((command) => offered.includes(command)).map(button), ...rest);
}
