// Today's rounds of whoever holds this phone: the places in the order of the way, one tap each. What is amiss is a whistle with its photo; all of it waits here without a network.

import { when } from '../../js/case/clock.js';
import { photosField } from '../../js/case/gallery.js';
import { paced } from '../../js/case/link.js';
import { walked } from '../../js/case/owing.js';
import { feed, phone } from '../../js/case/phone.js';
import { drawTabs, tell } from '../../js/case/tabs.js';
import { actAs } from '../../js/kernel/acting.js';
import { to } from '../../js/kernel/ask.js';
import { read } from '../../js/kernel/client.js';
import { $, h, setText, toast } from '../../js/kernel/dom.js';
import { ask, choiceField, selectField, sentence, wordsField } from '../../js/kernel/forms.js';
import { steadily } from '../../js/kernel/steady.js';
import { keep, kept } from '../../js/kernel/store.js';
import { gridName, street } from '../../js/kernel/street.js';
import { nameOf, sentenceOf, w } from '../../js/kernel/words.js';
import { codeField } from './scan.js';

/** @typedef {import('../../js/contracts.js').RoundView} RoundView */
/** @typedef {import('../../js/contracts.js').RoundStop} RoundStop */
/** @typedef {import('../../js/case/outbox.js').Entry} Entry */

/** Several changes in a row are read once. */
const READ_AFTER = 200;
const KEPT = 'rounds';
/** Of the street, in ms: what is kept is today's until its midnight. */
const OFFSET = 8 * 3_600_000;
const DAY = 24 * 3_600_000;

const { me, outbox } = await phone;

/** The rounds that are to be walked here, as last read; null until then. @type {RoundView[]|null} */
let rounds = null;
let done = 0;
/** When they were read, if that was in an earlier page. @type {number|null} */
let recalledAt = null;
/** The round that is spread out; the first until another is chosen. @type {string|null} */
let open = null;
/** What has arrived since it was last read, by round and place: the whistle, or nothing. @type {Map<string, string>} */
const settled = new Map();
/** The cards on screen; the mark is what they were built from. @type {Map<string, {mark: string, box: HTMLElement}>} */
const shown = new Map();
let asked = 0;
let reading = false;

/** What waits here for a round. @param {RoundView} round */
const unsentOf = (round) => outbox.waiting.filter((entry) => entry.root === 'rounds' && entry.callNo === round.callNo);

/** @param {Entry} entry @returns {string[]} the places that it is about */
const placesOf = (entry) => /** @type {string[]} */ (entry.body.rest ?? [entry.body.place]);

/** What was tapped here for a place and has not arrived. @param {RoundView} round @param {RoundStop} stop */
const tapOn = (round, stop) => unsentOf(round).find((entry) => placesOf(entry).includes(stop.place));

/** What is known of a place, with what has just arrived. @param {RoundView} round @param {RoundStop} stop */
function seenOf(round, stop) {
  const fresh = settled.get(`${round.callNo} ${stop.place}`);
  return { looked: stop.at !== null || fresh !== undefined, whistles: [...new Set([...(stop.whistles ?? []), ...(fresh ? [fresh] : [])])] };
}

/** @param {RoundView} round */
const leftOf = (round) => round.stops.filter((stop) => !seenOf(round, stop).looked && !tapOn(round, stop));

function readSoon() {
  if (asked) return;
  asked = window.setTimeout(async () => {
    asked = 0;
    if (reading) return readSoon();
    reading = true;
    const before = [...settled.keys()];
    await readAll(before).finally(() => { reading = false; });
    paint();
  }, READ_AFTER);
}

