// The street's exceptions: what each order asks first, and how it is sent. The case decides; its refusal is shown in its own words.

import { calledParties, helpOf, holder, isDesignated, partyOf, place, stateWords, titleOf, what } from './card.js';
import { get, read, refusedBy, send as post } from '../kernel/client.js';
import { when } from './clock.js';
import { h, toast } from '../kernel/dom.js';
import { ask, choiceField, inputField, instantField, selectField, sentence, tell, usualWordsField, wordsField } from '../kernel/forms.js';
import { newKey } from './outbox.js';
import { takeBack } from '../kernel/undo.js';
import { hoursField, pleaWords } from './plea.js';
import { onlineOf } from './reach.js';
import { communityName, gridName, partyName, street, teamName } from '../kernel/street.js';
import { VERBS } from './rules.js';
import { nameOf, sentenceOf, w, wordOf } from '../kernel/words.js';

/** @typedef {import('../contracts.js').CallCard} CallCard */
/** @typedef {import('../contracts.js').AnswerCard} AnswerCard */
/** @typedef {import('../kernel/forms.js').Field} Field */
/** @typedef {import('../kernel/client.js').Refusal} Refusal */
/** @typedef {import('./feed.js').Watched} Feed */
/** @typedef {{verb?: string, fields: (card: CallCard, now: number, detail?: Partial<import('../contracts.js').CallDetail>) => Field[]|Promise<Field[]>, after?: (card: CallCard, reply: any, said: Record<string, unknown>, now: number) => void}} Order */

const DAY = 24 * 3_600_000;
/** For each of the two tries: a node that hangs keeps nobody waiting longer. */
const ANSWER_WITHIN = 10_000;
export const EMERGENCY = ['110', '119', '120', '122'];
const SATISFACTION = ['satisfied', 'mostlySatisfied', 'dissatisfied'];
const CANNOT_COME_BECAUSE = ['away', 'far', 'few'];
const DESIGNATED_BECAUSE = ['near', 'skilled', 'busy', 'nobody'];
const EXTENDED_BECAUSE = ['parts', 'expert', 'owner', 'weather'];
const MERGED_BECAUSE = ['sameCause', 'samePlace'];
const EXEMPTION_REASONS = ['forceMajeure', 'outsideCause', 'caller', 'system'];

/** The keys of requests that got no answer, by what they said: the same words again are the same tap. @type {Map<string, string>} */
const unanswered = new Map();

/**
 * Sends a request about a case; without an answer, retries once with the same key. Whoever presses again sends the same key as well, so it counts once.
 * @param {string} callNo @param {string} path @param {Record<string, unknown>} body @param {boolean} [leaving] the page is being left: it is sent all the same
 * @returns {Promise<{value: any}|Refusal>}
 */
export const send = (callNo, path, body, leaving = false) => sendTo(`/api/calls/${encodeURIComponent(callNo)}/${path}`, body, leaving);

/** The same to any address. @param {string} address @param {Record<string, unknown>} body @param {boolean} [leaving] @returns {Promise<{value: any}|Refusal>} */
export async function sendTo(address, body, leaving = false) {
  const said = `${address} ${JSON.stringify(body)}`;
  const key = unanswered.get(said) ?? newKey();
  unanswered.set(said, key);
  for (let turn = 0; turn < 2; turn++) {
    try {
      const answer = await post(address, body, { headers: { 'Idempotency-Key': key }, keepalive: leaving, signal: AbortSignal.timeout(ANSWER_WITHIN) });
      if (answer.status < 500) unanswered.delete(said);
      return answer.ok ? { value: await answer.json() } : await refusedBy(answer);
    } catch {
      // No network, or no answer in time.
    }
  }
  return { refused: w('ui.say.unknown'), unheard: true };
}

/** The usual reasons of an order, as chips. @param {string[]} usual @param {string} [first] the one that stands there at first */
const usualReason = (usual, first) => usualWordsField('note', w('ui.ask.because'), usual.map((one) => w('ui.because.' + one)), w('ui.ask.noteOptional'), first && w('ui.because.' + first));

/** Whether nobody has accepted it in time. @param {CallCard} card @param {number} now */
const isOverdue = (card, now) => card.answers.some((answer) => answer.kind === 'accept' && !answer.met && Date.parse(answer.due) < now);

