// The duty officer's queue.

import { allOwed, byUrgency, orderOf, standsStill } from './card.js';
import { when } from './clock.js';
import { $, h, say, setText } from './dom.js';
import { Feed } from './feed.js';
import { paced, showLink } from './link.js';
import { Pane } from './pane.js';
import { Queue } from './queue.js';
import { categoryName, communityName, gridName, loadStreet, street } from './street.js';
import { surges } from './surge.js';
import { nameOf, w } from './words.js';

/** @typedef {import('./contracts.js').CallCard} CallCard */

const PAINTS_A_SECOND = 5;
// A row under the cursor or the focus never moves: the order waits this long after the last move or key.
const HOLD_FOR = 10_000;
const BOARD_LIMIT = 5_000;
const FILTERS = ['level', 'state', 'community', 'q'];

const feed = new Feed();
const form = /** @type {HTMLFormElement} */ ($('filters'));
const list = $('queue');

/** What sorting and counting need of a card, worked out once. @type {WeakMap<CallCard, ReturnType<typeof orderOf> & {due: number, breached: boolean}>} */
const keys = new WeakMap();

/**
 * The cards by which the shown order was made. One that has gone while the order is held stays in sight from here, crossed out.
 * @type {Map<string, CallCard>}
 */
let shown = new Map();

let touchedAt = -HOLD_FOR;
let total = 0;

const queue = new Queue(list, (callNo) => feed.cards.get(callNo) ?? shown.get(callNo), () => feed.now(), (callNo) => !feed.cards.has(callNo));
const pane = new Pane($('detail'), feed, () => list.focus());

/** @param {CallCard} card */
function keyOf(card) {
  let key = keys.get(card);
  if (!key) {
    const owed = allOwed(card);
    const due = standsStill(card) ? Infinity : Math.min(...owed.map((answer) => Date.parse(answer.due)));
    key = { ...orderOf(card), due, breached: owed.some((answer) => answer.breached) };
    keys.set(card, key);
  }
  return key;
}

/** @param {CallCard} card @param {number} now */
const isOverdue = (card, now) => keyOf(card).breached || keyOf(card).due < now;

/** @returns {Record<string, string>} */
const filters = () => Object.fromEntries(FILTERS.map((name) => [name, /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value.trim()]));

/** The cases that pass the filters, most urgent first. */
function wanted() {
  const { level, state, community, q } = filters();
  const now = feed.now();
  const number = q.toUpperCase();
  const found = [];
  for (const card of feed.cards.values()) {
    if (level && card.level !== level) continue;
    if (state && (state === 'overdue' ? !isOverdue(card, now) : card.state !== state)) continue;
    if (community && card.community !== community) continue;
    if (number && !card.callNo.includes(number)) continue;
    found.push(keyOf(card));
  }
  return found.sort(byUrgency);
}

const isHeld = () => performance.now() - touchedAt < HOLD_FOR && queue.order.length > 0;

/** @param {boolean} [now] show the new order even if the old one is held */
function refresh(now = false) {
  const next = wanted();
  const waiting = now || !isHeld() ? 0 : differences(next);
  if (waiting === 0) {
    shown = new Map(next.map((key) => [key.callNo, /** @type {CallCard} */ (feed.cards.get(key.callNo))]));
    queue.show(next.map((key) => key.callNo));
  } else {
    queue.draw();
  }
  $('held').hidden = waiting === 0;
  if (waiting > 0) setText($('held'), w('ui.desk.held', waiting));
  $('queue-empty').hidden = queue.order.length > 0;
  figures();
  showSurges();
}

/** What is shown of the surges, so that an unchanged line is not drawn again. */
let surging = '';

/** Same-cause surges stand over the list, one line each. */
function showSurges() {
  const found = street.surge ? surges(feed.cards.values(), street.surge) : [];
  const text = JSON.stringify(found);
  if (text === surging) return;
  surging = text;
  $('surges').hidden = found.length === 0;
  $('surges').replaceChildren(...found.map((one) => h('li.surge', { 'data-surge': `${one.community} ${one.category}` },
    h('b', null, w('ui.surge.title')), ' ', w('ui.surge.line', categoryName(one.category), one.grid ? gridName(one.grid) : communityName(one.community), one.calls.length), ' ',
    h('span.soft', null, w('ui.surge.since', when(one.since, feed.now()))))));
}