/** Of all posts of the person. @param {string[]} before what had arrived when reading began */
async function readAll(before) {
  const posts = [null, ...(me().posts ?? []).slice(1).map(({ post }) => post)];
  const answers = await Promise.all(posts.map((post) => read(to('/api/rounds', { post }))));
  /** @type {RoundView[]} */
  const mine = [];
  done = 0;
  for (const [i, answer] of answers.entries()) {
    if ('problem' in answer) return;
    for (const round of /** @type {RoundView[]} */ (answer.value.rounds)) {
      if (round.mine && round.callNo && round.stops.length > 0 && !mine.some((one) => one.callNo === round.callNo)) {
        actAs(round.callNo, posts[i]);
        mine.push(round);
      } else if (i === 0 && round.state === 'done' && round.grid !== null && round.grid === me().grid) done++;
    }
  }
  rounds = mine;
  recalledAt = null;
  for (const key of before) settled.delete(key);
  await keep(KEPT, { userName: me().userName, rounds, done, at: feed.now() }).catch(() => {});
}

/** What an earlier page knew of today, until it is read. */
async function recall() {
  const last = await kept(KEPT).catch(() => null);
  if (!last || last.userName !== me().userName || rounds || Math.floor((feed.now() + OFFSET) / DAY) !== Math.floor((last.at + OFFSET) / DAY)) return;
  [rounds, done, recalledAt] = [last.rounds, last.done, last.at];
  paint();
}

/** A tap: stored first, then sent. @param {RoundView} round @param {Record<string, unknown>} body @param {string} name @param {import('../../js/case/outbox.js').Photo[]} [photos] */
async function give(round, body, name, photos) {
  const typed = body.words ? [{ name: w('ui.round.words'), nameEn: w('ui.round.words'), value: String(body.words) }] : [];
  return /** @type {any} */ (await outbox.give('stop', /** @type {string} */ (round.callNo), 'stops', body, photos?.length ? photos : undefined, { root: 'rounds', about: { name, nameEn: name, typed } }));
}

/** @param {any} reply */
function said(reply) {
  if (reply === 'queued') toast(w(outbox.signedOut ? 'ui.say.kept' : 'ui.say.queued'));
  else toast(reply.whistle ? w('ui.round.blown', reply.whistle) : w(reply.done ? 'ui.round.done' : 'ui.round.kept'), 'ok');
}

/** @param {any} answer @returns {{value: any}|{refused: string, code?: string}} */
const taken = (answer) => (answer === 'queued' || answer.ok ? { value: answer } : { refused: sentenceOf(answer), code: answer.code });

/** @param {RoundView} round @param {RoundStop} stop @param {HTMLElement} button */
async function fine(round, stop, button) {
  if (button.getAttribute('aria-busy') === 'true') return;
  button.setAttribute('aria-busy', 'true');
  const answer = taken(await give(round, { place: stop.place }, nameOf(stop)).finally(() => button.removeAttribute('aria-busy')));
  if ('refused' in answer) toast(answer.refused, 'bad');
  else said(answer.value);
}

/** @param {RoundView} round @param {RoundStop} stop @param {string} [before] what was written before it was refused @returns {Promise<boolean>} whether it was taken */
async function amiss(round, stop, before = '') {
  const photos = photosField('before');
  const words = wordsField('words', w('ui.round.words'), { rows: 2 });
  /** @type {HTMLTextAreaElement} */ (words.nodes[1]).value = before;
  const reply = await ask(w('ui.round.amissAt', nameOf(stop)), w('ui.round.blow'), [
    selectField('category', w('ui.round.category'), street.categories.map((one) => ({ value: one.code, text: nameOf(one) })), '', true),
    words, photos,
    choiceField('danger', w('ui.round.danger'), [{ value: 'yes', text: w('ui.round.yes') }, { value: 'no', text: w('ui.round.no') }], (value) => value === 'yes', false),
  ], async (body) => taken(await give(round, { place: stop.place, found: true, ...body }, nameOf(stop), photos.taken)));
  if (reply) said(reply);
  return reply !== null;
}

