// Callbacks (回访): verified cases waiting for the caller's verdict. Three taps a call: why, dial, what came of it; then the next one opens. Callers without a
// number are a list of their own, because nobody can call them.

import { resolvedAt, what } from '../../js/case/card.js';
import { get } from '../../js/kernel/client.js';
import { roughly, when } from '../../js/case/clock.js';
import { contacts } from '../../js/case/contact.js';
import { $, h, setText, toast } from '../../js/kernel/dom.js';
import { Feeds } from '../../js/case/feeds.js';
import { wordsField } from '../../js/kernel/forms.js';
import { counted, nothing, paced } from '../../js/case/link.js';
import { send } from '../../js/case/orders.js';
import { Pane } from '../../js/case/pane.js';
import { picks } from './picks.js';
import { choose as chooseFrom, run, whoLooks } from './room.js';
import { undoable } from '../../js/kernel/undo.js';
import { w } from '../../js/kernel/words.js';

/** @typedef {import('../../js/contracts.js').CallCard} CallCard */
/** @typedef {import('../../js/contracts.js').CallbackLine} CallbackLine */

const LOOK_AFTER = 1_000;

/** What a call may come to. @type {Record<string, Record<string, unknown>>} */
const RESULTS = {
  satisfied: { result: 'reached', solved: true, satisfaction: 'satisfied' },
  mostlySatisfied: { result: 'reached', solved: true, satisfaction: 'mostlySatisfied' },
  dissatisfied: { result: 'reached', solved: true, satisfaction: 'dissatisfied' },
  notSolved: { result: 'reached', solved: false, satisfaction: 'dissatisfied' },
  noAnswer: { result: 'noAnswer' },
  refused: { result: 'refused' },
};

const feed = new Feeds();
/** @type {Map<string, CallbackLine>} */
let lines = new Map();
/** Noted, and not sent yet. @type {Set<string>} */
const noted = new Set();
const contact = contacts(whoLooks, true);
const pane = new Pane($('detail'), feed, {
  acted: () => look(),
  more: (detail) => {
    if (detail.call.state !== 'verified') return [];
    if (!detail.commands.includes('callback')) return [h('p.soft', { id: 'not-yours' }, w('ui.callbacks.notYours'))];
    return [contact(detail), detail.contact?.phone && outcome(detail.call)].filter((node) => node instanceof Node);
  },
});
const list = picks($('list'), choose, since);
const silent = picks($('silent'), choose, since);

/** @param {CallCard} card */
function since(card) {
  const [at, line] = [resolvedAt(card), lines.get(card.callNo)];
  const tried = line?.lastTry ? ' · ' + w('ui.callbacks.tried', line.tries, when(line.lastTry, feed.now())) : '';
  return w('ui.callbacks.since', when(at, feed.now()), roughly(feed.now() - Date.parse(at))) + tried;
}

/** Never tried first, then the oldest. @param {CallCard} a @param {CallCard} b */
const inTurn = (a, b) => (lines.get(a.callNo)?.tries ?? 0) - (lines.get(b.callNo)?.tries ?? 0) || resolvedAt(a).localeCompare(resolvedAt(b));

const waiting = () => [...feed.cards.values()].filter((card) => card.state === 'verified' && !noted.has(card.callNo)).sort(inTurn);

/** Until it is known who left a number, nobody is said to have none. @param {CallCard} card */
const hasNumber = (card) => lines.get(card.callNo)?.phone !== false;

const paint = paced(() => {
  const all = waiting();
  const [callable, mute] = [all.filter(hasNumber), all.filter((card) => !hasNumber(card))];
  if (all.some((card) => !lines.has(card.callNo))) lookSoon();
  list.paint(callable);
  silent.paint(mute);
  setText($('list-count'), counted(feed, callable.length));
  $('list-empty').hidden = callable.length > 0;
  setText($('list-empty'), nothing(feed, 'ui.callbacks.empty'));
  $('silent-box').hidden = mute.length === 0;
  setText($('silent-count'), String(mute.length));
  pane.refresh();
}, 5);

/** What is being written about the open case; it stays while the case changes. @type {{callNo: string, box: HTMLElement}|null} */
let written = null;

/** The results, each one tap. @param {CallCard} card */
function outcome(card) {
  if (written?.callNo !== card.callNo) written = { callNo: card.callNo, box: outcomeBox(card) };
  return written.box;
}

/** @param {CallCard} card */
function outcomeBox(card) {
  const words = wordsField('note', w('ui.callbacks.words'), { rows: 1 });
  return h('section.outcome', null, h('h3', null, w('ui.callbacks.outcome')), ...words.nodes,
    h('div.row-wrap', null, ...Object.keys(RESULTS).map((result) => h('button.button.plain', { type: 'button', 'data-result': result, onclick: () => note(card, result, words.read()) }, w('ui.callbacks.result.' + result)))));
}

/** Notes the result after five seconds unless undone, and opens the next case at once. @param {CallCard} card @param {string} result @param {Record<string, unknown>} said */
async function note(card, result, said) {
  noted.add(card.callNo);
  const next = waiting().find(hasNumber);
  paint();
  if (next) choose(next.callNo);
  else pane.close();
  const answer = await undoable(w('ui.undo.will', w('ui.callbacks.result.' + result), what(card)), (leaving) => send(card.callNo, 'callback', { ...RESULTS[result], ...said }, leaving));
  noted.delete(card.callNo);
  if (answer !== null && 'value' in answer) toast(w('ui.say.done.callback'), 'ok');
  else {
    if (answer) toast(answer.refused, 'bad');
    choose(card.callNo);
  }
  look();
}

/** @param {string} callNo */
async function choose(callNo) {
  await chooseFrom([list, silent], pane, callNo);
}

let looking = 0;
function lookSoon() {
  if (!looking) looking = setTimeout(look, LOOK_AFTER);
}

async function look() {
  /** @type {CallbackLine[]|null} */
  const found = await get('/api/callbacks');
  looking = 0;
  if (found) lines = new Map(found.map((line) => [line.callNo, line]));
  paint();
}

await run(feed, { lists: [list, silent], paint, ask: look });