/** How many rows would come, go or move. @param {ReturnType<typeof wanted>} next */
function differences(next) {
  let stayed = 0;
  let count = 0;
  for (const key of next) {
    const card = shown.get(key.callNo);
    const before = card && keyOf(card);
    if (before) stayed++;
    if (!before || before.first !== key.first || before.breach !== key.breach) count++;
  }
  return count + (shown.size - stayed);
}

function figures() {
  const now = feed.now();
  let [ringing, overdue, verify] = [0, 0, 0];
  for (const card of feed.cards.values()) {
    if (card.state === 'ringing') ringing++;
    else if (card.state === 'resolved') verify++;
    if (isOverdue(card, now)) overdue++;
  }
  // The board holds the nearest breaches; past its limit the number of all cases is the one that was read with it.
  figure('open', Math.max(feed.cards.size, total > BOARD_LIMIT ? total : 0));
  figure('ringing', ringing);
  figure('overdue', overdue);
  figure('verify', verify);
}

/** @param {string} name @param {number} value */
function figure(name, value) {
  setText($('figure-' + name), String(value));
  /** @type {HTMLElement} */ ($('figure-' + name).parentElement).classList.toggle('abnormal', name === 'overdue' && value > 0);
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || target.closest('dialog')) return;
  if (target.matches('input, select, textarea')) {
    if (event.key === 'Escape') list.focus();
    return;
  }
  const inList = target === list;
  const key = event.key.toLowerCase();
  if (key === 'j' || (inList && key === 'arrowdown')) queue.move(1);
  else if (key === 'k' || (inList && key === 'arrowup')) queue.move(-1);
  else if (inList && key === 'pagedown') queue.move(10);
  else if (inList && key === 'pageup') queue.move(-10);
  else if (key === 'enter' && inList && queue.selected) pane.open(queue.selected);
  else if (key === 'r') refresh(true);
  else if (key === '/') /** @type {HTMLElement} */ (form.elements.namedItem('q')).focus();
  else if (key === 'escape') pane.close();
  else return;
  touchedAt = key === 'r' || key === 'escape' ? -HOLD_FOR : performance.now();
  if ('jk'.includes(key)) list.focus({ preventScroll: true });
  event.preventDefault();
}

function readFilters() {
  const asked = new URLSearchParams(location.search);
  for (const name of FILTERS) /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value = asked.get(name) ?? '';
}

function onFilter() {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(filters())) value ? address.searchParams.set(name, value) : address.searchParams.delete(name);
  history.replaceState(null, '', address);
  list.scrollTop = 0;
  refresh(true);
}

/** The first picture by compressed HTTP; without it the feed's own snapshot does. */
async function loadBoard() {
  const answer = await fetch('/api/board?limit=' + BOARD_LIMIT).catch(() => null);
  if (!answer?.ok) return;
  /** @type {import('./contracts.js').Board} */
  const board = await answer.json();
  total = board.total;
  feed.adopt(board);
}

async function start() {
  await loadStreet();
  $('community').append(...street.communities.map((one) => h('option', { value: one.code }, nameOf(one))));
  readFilters();
  const paint = paced(() => { refresh(); pane.refresh(); }, PAINTS_A_SECOND);
  feed.addEventListener('change', paint);
  queue.addEventListener('choose', (event) => pane.peek(/** @type {CustomEvent<string>} */ (event).detail));
  queue.addEventListener('open', (event) => pane.open(/** @type {CustomEvent<string>} */ (event).detail));
  list.addEventListener('pointermove', () => { touchedAt = performance.now(); }, { passive: true });
  list.addEventListener('pointerleave', () => { touchedAt = -HOLD_FOR; paint(); });
  $('held').addEventListener('click', () => { touchedAt = -HOLD_FOR; refresh(true); });
  form.addEventListener('input', onFilter);
  form.addEventListener('reset', () => setTimeout(onFilter));
  form.addEventListener('submit', (event) => event.preventDefault());
  document.addEventListener('keydown', onKey);
  showLink(feed);
  feed.addEventListener('link', () => say(w('ui.link.' + feed.link)));
  setInterval(() => { queue.tick(); pane.tick(); paint(); }, 1_000);
  await loadBoard();
  await feed.run();
}

await start();