/** The others are in order; with none left, only the end of the round is asked for. @param {RoundView} round */
async function rest(round) {
  const left = leftOf(round).map((stop) => stop.place);
  const reply = await ask(nameOf(round), w(left.length > 0 ? 'ui.round.rest' : 'ui.round.finish'), [sentence(w(left.length > 0 ? 'ui.round.restSure' : 'ui.round.finishSure', left.length))], async () => taken(await give(round, { rest: left }, nameOf(round))));
  if (reply) said(reply);
}

/** Finds the place whose label the phone is held to. @param {RoundView} round */
async function find(round) {
  const stop = await ask(w('ui.round.scan'), w('ui.round.find'), [codeField('place')], async ({ place }) => {
    const code = String(place).toLowerCase();
    const found = round.stops.find((one) => one.place.toLowerCase() === code);
    return found ? { value: found } : { refused: w('ui.round.codeUnknown', String(place)) };
  });
  const item = stop && shown.get(/** @type {string} */ (round.callNo))?.box.querySelector(`[data-place="${CSS.escape(stop.place)}"]`);
  if (!item) return;
  item.scrollIntoView({ block: 'center' });
  /** @type {HTMLElement|null} */ (item.querySelector('[data-says]'))?.focus({ preventScroll: true });
}

/** @param {RoundView} round @param {RoundStop} stop */
function stopItem(round, stop) {
  const { looked, whistles } = seenOf(round, stop);
  const tapped = tapOn(round, stop);
  const id = `stop-${round.callNo}-${stop.place}`;
  const state = tapped ? h('span.unsent', null, w('ui.round.unsent')) : looked && h('span.soft', null, whistles.length > 0 ? w('ui.round.seenAmiss', whistles.join(' ')) : w('ui.round.seen'));
  return h('li', { 'data-place': stop.place }, h('b', { id }, nameOf(stop)), ' ', state, round.homes && !looked && h('a', { href: '/register/' + encodeURIComponent(stop.place) }, w('ui.round.home')), !tapped && h('div.acts', null,
    !looked && h('button.button', { type: 'button', 'data-command': 'stop', 'data-says': 'fine', 'aria-describedby': id, onclick: (/** @type {Event} */ event) => fine(round, stop, /** @type {HTMLElement} */ (event.currentTarget)) }, w('ui.round.fine')),
    h('button.button.plain', { type: 'button', 'data-command': 'stop', 'data-says': 'amiss', 'aria-describedby': id, onclick: () => amiss(round, stop) }, w(looked ? 'ui.round.more' : 'ui.round.amiss'))));
}

/** @param {RoundView} round @param {boolean} isOpen */
function build(round, isOpen) {
  const left = leftOf(round).length;
  return h('article.call.matter.round', { 'data-no': round.callNo },
    h('h3', null, nameOf(round)),
    h('p.soft', null, round.grid ? gridName(round.grid) + ' · ' : '', w('ui.round.looked', round.stops.length - left, round.stops.length), round.due ? ' · ' + w('ui.round.until', when(round.due, feed.now())) : ''),
    ...(isOpen ? [
      round.checks.length > 0 && h('ul.checks', null, ...round.checks.map((check) => h('li', null, nameOf(check)))),
      left > 1 && h('div.acts', null, h('button.button.plain', { type: 'button', 'data-command': 'look', 'data-says': 'scan', onclick: () => find(round) }, w('ui.round.scan'))),
      h('ol.stops', null, ...round.stops.map((stop) => stopItem(round, stop))),
      !unsentOf(round).some((entry) => entry.body.rest) && h('div.acts', null, h('button.button.plain', { type: 'button', 'data-command': 'stop', 'data-says': 'rest', onclick: () => rest(round) }, w(left > 0 ? 'ui.round.rest' : 'ui.round.finish'))),
    ] : [h('div.acts', null, h('button.button.plain', { type: 'button', 'data-command': 'look', 'data-says': 'open', onclick: () => { open = round.callNo ?? null; paint(); } }, w('ui.command.look')))]));
}