const reason = (required = true) => wordsField('note', w(required ? 'ui.ask.reason' : 'ui.ask.noteOptional'), { required });

/** Turns a list of the street into options for a select. @param {import('../contracts.js').CommunityView[]} list */
const named = (list) => list.map((one) => ({ value: one.code, text: nameOf(one) }));

/** The key that chooses one of the first nine. @param {number} i */
const digit = (i) => (i < 9 ? `${i + 1} ` : '');

/** The same, found by typing the code. @param {import('../contracts.js').CategoryView[]} list */
const coded = (list) => list.map((one) => ({ value: one.code, text: `${one.code} ${nameOf(one)}` }));

/** @param {CallCard} card @param {string} label */
const calledField = (card, label) => selectField('answer', label, calledParties(card).map((answer) => ({ value: answer.key, text: partyName(answer.party) })));

/** Which party's answer is meant, from the keys the case allows. @param {CallCard} card @param {string} label @param {readonly string[]|null|undefined} keys */
const partyField = (card, label, keys) => selectField('answer', label, card.answers.filter((answer) => keys?.includes(answer.key)).map((answer) => ({ value: answer.key, text: partyOf(answer) })));

/** A listed party has no account: it answers through its link, or a desk records what it said. @param {AnswerCard} answer */
const isListed = (answer) => answer.kind === 'attend' || (answer.kind === 'acknowledge' && street.parties.some((party) => party.code === answer.party));

/** What a party told a desk: who said what, and when. @param {number} now */
function saidFields(now) {
  const who = inputField('who', w('ui.ask.saidBy'), { required: true, maxlength: 60 });
  const words = wordsField('said', w('ui.ask.saidWords'));
  const at = instantField('saidAt', w('ui.ask.saidAt'), now);
  return { inputs: [who.input, at.input], field: { nodes: [...who.nodes, ...words.nodes, ...at.nodes], read: () => ({ note: [who.read().who, words.read().said].filter(Boolean).join(w('ui.ask.saidThen')), ...at.read() }) } };
}

/** The keys of the answers for which a link can be created. @param {CallCard} card */
export const linkable = (card) => card.answers.filter((answer) => isListed(answer) && !answer.met && !answer.released).map((answer) => answer.key);

/** Taken out again, case by case. @param {string[]} callNos */
export const unmergeAll = (callNos) => Promise.all(callNos.map((callNo) => send(callNo, VERBS.unmerge.path, {}))).then((answers) => {
  const refused = answers.flatMap((answer) => ('refused' in answer ? [answer.refused] : []));
  toast(refused[0] ?? w('ui.say.done.unmerge'), refused.length > 0 ? 'bad' : 'ok');
});

export const granting = () => choiceField('granted', w('ui.ask.rule'), [{ value: 'yes', text: w('ui.ask.grant') }, { value: 'no', text: w('ui.ask.deny') }], (value) => value === 'yes');

/** Whoever decides reads what is asked. @param {string} kind @param {boolean} [required] @returns {Order} */
const rule = (kind, required = false) => ({ fields: (_card, now, detail) => [...(detail?.petitions ?? []).filter((plea) => plea.kind === kind).map((plea) => sentence(pleaWords(plea, now))), granting(), wordsField('note', w('ui.ask.ruleNote'), { required })] });

/** Reached or not; a caller who was reached has evaluated with it. @returns {Field[]} */
function callbackFields() {
  const result = choiceField('result', w('ui.ask.callback'), ['reached', 'noAnswer', 'refused'].map((value) => ({ value, text: w('ui.callback.' + value) })));
  const solved = choiceField('solved', w('ui.ask.solved'), [{ value: 'yes', text: w('ui.ask.solvedYes') }, { value: 'no', text: w('ui.ask.solvedNo') }], (value) => value === 'yes');
  const pleased = choiceField('satisfaction', w('ui.ask.satisfaction'), SATISFACTION.map((value) => ({ value, text: w('satisfaction.' + value) })));
  const only = [solved, pleased];
  const show = () => {
    const reached = result.read().result === 'reached';
    for (const field of only) {
      for (const node of field.nodes) /** @type {HTMLElement} */ (node).hidden = !reached;
      for (const input of field.inputs) input.disabled = !reached;
    }
  };
  result.group.addEventListener('change', show);
  show();
  return [result, ...only.map((field) => ({ nodes: field.nodes, read: () => (result.read().result === 'reached' ? field.read() : {}) })), reason(false)];
}

