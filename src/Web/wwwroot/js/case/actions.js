// The commands of a case: which buttons it shows, what they ask first, and what is said afterwards.

import { isGrave, titleOf, what } from './card.js';
import { h, toast } from '../kernel/dom.js';
import { ask, choiceField, usualWordsField, wordsField } from '../kernel/forms.js';
import { photosField } from './gallery.js';
import { EMERGENCY, giveOrder, givePartyLink, isOrder, linkable, meanwhile, sayDone, send, sendPartyLink } from './orders.js';
import { VERBS } from './rules.js';
import { to } from '../kernel/ask.js';
import { undoable } from '../kernel/undo.js';
import { sentenceOf, w } from '../kernel/words.js';

/** @typedef {import('../contracts.js').CallCard} CallCard */
/** @typedef {import('../contracts.js').Reply} Reply */
/** @typedef {import('./feed.js').Watched} Feed */

const UNDO_WITHIN = 5_000;
/** A refusal to handle a case needs words even if it is granted. */
const GRANTED_AT_ONCE = ['extension', 'suspension'];
/** What usually ends a case, in words that its caller reads. */
const REPORTS = ['fixed', 'safe', 'settled', 'nothing'];
const RETURN_REASONS = ['noPower', 'unsafe', 'wrongPlace', 'other'];

/** Commands in progress, so a second tap waits for the first. @type {Set<string>} */
const busy = new Set();

/**
 * Gives a command and reports that it was done, or waits; a refusal is returned. @param {Feed} feed @param {string} command @param {string} callNo
 * @param {Record<string, unknown>} [body] @returns {Promise<{value: true}|{refused: string}>}
 */
async function attempt(feed, command, callNo, body = {}) {
  if (!feed.outbox) {
    if (feed.link !== 'live') return { refused: w('ui.say.offline') };
    const answer = await send(callNo, VERBS[command].path, body);
    if ('refused' in answer) return answer;
    sayDone(command, answer.value);
  } else {
    const reply = await feed.outbox.give(command, callNo, VERBS[command].path, body, undefined, naming(feed, callNo));
    if (reply === 'queued') {
      toast(w(feed.outbox.signedOut ? 'ui.say.kept' : 'ui.say.queued'));
      return { value: true };
    }
    if (!reply.ok) return { refused: sentenceOf(reply) };
    sayDone(command, reply);
  }
  return { value: true };
}

/** A tap that comes back unsent says what it was about. @param {Feed} feed @param {string} callNo */
function naming(feed, callNo) {
  const card = feed.cards.get(callNo);
  return card ? { of: titleOf(card) } : {};
}

/** The same if nothing was asked first: a refusal is shown as a toast. @param {Feed} feed @param {string} command @param {string} callNo @returns {Promise<boolean>} */
async function give(feed, command, callNo) {
  const key = command + callNo;
  if (busy.has(key)) return false;
  busy.add(key);
  try {
    const outcome = await attempt(feed, command, callNo);
    if ('refused' in outcome) toast(outcome.refused, 'bad');
    return 'value' in outcome;
  } finally {
    busy.delete(key);
  }
}

/**
 * The same over HTTP, after five seconds unless undone; at once if a clock would run out meanwhile.
 * @param {Feed} feed @param {string} command @param {CallCard} card @param {Record<string, unknown>} [body] @param {string} [label] what is done, in words
 */
async function giveHeld(feed, command, card, body = {}, label = w('ui.command.' + command)) {
  const soon = card.breachAt && Date.parse(card.breachAt) - feed.now() < 2 * UNDO_WITHIN;
  const act = (/** @type {boolean} */ leaving) => send(card.callNo, VERBS[command].path, body, leaving);
  const answer = await (soon ? act(false) : undoable(w('ui.undo.will', label, what(card)), act));
  if (answer === null) return false;
  if ('refused' in answer) toast(answer.refused, 'bad');
  else sayDone(command, answer.value);
  return 'value' in answer;
}

/** Commands with a button of their own, in the order offered; the rest are under "more". */
const BUTTONS = Object.keys(VERBS).filter((command) => VERBS[command].button).sort((a, b) => (VERBS[a].button ?? 0) - (VERBS[b].button ?? 0));