/** Puts the cards in order, touching only what changed. @param {RoundView[]} all @param {RoundView|undefined} first */
function arrange(all, first) {
  for (const [no, one] of shown) if (!all.some((round) => round.callNo === no)) { one.box.remove(); shown.delete(no); }
  let at = $('rounds').firstElementChild;
  for (const round of all) {
    const no = /** @type {string} */ (round.callNo);
    const mark = JSON.stringify([round, round === first, unsentOf(round).map((entry) => entry.key), round.stops.map((stop) => settled.get(`${no} ${stop.place}`))]);
    let one = shown.get(no);
    if (!one || one.mark !== mark) {
      const fresh = { mark, box: build(round, round === first) };
      const focused = one?.box.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement) : null;
      if (one) one.box.replaceWith(fresh.box);
      if (one && at === one.box) at = fresh.box;
      shown.set(no, (one = fresh));
      const place = /** @type {HTMLElement|null} */ (focused?.closest('[data-place]'))?.dataset.place;
      if (focused) /** @type {HTMLElement|null} */ (fresh.box.querySelector(`${place ? `[data-place="${CSS.escape(place)}"] ~ li ` : ''}[data-says]`) ?? fresh.box.querySelector('[data-says]'))?.focus({ preventScroll: true });
    }
    if (at === one.box) at = at.nextElementSibling;
    else $('rounds').insertBefore(one.box, at);
  }
}

const paint = paced(() => {
  const all = rounds ?? [];
  const first = all.find((round) => round.callNo === open) ?? all[0];
  tell('tasks', 'rounds', { count: rounds === null ? null : all.length, listed: all.length, due: Math.min(Infinity, ...all.map((round) => (round.due ? Date.parse(round.due) : Infinity))) });
  steadily('.call', () => {
    arrange(all, first);
    drawTabs(!feed.inParts);
  });
  $('rounds-box').hidden = all.length === 0 && done === 0;
  setText($('rounds-count'), String(all.length));
  $('rounds-old').hidden = recalledAt === null || all.length === 0;
  setText($('rounds-old'), recalledAt === null ? '' : w('ui.round.old', when(new Date(recalledAt).toISOString(), feed.now())));
  setText($('rounds-done'), all.length === 0 && done > 0 ? w('ui.round.doneToday', done) : '');
  walked.current = rounds === null ? null : new Set(all.map((round) => round.callNo ?? ''));
  feed.dispatchEvent(new Event('walked'));
}, 5);

outbox.addEventListener('change', paint);
outbox.addEventListener('answer', (event) => {
  const { entry, reply } = /** @type {CustomEvent<{entry: Entry, reply: any}>} */ (event).detail;
  if (entry.root !== 'rounds') return;
  if (reply.ok) for (const place of placesOf(entry)) settled.set(`${entry.callNo} ${place}`, reply.whistle ?? '');
  paint();
  readSoon();
});
// Someone wants to say anew what was refused.
outbox.addEventListener('again', async (event) => {
  const entry = /** @type {CustomEvent<Entry>} */ (event).detail;
  if (entry.root !== 'rounds') return;
  const round = rounds?.find((one) => one.callNo === entry.callNo);
  const stop = round?.stops.find((one) => one.place === entry.body.place);
  if (!round || !stop) toast(w('ui.round.gone'), 'bad');
  else if (await amiss(round, stop, String(entry.body.words ?? ''))) await outbox.dismiss(entry.key);
});
feed.addEventListener('frame', (event) => {
  const frame = /** @type {CustomEvent<import('../../js/contracts.js').FeedFrame>} */ (event).detail;
  if (frame.matters?.length || frame.mattersGone?.length) readSoon();
});
feed.addEventListener('link', () => { if (feed.link === 'live') readSoon(); else paint(); });
feed.addEventListener('me', readSoon);
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && readSoon());
await recall();
readSoon();