/** The likely cases to choose from, and a number for any other. @param {CallCard} card @param {number} now @returns {Promise<Field[]>} */
async function mergeFields(card, now) {
  const answer = await read(`/api/calls/${encodeURIComponent(card.callNo)}/similar`);
  /** @type {import('../contracts.js').SimilarCall[]} */
  const likely = 'value' in answer ? answer.value : [];
  const other = inputField('into', w('ui.ask.mergeNumber'), { maxlength: 24, spellcheck: 'false', autocapitalize: 'characters', required: likely.length === 0 }, (text) => text.toUpperCase());
  if (likely.length === 0) return [sentence(w('value' in answer ? 'ui.ask.mergeNone' : 'ui.ask.mergeUnread')), other];
  const choice = choiceField('into', w('ui.ask.merge'), likely.map((one) => ({
    value: one.callNo,
    text: `${what(/** @type {any} */ (one))} · ${when(one.openedAt, now)} · ${wordOf('ui.state.', one.state)}`,
    note: `${gridName(one.grid)} · ${one.callNo} · ${w('ui.ask.mergeScore', Math.round(one.score * 100))}`,
  })), undefined, false);
  return [choice, { nodes: other.nodes, read: () => (other.read().into === undefined ? {} : other.read()) }];
}

/** The teams in advised order, each with its reasons; without advice, the community's teams. @param {CallCard} card @param {boolean} [help] to help the lead, not to take the case @returns {Promise<Field>} */
async function teamField(card, help = false) {
  const isFree = (/** @type {string} */ team) => !help || (!card.teams.includes(team) && helpOf(card, team) === null);
  /** @type {import('../contracts.js').CandidatesView|null} */
  const advised = await get(`/api/calls/${encodeURIComponent(card.callNo)}/candidates`);
  if (!advised || advised.teams.length === 0) return selectField('team', w(help ? 'ui.ask.helpWhom' : 'ui.ask.team', communityName(card.community)), named(street.teams.filter((team) => team.community === card.community && team.code !== card.lead?.team && isFree(team.code))), w('ui.ask.choose'), true);
  advised.teams = advised.teams.filter((one) => isFree(one.team));
  const field = choiceField('team', w(help ? 'ui.choice.helpWhich' : 'ui.choice.which'), advised.teams.map((one, i) => ({ value: one.team, text: digit(i) + teamName(one.team) + (i === 0 && one.onDuty > 0 ? w('ui.choice.first') : ''), note: reasonsFor(one), cells: cellsOf(one) })));
  field.group.prepend(h('div.table-head', { 'aria-hidden': 'true' }, ...['team', 'near', 'online', 'free', 'load', 'arrival'].map((column) => h('small.soft', null, w('ui.choice.column.' + column)))));
  advised.teams.forEach((one, i) => { field.inputs[i].disabled = one.onDuty === 0; });
  const first = field.inputs.find((input) => !input.disabled);
  if (first) first.checked = true;
  return field;
}

/** A candidate's columns: nearness and skill, online and on duty, idle, load, arrival. @param {import('../contracts.js').CandidateTeam} team */
const cellsOf = (team) => [
  [wordOf('ui.choice.', team.nearness), team.skilled && w('ui.choice.skilledShort'), team.returned && w('ui.choice.returned')].filter(Boolean).join(w('ui.and')),
  `${onlineOf(team.team) ?? w('ui.unknown')}/${team.onDuty}`,
  String(team.free),
  String(team.open),
  team.onDuty === 0 ? w('ui.choice.nobodyShort') : team.minutes === null ? w('ui.unknown') : w(team.onTime ? 'ui.choice.minutes' : 'ui.choice.minutesLate', team.minutes),
];

/** @param {import('../contracts.js').CandidateTeam} team */
const reasonsFor = (team) => [
  wordOf('ui.choice.', team.nearness),
  team.onDuty === 0 ? w('ui.choice.nobody') : w('ui.choice.load', team.onDuty, team.free, team.open),
  team.minutes !== null && w(team.onTime ? 'ui.choice.arrives' : 'ui.choice.arrivesLate', team.minutes),
  team.skilled !== null && w(team.skilled ? 'ui.choice.skilled' : 'ui.choice.unskilled'),
  team.returned && w('ui.choice.returned'),
  team.share === null ? w('ui.choice.taken', team.taken) : w('ui.choice.takenShare', team.taken, Math.round(team.share * 100)),
].filter(Boolean).join(w('ui.choice.and'));

