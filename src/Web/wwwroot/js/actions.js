// The commands of a case: which buttons stand there, what they ask first, and what is said afterwards.

import { who } from './card.js';
import { h, toast } from './dom.js';
import { sentenceOf, w } from './words.js';

/** @typedef {import('./contracts.js').CallCard} CallCard */
/** @typedef {import('./contracts.js').Reply} Reply */
/** @typedef {import('./feed.js').Feed} Feed */

const RETURN_REASONS = ['noPower', 'unsafe', 'wrongPlace', 'other'];
const LONGEST_WORDS = 1000;

/** Commands under way, so that a second tap waits for the first. @type {Set<string>} */
const busy = new Set();

/**
 * Sends a command and says what came of it. @param {Feed} feed @param {string} command @param {string} callNo @param {...unknown} args
 * @returns {Promise<boolean>}
 */
export async function give(feed, command, callNo, ...args) {
  if (feed.link !== 'live') {
    toast(w('ui.say.offline'), 'bad');
    return false;
  }
  const key = command + callNo;
  if (busy.has(key)) return false;
  busy.add(key);
  try {
    const reply = await feed.send(command, callNo, ...args);
    if (!reply) toast(w('ui.say.unknown'), 'bad');
    else if (reply.ok) toast(w('ui.say.done.' + command), 'ok');
    else toast(refusal(reply), 'bad');
    return reply?.ok ?? false;
  } finally {
    busy.delete(key);
  }
}

/** The loser of a race is told which team and post won. @param {Reply} reply */
function refusal(reply) {
  if (reply.code === 'already_accepted' && reply.call?.lead) return w('ui.say.lost', who(reply.call.lead));
  return sentenceOf(reply);
}

/**
 * The button of one command, or null where there is none here. @param {Feed} feed @param {string} command as in CallDetail.commands
 * @param {string} callNo @param {() => void} [after] when it was done
 */
export function commandButton(feed, command, callNo, after = () => {}) {
  const button = (/** @type {string} */ style, /** @type {() => Promise<boolean>} */ act) =>
    h('button.button' + style, {
      type: 'button',
      'data-command': command,
      onclick: async (/** @type {Event} */ event) => {
        const pressed = /** @type {HTMLButtonElement} */ (event.currentTarget);
        pressed.setAttribute('aria-busy', 'true');
        const done = await act();
        pressed.removeAttribute('aria-busy');
        if (done) after();
      },
    }, w('ui.command.' + command));
  switch (command) {
    case 'accept': return button('.accept', () => give(feed, 'Accept', callNo));
    case 'arrive': return button('', () => give(feed, 'Arrive', callNo));
    case 'resolve': return button('', () => askWords('resolve', true).then((said) => said !== null && give(feed, 'Resolve', callNo, said)));
    case 'return': return button('.plain', () => askReturn().then((said) => said !== null && give(feed, 'Return', callNo, said.reason, said.note)));
    default: return null;
  }
}

/**
 * Verification (核查): passed, or not passed with words. @param {Feed} feed @param {string} callNo @param {() => void} [after]
 */
export function verifyButtons(feed, callNo, after = () => {}) {
  const verify = async (/** @type {boolean} */ passed) => {
    const note = await askWords(passed ? 'pass' : 'fail', !passed);
    if (note !== null && (await give(feed, 'Verify', callNo, passed, note))) after();
  };
  return [
    h('button.button', { type: 'button', 'data-command': 'pass', onclick: () => verify(true) }, w('ui.command.pass')),
    h('button.button.plain', { type: 'button', 'data-command': 'fail', onclick: () => verify(false) }, w('ui.command.fail')),
  ];
}

/** The buttons of every command that the asker may give. @param {Feed} feed @param {string[]} commands @param {string} callNo @param {() => void} [after] */
export function buttonsFor(feed, commands, callNo, after) {
  const buttons = commands.map((command) => commandButton(feed, command, callNo, after)).filter((button) => button !== null);
  return commands.includes('verify') ? [...buttons, ...verifyButtons(feed, callNo, after)] : buttons;
}

/** Asks for words in a dialog. @param {string} command @param {boolean} required @returns {Promise<string|null>} null: thought better of it */
export async function askWords(command, required) {
  const text = /** @type {HTMLTextAreaElement} */ (h('textarea', { rows: 4, maxlength: LONGEST_WORDS, required, id: 'ask-words' }));
  const sure = await dialog(command, h('label', { for: 'ask-words' }, w('ui.ask.' + command)), text);
  return sure ? text.value.trim() : null;
}

/** @returns {Promise<{reason: string, note: string}|null>} */
async function askReturn() {
  const reasons = RETURN_REASONS.map((reason) => {
    const input = /** @type {HTMLInputElement} */ (h('input', { type: 'radio', name: 'reason', value: reason, required: true }));
    return { input, label: h('label', null, input, h('span', null, w('ui.reason.' + reason))) };
  });
  const note = /** @type {HTMLTextAreaElement} */ (h('textarea', { rows: 2, maxlength: LONGEST_WORDS, id: 'ask-words' }));
  const sure = await dialog('return', h('div.choice', { role: 'radiogroup', 'aria-label': w('ui.ask.return') }, ...reasons.map((r) => r.label)),
    h('label', { for: 'ask-words' }, w('ui.ask.returnNote')), note);
  const reason = reasons.find((r) => r.input.checked)?.input.value;
  return sure && reason ? { reason, note: note.value.trim() } : null;
}

/** @param {string} command @param {...Node} content @returns {Promise<boolean>} */
function dialog(command, ...content) {
  const form = h('form', { method: 'dialog' },
    h('h2', null, w('ui.command.' + command)), ...content,
    h('div.row-wrap', null,
      h('button.button', { type: 'submit', value: 'yes' }, w('ui.command.' + command)),
      h('button.button.plain', { type: 'submit', value: 'no', formnovalidate: true }, w('ui.ask.cancel'))));
  const box = /** @type {HTMLDialogElement} */ (h('dialog.ask', null, form));
  document.body.append(box);
  box.showModal();
  return new Promise((resolve) => box.addEventListener('close', () => {
    box.remove();
    resolve(box.returnValue === 'yes');
  }));
}