/** @param {string} style @param {string} command @param {() => Promise<boolean>} act @param {(command: string) => void} after once it was done @param {string} [label] @param {string} [name] of the button, where a command has several */
const button = (style, command, act, after, label = w('ui.command.' + command), name = command) =>
  h('button.button' + style, {
    type: 'button',
    'data-command': name,
    onclick: async (/** @type {Event} */ event) => {
      const pressed = /** @type {HTMLButtonElement} */ (event.currentTarget);
      if (pressed.getAttribute('aria-busy') === 'true') return;
      pressed.setAttribute('aria-busy', 'true');
      const done = await act().finally(() => pressed.removeAttribute('aria-busy'));
      if (done) after(command);
    },
  }, label);

/**
 * The button of one everyday command, or null if there is none here. @param {Feed} feed @param {string} command as in CallDetail.commands
 * @param {string} callNo @param {(command: string) => void} [after] once it was done @param {CallCard|null} [held] the case, if plain commands are held back
 */
export function commandButton(feed, command, callNo, after = () => {}, held = null) {
  switch (command) {
    case 'accept': return button('.accept', command, () => (held ? giveHeld(feed, command, held) : give(feed, command, callNo)), after);
    case 'come': return button('.accept', command, () => give(feed, command, callNo), after);
    case 'arrive': return button('', command, () => (held ? giveHeld(feed, command, held) : give(feed, command, callNo)), after);
    case 'resolve': return button('', command, () => askReport(feed, callNo), after);
    case 'return': return button('.plain', command, () => askReturn(feed, callNo, (reason, note) => attempt(feed, command, callNo, { reason, note })), after);
    default: return null;
  }
}

/** The button of an order that asks first. @param {Feed} feed @param {string} command @param {CallCard} card */
export const orderButton = (feed, command, card) => button('.plain', command, () => giveOrder(feed, command, card), () => {});

/** The button if the pack requires an answer from the user's kind of post; otherwise null. @param {Feed} feed @param {CallCard} card @param {import('../contracts.js').Me} me */
export function acknowledgeButton(feed, card, me) {
  const keys = card.answers.filter((answer) => answer.kind === 'acknowledge' && !answer.met && !answer.released && answer.party === me.postKind).map((answer) => answer.key);
  return keys.length > 0 && me.onDuty ? button('.plain', 'acknowledge', () => giveOrder(feed, 'acknowledge', card, { acknowledgeable: keys }), () => {}) : null;
}

/**
 * Verification (核查): passed, or failed with a text. @param {Feed} feed @param {string} callNo @param {(command: string) => void} after
 */
function verifyButtons(feed, callNo, after) {
  const verify = (/** @type {boolean} */ passed) => askWords(feed, callNo, passed ? 'pass' : 'fail', !passed, (note) => attempt(feed, 'verify', callNo, { passed, note }));
  return [button('', 'pass', () => verify(true), after), button('.plain', 'fail', () => verify(false), after)];
}

/** Which emergency number was called, each by one press; those already recorded are not asked again. @param {Feed} feed @param {import('../contracts.js').CallDetail} detail @param {(command: string) => void} after */
const called = (feed, { call, timeline }, after) => h('div.called', { role: 'group', 'aria-label': w('ui.ask.emergency') }, h('span.soft', null, w('ui.emergency.called')),
  ...EMERGENCY.filter((number) => !timeline.some((line) => line.detail.includes('number:' + number))).map((number) => button('.plain.small', 'emergency', () => giveHeld(feed, 'emergency', call, { number }, w('ui.emergency.calledOne', number)), after, number, 'emergency-' + number)));

/** Granted by one press, beside what is asked. @param {Feed} feed @param {CallCard} call @param {string} kind of the petition @param {readonly string[]} commands @param {(command: string) => void} after @returns {Node|false} */
export function grantButton(feed, call, kind, commands, after) {
  const command = Object.keys(VERBS).find((verb) => VERBS[verb].path === 'rule' && VERBS[verb].kind === kind);
  return command !== undefined && GRANTED_AT_ONCE.includes(kind) && commands.includes(command)
    && button('.small', command, () => giveHeld(feed, command, call, { kind, granted: true }, w('ui.ask.grant')), after, w('ui.ask.grant'), 'grant-' + kind);
}

/**
 * Everything the asker may do with a case: the everyday commands as buttons, the others folded away.
 * @param {Feed} feed @param {import('../contracts.js').CallDetail} detail @param {(command: string) => void} [after] once one was done @param {boolean} [held]
 */