/** The designated team, or nothing. @param {CallCard} card */
const designatedTeam = (card) => (isDesignated(card) ? (card.lead?.team ?? card.teams[0]) : '');

/** Which designation the officer knows of: only one that was told can be replaced, by pressing again. @param {CallCard} card @returns {Field} */
function unlessMeanwhile(card) {
  let known = designatedTeam(card);
  return {
    nodes: [],
    read: () => ({ instead: known }),
    refused: ({ code, call }) => { if (code === 'designated_meanwhile' && call) known = designatedTeam(call); },
  };
}

/** Says, while an order on a case is being written, how the case stands since somebody else has changed it. @param {Feed} feed @param {CallCard} card @returns {Field} */
export function meanwhile(feed, card) {
  const line = h('div', { role: 'status' });
  const wasOpen = feed.cards.has(card.callNo);
  const look = () => {
    if (line.isConnected && line.closest('form')?.querySelector('[aria-busy=true]')) return; // our own order
    const current = feed.cards.get(card.callNo);
    if (current && current.version > card.version) line.replaceChildren(h('p.note-line', null, w('ui.ask.meanwhile', stateWords(current), holder(current))));
    else if (!current && wasOpen && feed.sure) line.replaceChildren(h('p.note-line', null, w('ui.ask.meanwhileLeft')));
  };
  feed.addEventListener('change', look);
  return { nodes: [line], read: () => ({}), over: () => feed.removeEventListener('change', look) };
}

/** Says that it was done; where it was so before, that it was not done twice. @param {string} command @param {any} reply */
export const sayDone = (command, reply) => (reply?.already ? toast(sentenceOf(reply)) : toast(w('ui.say.done.' + command, reply?.callNo ?? ''), 'ok'));

/** @param {CallCard} card @param {any} reply @param {Record<string, unknown>} said @param {number} now */
function afterSummon(card, reply, said, now) {
  const called = /** @type {AnswerCard|undefined} */ (reply.call?.answers.filter((/** @type {AnswerCard} */ answer) => answer.kind === 'attend' && answer.party === said.party && !answer.met).at(-1));
  if (!called) return;
  const box = h('div.ask-link', null, h('p', null, w('ui.link.partyHelp', partyName(called.party), when(called.due, now))));
  box.append(h('button.button', { type: 'button', 'data-command': 'link', onclick: () => makeLink(card.callNo, called.key, box) }, w('ui.command.link')));
  tell(w('ui.say.done.summon'), box);
}

/** Creates a party's link and shows it, once. @param {string} callNo @param {string} answer @param {HTMLElement} box */
async function makeLink(callNo, answer, box) {
  const made = await send(callNo, 'link', { answer });
  if ('refused' in made) box.replaceChildren(h('p.error-box', { role: 'alert' }, made.refused));
  else box.replaceChildren(...linkNodes(made.value));
}

/** @param {import('../contracts.js').LinkReply} link @returns {Node[]} */
export function linkNodes(link) {
  const input = /** @type {HTMLInputElement} */ (h('input', { readonly: true, value: location.origin + link.url, 'aria-label': w('ui.link.party'), id: 'party-link' }));
  input.addEventListener('focus', () => input.select());
  const copy = async () => {
    input.select();
    await navigator.clipboard?.writeText(input.value).then(() => toast(w('ui.link.copied'), 'ok'), () => toast(w('ui.link.copyByHand')));
    if (!navigator.clipboard) toast(w('ui.link.copyByHand'));
  };
  return [h('p', null, w('ui.link.once')), input, h('button.button', { type: 'button', onclick: copy }, w('ui.link.copy'))];
}

/** @type {Record<string, Order>} */
const ORDERS = {
  callback: { fields: callbackFields },
  summon: {
    after: afterSummon,
    fields: (card) => {
      const owed = new Set(calledParties(card).map((answer) => answer.party));
      const free = street.parties.filter((party) => !owed.has(party.code));
      return [choiceField('party', w('ui.ask.party'), free.map((party, i) => ({ value: party.code, text: digit(i) + nameOf(party), note: wordOf('ui.party.', party.kind) }))), reason(false)];
    },
  },
  help: { fields: async (card) => [sentence(w('ui.ask.helpHelp')), await teamField(card, true), reason(false)] },
  cannotCome: { fields: () => [usualReason(CANNOT_COME_BECAUSE, CANNOT_COME_BECAUSE[0])] },
  attend: { fields: (card, now) => [calledField(card, w('ui.ask.attend')), saidFields(now).field] },
  release: { fields: (card, _now, detail) => [partyField(card, w('ui.ask.release'), detail?.releasable), reason()] },
  designate: {
    fields: async (card, now) => [await teamField(card), usualReason(DESIGNATED_BECAUSE, isOverdue(card, now) ? 'nobody' : 'near'), unlessMeanwhile(card)],
  },
  correct: {
    fields: (card) => [sentence(w('ui.ask.correct')),
      selectField('category', w('ui.ask.category'), coded(street.categories.filter((one) => one.code !== card.category)), w('ui.ask.asItIs', what(card))),
      selectField('level', w('ui.ask.level'), ['S1', 'S2', 'S3'].filter((one) => one !== card.level).map((value) => ({ value, text: w('ui.level.' + value) })), w('ui.ask.asItIs', w('ui.level.' + card.level))),
      selectField('grid', w('ui.ask.grid'), street.grids.filter((one) => one.code !== card.grid).map((one) => ({ value: one.code, text: nameOf(one), group: communityName(one.community) })), w('ui.ask.asItIs', place(card))),
      reason(false)],
  },
  requestExtension: {
    fields: (_card, now, detail) => [sentence(w('ui.ask.requestHelp')), hoursField(w('ui.ask.hours'), detail?.extensions, now), usualReason(EXTENDED_BECAUSE)],
  },
  requestSuspension: {
    fields: (card, now) => [sentence(w('ui.ask.requestHelp')), instantField('until', w('ui.ask.suspendUntil'), now + DAY), reason()],
  },
  requestDecline: { fields: () => [sentence(w('ui.ask.requestHelp')), reason()] },
  requestExemption: {
    fields: (card) => [
      selectField('answer', w('ui.ask.exemption'), card.answers.filter((answer) => answer.breached && ['accept', 'arrive', 'resolve'].includes(answer.kind))
        .map((answer) => ({ value: answer.key, text: wordOf('ui.kind.', answer.kind) }))),
      choiceField('reason', w('ui.ask.exemptionReason'), EXEMPTION_REASONS.map((value) => ({ value, text: w('ui.reason.' + value) }))), reason()],
  },
  ruleExemption: {
    fields: (_card, _now, detail) => [
      selectField('answer', w('ui.command.ruleExemption'), (detail?.exemptions ?? []).filter((one) => one.granted === null)
        .map((one) => ({ value: one.answer, text: w('ui.ask.exemptionAsked', wordOf('ui.kind.', one.answer.replace(/\d+$/, '')), wordOf('ui.reason.', one.reason)) }))),
      granting(),
      wordsField('note', w('ui.ask.ruleNote'), {})],
  },
  recuse: { fields: () => [sentence(w('ui.ask.recuse')), reason(false)] },
  ruleExtension: rule('extension'),
  ruleSuspension: rule('suspension'),
  ruleDecline: rule('decline', true),
  resume: { fields: () => [sentence(w('ui.ask.resume')), reason(false)] },
  difficult: { fields: () => [sentence(w('ui.ask.difficult')), reason()] },
  handUp: { fields: (card, now) => [sentence(w('ui.ask.handUp')), instantField('until', w('ui.ask.handUpUntil'), now + 5 * DAY),
    inputField('cityNo', w('ui.ask.cityNo'), { maxlength: 40, spellcheck: 'false', pattern: '[A-Za-z0-9_\\-]{4,40}' }), reason()] },
  merge: { after: (card) => takeBack(w('ui.say.done.merge'), () => unmergeAll([card.callNo])), fields: async (card, now) => [sentence(w('ui.ask.mergeHelp')), ...(await mergeFields(card, now)), reason(false)] },
  unmerge: { fields: (card) => [sentence(w('ui.ask.unmerge', card.mergedInto ?? '')), reason(false)] },
  child: {
    fields: (card) => [sentence(w('ui.ask.child')), selectField('category', w('ui.ask.category'), named(street.categories.filter((one) => one.code !== card.category)), what(card)),
      wordsField('note', w('ui.ask.childWords'), { required: true, long: true })],
  },
  emergency: { fields: () => [choiceField('number', w('ui.ask.emergency'), EMERGENCY.map((value) => ({ value, text: value, note: w('ui.emergency.' + value) })))] },
  handOver: {
    verb: 'note',
    fields: () => [sentence(w('ui.ask.handOverHelp')), { ...wordsField('note', w('ui.ask.handOver'), { required: true }) }],
  },
  note: { fields: () => [wordsField('note', w('ui.ask.note'), { required: true })] },
  tell: { fields: (card) => [sentence(w(card.others ? 'ui.ask.tellAll' : 'ui.ask.tellOne', (card.others ?? 0) + 1)), wordsField('note', w('ui.ask.tell'), { required: true })] },
  acknowledge: {
    fields: (card, now, detail) => {
      const which = partyField(card, w('ui.ask.acknowledge'), detail?.acknowledgeable);
      const { inputs, field } = saidFields(now);
      const isForOther = () => card.answers.some((answer) => answer.key === which.read().answer && isListed(answer));
      const show = () => {
        for (const node of field.nodes) /** @type {HTMLElement} */ (node).hidden = !isForOther();
        for (const input of inputs) input.disabled = !isForOther();
      };
      which.nodes[1].addEventListener('change', show);
      show();
      return [which, { nodes: field.nodes, read: () => (isForOther() ? field.read() : {}) }];
    },
  },
};