export function acts(feed, detail, after = () => {}, held = false) {
  const { call, commands } = detail;
  const one = (/** @type {string} */ command) => commandButton(feed, command, call.callNo, after, held ? call : null)
    ?? (isOrder(command) ? button(command === 'callback' ? '' : '.plain', command, () => giveOrder(feed, command, call, detail), after) : null);
  const first = BUTTONS.filter((command) => commands.includes(command)).flatMap((command) => (command === 'verify' ? verifyButtons(feed, call.callNo, after) : [one(command)]));
  const rest = commands.filter((command) => !BUTTONS.includes(command)).map(one);
  if (commands.includes('release') && linkable(call).length > 0)
    rest.unshift(button('.plain', 'link', () => givePartyLink(call).then(() => false), after), button('.plain', 'linkAgain', () => sendPartyLink(call).then(() => false), after));
  // At a desk, whoever may open another case out of this one may open another matter as well: its page asks which.
  if (held && commands.includes('child')) rest.push(h('a.button.plain', { href: to('/matters', { parent: call.callNo, grid: call.grid }), 'data-link': 'matter' }, w('ui.command.matter')));
  const more = rest.filter((each) => each !== null);
  return h('div.acts', null, ...first, held && isGrave(call) && commands.includes('emergency') && called(feed, detail, after),
    more.length > 0 && h('details.more', null, h('summary', { 'data-command': 'more' }, w('ui.command.more')), h('div.more-acts', null, ...more)));
}

/** @typedef {Promise<{value: true}|{refused: string}>} Outcome */

/** What changes while the dialog is open; of a case that the feed does not know, nothing. @param {Feed} feed @param {string} callNo */
function news(feed, callNo) {
  const card = feed.cards.get(callNo);
  return card ? [meanwhile(feed, card)] : [];
}

/**
 * Asks for text in a dialog and sends it; after a refusal the dialog stays, with the text. @param {Feed} feed @param {string} callNo @param {string} command @param {boolean} required
 * @param {(words: string) => Outcome} send @returns {Promise<boolean>} false: cancelled
 */
const askWords = (feed, callNo, command, required, send) => ask(w('ui.command.' + command), w('ui.command.' + command), [wordsField('words', w('ui.ask.' + command), { required, rows: 4 }), ...news(feed, callNo)],
  (said) => send(String(said.words ?? ''))).then(Boolean);

/**
 * How it was dealt with, by a usual phrase or in own words. On a phone, photos go right behind it: the answer does not wait for them. @param {Feed} feed @param {string} callNo
 * @returns {Promise<boolean>}
 */
async function askReport(feed, callNo) {
  const photos = feed.outbox ? photosField('after') : null;
  const done = await ask(w('ui.command.resolve'), w('ui.command.resolve'), [
    usualWordsField('report', w('ui.ask.resolve'), REPORTS.map((one) => w('ui.done.' + one)), w('ui.done.more')),
    ...(photos ? [photos] : []), ...news(feed, callNo),
  ], ({ report }) => attempt(feed, 'resolve', callNo, { report: String(report ?? '') }));
  if (done && photos && photos.taken.length > 0) void sendPhotos(feed, callNo, 'after', photos.taken);
  return done !== null;
}

/** Adds photos to a case, and says what became of them. @param {Feed} feed @param {string} callNo @param {string} kind before or after @param {import('./gallery.js').Taken[]} photos */
export async function sendPhotos(feed, callNo, kind, photos) {
  const reply = await feed.outbox?.give('photo', callNo, VERBS.note.path, { shows: kind }, photos, naming(feed, callNo));
  if (reply === 'queued') toast(w(feed.outbox?.signedOut ? 'ui.say.kept' : 'ui.say.queued'));
  else if (reply?.ok) toast(w('ui.photo.sent'), 'ok');
  else if (reply) toast(w('ui.photo.failed'), 'bad');
}

/** @param {Feed} feed @param {string} callNo @param {(reason: string, note: string) => Outcome} send @returns {Promise<boolean>} */
const askReturn = (feed, callNo, send) => ask(w('ui.command.return'), w('ui.command.return'), [
  choiceField('reason', w('ui.ask.return'), RETURN_REASONS.map((value) => ({ value, text: w('ui.reason.' + value) }))),
  wordsField('note', w('ui.ask.returnNote'), { rows: 2 }),
  ...news(feed, callNo),
], (said) => send(String(said.reason), String(said.note ?? ''))).then(Boolean);