/** @param {string} command as in CallDetail.commands */
export const isOrder = (command) => command in ORDERS;

/** What a command asks; for all of a heap together, a merge asks for no number. @param {string} command @param {CallCard} card @param {number} now @param {Partial<import('../contracts.js').CallDetail>} detail @param {boolean} heap @returns {Promise<Field[]>} */
export const orderFields = async (command, card, now, detail, heap) =>
  (heap && command === 'merge' ? [sentence(w('ui.heap.mergeInto', card.callNo)), usualReason(MERGED_BECAUSE, 'sameCause')] : ORDERS[command].fields(card, now, detail));

/**
 * Asks for what an order needs and gives it. @param {Feed} feed @param {string} command @param {CallCard} card @param {Partial<import('../contracts.js').CallDetail>} [detail]
 * @returns {Promise<boolean>} whether it was done, or waits
 */
export async function giveOrder(feed, command, card, detail) {
  const order = ORDERS[command];
  const verb = VERBS[order.verb ?? command];
  const { outbox } = feed;
  const fields = await order.fields(card, feed.now(), detail);
  /** @type {Record<string, unknown>} */
  let body = {};
  const reply = await ask(w('ui.command.' + command), w('ui.command.' + command), [...fields, meanwhile(feed, card)], async (said) => {
    body = { ...(verb.kind && { kind: verb.kind }), ...said };
    if (outbox && verb.mayWait) {
      const answer = await outbox.give(command, card.callNo, verb.path, body, undefined, { of: titleOf(card) });
      if (answer === 'queued') return { value: 'queued' };
      return answer.ok ? { value: answer } : { refused: sentenceOf(answer) };
    }
    return send(card.callNo, verb.path, body);
  });
  if (reply === null) return false;
  if (reply === 'queued') toast(w(outbox?.signedOut ? 'ui.say.kept' : 'ui.say.queued'));
  else if (order.after && !reply.already) order.after(card, reply, body, feed.now());
  else sayDone(command, reply);
  return true;
}

/** Asks for which party, and shows its link. @param {CallCard} card */
export async function givePartyLink(card) {
  const link = await ask(w('ui.command.link'), w('ui.command.link'), [partyField(card, w('ui.ask.link'), linkable(card))], (said) => send(card.callNo, 'link', said));
  if (link !== null) tell(w('ui.link.party'), h('div.ask-link', null, ...linkNodes(link)));
}

/** Sends a party its message with the link again. @param {CallCard} card */
export async function sendPartyLink(card) {
  const sent = await ask(w('ui.command.linkAgain'), w('ui.command.linkAgain'), [partyField(card, w('ui.ask.linkAgain'), linkable(card))], (said) => send(card.callNo, 'link/send', said));
  if (sent !== null) toast(w('ui.say.done.linkAgain', sent.messages), 'ok');
}
