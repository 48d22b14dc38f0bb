// The duty officer's queue.

import { Thresholds } from '../../js/case/alarm.js';
import { Bell } from '../../js/case/bell.js';
import { BOARD_LIMIT, FILTERS, arrange, count, isOver, keyOf, readBoard } from '../../js/case/board.js';
import { get, request } from '../../js/kernel/client.js';
import { when } from '../../js/case/clock.js';
import { contacts } from '../../js/case/contact.js';
import { isMatter, loadProcedures, matterAddress, matterHead } from '../../js/case/matter.js';
import { $, h, say, setAttr, setText, toast } from '../../js/kernel/dom.js';
import { Events } from '../../js/case/events.js';
import { Feed } from '../../js/case/feed.js';
import { FLOOD_FROM } from '../../js/case/flood.js';
import { giveToHeap, heapNodes, isForHeap, leading } from '../../js/case/heap.js';
import { loadDetail } from '../../js/case/detail.js';
import { Keys } from '../../js/kernel/keys.js';
import { counted, insist, nothing, paced, showLink, ticking } from '../../js/case/link.js';
import { CallerNotes } from '../../js/case/notes.js';
import { need } from '../../js/case/mine.js';
import { Pane } from '../../js/case/pane.js';
import { Queue } from '../../js/case/queue.js';
import { hearers, showReach } from '../../js/case/reach.js';
import { Told } from '../../js/case/told.js';
import { opensHere } from '../../js/case/search.js';
import { Beside } from '../../js/case/beside.js';
import { armedBy, ring } from '../../js/kernel/sound.js';
import { categoryName, communityName, gridName, loadStreet, street, teamName } from '../../js/kernel/street.js';
import { intake } from './intake.js';
import { surges } from './surge.js';
import { undo } from '../../js/kernel/undo.js';
import { nameOf, w, wordOf } from '../../js/kernel/words.js';

/** @typedef {import('../../js/contracts.js').CallCard} CallCard */
/** @typedef {import('../../js/contracts.js').MatterCard} MatterCard */

const PAINTS_A_SECOND = 5;
/** Nobody reads what happens faster than this. */
const EVENTS_A_SECOND = 1;
// A row under the cursor or the focus never moves: the new order waits this long after the last mouse move or key.
const HOLD_FOR = 10_000;
/** In ms. */
const COUNT_AGAIN = 60_000;
/** The figures that the nearest breaches tell. */
const BY_BREACH = ['soon', 'overdue'];
/** As in desk.css, in pixels. */
const NARROW = 1_100;
/** Filters set by a link, as named beside the fields. @type {Record<string, (code: string) => string>} */
const CHIPS = { grid: gridName, team: teamName, flag: (code) => wordOf('ui.flag.', code) };

const feed = new Feed();
const title = document.title;
const form = /** @type {HTMLFormElement} */ ($('filters'));
const list = $('queue');
/** @type {import('../../js/contracts.js').Me} */
let me = { userName: '', role: '', post: null, postKind: null, team: null, community: null, grid: null, onDuty: false };

/** The cards of the order on screen: one that left while the order is held stays visible from here, crossed out. @type {Map<string, CallCard|MatterCard>} */
let shown = new Map();
/** @type {ReturnType<typeof arrange>} */
let board = { keys: [], fresh: 0, flood: false, rows: [], heaps: new Map(), matters: 0 };
/** The groups that someone has opened. @type {Set<string>} */
const opened = new Set();
/** @type {Record<string, string>} */
const linked = {};
let touchedAt = -HOLD_FOR;
let total = 0;

const thresholds = new Thresholds();
const queue = new Queue(list, find, () => feed.now());
const notes = new CallerNotes();
const contact = contacts(() => me);
const events = new Events(feed);
const told = new Told(() => feed.now());
const beside = new Beside(() => addressed(), () => feed.now());
let eventsShown = 0;
const pane = new Pane($('detail'), feed, {
  opened: (callNo) => { follow(callNo); void beside.look(); },
  closed: () => { turnWhole(false); notes.closed(); list.focus(); follow(null); },
  held: true,
  more: (detail) => [beside.element, notes.shown(detail, feed.now()), contact(detail), told.of(detail.call.callNo)].filter((node) => node instanceof Node),
  idle: () => events.nodes(),
  whole: () => turnWhole(!$('board-grid').classList.contains('whole')),
});
const bell = new Bell(feed, { me: () => me, isInSight: (callNo) => !isCovered() && queue.isInSight(callNo), jump });

/** Gives the open case the whole page, or half of it again. @param {boolean} on */
function turnWhole(on) {
  $('board-grid').classList.toggle('whole', on);
  if (!on) queue.draw();
}

/** 代录, beside the queue; on a narrow screen it has a page of its own. */
function record() {
  const link = document.getElementById('intake-link');
  if (!link) return;
  if (innerWidth <= NARROW) {
    location.assign('/intake');
    return;
  }

  follow(null);
  const panel = intake(feed, { open: (callNo) => { void pane.open(callNo); }, again: record, done: () => pane.close() });
  pane.aside(...panel.nodes);
  panel.focus();
}

/** An open case has an address of its own: /desk/W260311-00004. @returns {string|null} */
const addressed = () => /^\/desk\/([^/]+)$/.exec(location.pathname)?.[1].toUpperCase() ?? null;

/** The address follows what is open, so that back, reload and a link in a message lead to the same case. @param {string|null} callNo @param {'pushState'|'replaceState'} how */
function follow(callNo, how = 'pushState') {
  bell.title = [callNo, title].filter(Boolean).join(' · ');
  if (callNo === addressed()) return;
  const address = new URL(location.href);
  address.pathname = callNo ? '/desk/' + encodeURIComponent(callNo) : '/desk';
  history[how](null, '', address);
}

/** Opens what the address says. */
function goToAddress() {
  const callNo = addressed();
  if (callNo?.startsWith('M')) {
    location.replace(matterAddress(callNo));
    return;
  }

  readFilters(new URLSearchParams(location.search));
  refresh(true);
  if (!callNo) pane.close();
  else if (callNo !== pane.callNo) {
    queue.select(callNo);
    void pane.open(callNo);
  }
}

/** On a narrow screen an open case covers the list. */
const isCovered = () => innerWidth <= NARROW && $('detail').classList.contains('open');

/** Scrolls a case into view in the current order; clears the filters if they hide it. @param {string} callNo */
function jump(callNo) {
  touchedAt = -HOLD_FOR;
  if (isCovered()) pane.close();
  if (!arrangeAll().keys.some((key) => key.callNo === callNo)) {
    readFilters(new URLSearchParams());
    onFilter();
  } else refresh(true);
  queue.select(callNo);
  list.focus({ preventScroll: true });
}

/** What the filters leave of whistles and other matters. */
function arrangeAll() {
  const now = feed.now();
  return arrange(feed.cards.values(), filters(), now, opened, feed.matters.values(), (card) => need(card, me, now) !== null);
}

/** @param {string} id @returns {import('../../js/case/queue.js').Shown} */
function find(id) {
  const heap = board.heaps.get(id);
  const callNo = heap ? heap.members[0] : id;
  const card = feed.cards.get(callNo) ?? feed.matters.get(callNo) ?? shown.get(callNo);
  if (heap) return { card, heap: { count: heap.members.length, open: heap.open }, news: heap.members.some(hasNews) };
  return { card, news: hasNews(id), need: card && need(card, me, feed.now()), unheard: card && !isMatter(card) && card.state === 'ringing' && hearers(card)?.online === 0, gone: !feed.cards.has(id) && !feed.matters.has(id), inHeap: card !== undefined && !keyOf(card).urgent && board.heaps.has('=' + keyOf(card).heap) };
}

/** @param {string} callNo */
function hasNews(callNo) {
  const card = feed.cards.get(callNo);
  return card !== undefined && notes.isUnread(card);
}

/** In a flood, only notes on cases the desk itself is handling make a sound. */
function hearNotes() {
  const news = notes.news(feed.cards.values());
  if (news.some((card) => !board.flood || card.lead?.post === me.postKind)) bell.note();
}

/** @param {string} name */
const field = (name) => /** @type {HTMLInputElement|null} */ (form.elements.namedItem(name));

/** @returns {Record<string, string>} */
const filters = () => Object.fromEntries(FILTERS.map((name) => [name, field(name)?.value.trim() ?? linked[name] ?? '']));

const isHeld = () => performance.now() - touchedAt < HOLD_FOR && queue.order.length > 0;

/** @param {boolean} [now] shows the new order even if the old one is held */
function refresh(now = false) {
  const next = arrangeAll();
  const { count: waiting, urgent } = now || !isHeld() ? { count: 0, urgent: false } : differences(next.keys);
  if (waiting === 0) {
    board = next;
    shown = new Map(next.keys.map((key) => [key.callNo, key.card]));
    queue.show(next.rows);
  } else {
    queue.draw();
  }
  $('held').hidden = waiting === 0;
  if (waiting > 0) setText($('held'), w(urgent ? 'ui.desk.heldUrgent' : 'ui.desk.held', waiting));
  $('held').classList.toggle('urgent', urgent);
  $('queue-empty').hidden = queue.order.length > 0;
  setText($('queue-empty'), nothing(feed, feed.cards.size + feed.matters.size === 0 ? 'ui.desk.calm' : 'ui.desk.empty'));
  $('flood').hidden = !next.flood;
  if (next.flood) setText($('flood-text'), next.fresh >= FLOOD_FROM ? w(board.heaps.size > 0 ? 'ui.flood.banner' : 'ui.flood.ungrouped', next.fresh, board.heaps.size) : w('ui.flood.still', board.heaps.size));
  if (events.count !== eventsShown) tell();

  renewHeap();
  figures(next.keys.length - next.matters, next.matters);
  showSurges();
}

/** What happens, while no case is open; a line under the cursor stays. In a frame of its own, so that a flood's rows do not wait for it. */
const tell = paced(() => {
  if (pane.callNo || $('detail').contains(document.activeElement) || $('detail').matches(':hover')) return;
  eventsShown = events.count;
  pane.rest();
}, EVENTS_A_SECOND);

/** The surges on screen, so an unchanged line is not redrawn. */
let surging = '';
let surgedAt = -Infinity;

/** Same-cause surges, below the list so that they push nothing: their number, and behind it a line for each, which shows its cases. */
function showSurges() {
  if (performance.now() - surgedAt < 2_000) return; // covers all cards, so not at every change
  surgedAt = performance.now();
  const found = street.surge ? surges(feed.cards.values(), street.surge) : [];
  const text = JSON.stringify(found);
  if (text === surging) return;
  surging = text;
  $('surge-box').hidden = found.length === 0;
  setText($('surge-count'), String(found.length));
  $('surges').replaceChildren(...found.map((one) => h('li', { 'data-surge': `${one.community} ${one.category}` },
    h('button.quiet', { type: 'button', onclick: () => showOnly({ kind: 'whistle', category: one.category, community: one.community, ...(one.grid ? { grid: one.grid } : {}) }) },
      w('ui.surge.line', categoryName(one.category), one.grid ? gridName(one.grid) : communityName(one.community), one.calls.length), ' ',
      h('span.soft', null, w('ui.surge.since', when(one.since, feed.now())))))));
}

/** The number of rows that would appear, leave or move, and whether anything urgent is among them. @param {import('../../js/case/board.js').AnyKey[]} next */
function differences(next) {
  let stayed = 0;
  let differ = 0;
  let urgent = false;
  for (const key of next) {
    const card = shown.get(key.callNo);
    const before = card && keyOf(card);
    if (before) stayed++;
    if (before && before.first === key.first && before.breach === key.breach) continue;
    differ++;
    urgent ||= key.urgent;
  }
  return { count: differ + (shown.size - stayed), urgent };
}

/** The figures count whistles; the line below the list counts both. @param {number} passing @param {number} matters */
function figures(passing, matters) {
  const now = feed.now();
  const figures = count(feed.cards.values(), now);
  // The board holds the nearest breaches; beyond its limit, the number of all cases is the one read along with it.
  const open = Math.max(feed.cards.size, total > BOARD_LIMIT ? total : 0);
  let mine = 0;
  for (const cards of [feed.cards, feed.matters]) for (const card of cards.values()) if (need(card, me, now)) mine++;
  // Of the cases beyond the board it is only known that they are not due before those on it.
  const isLeast = (/** @type {string} */ name, /** @type {number} */ value) => open > feed.cards.size && name !== 'open' && (!BY_BREACH.includes(name) || value >= feed.cards.size);
  for (const [name, value] of Object.entries({ mine, open, ...figures })) {
    setText($('figure-' + name), !feed.sure || !isLeast(name, value) ? counted(feed, value) : value > 0 ? value + '+' : w('ui.unknown'));
    /** @type {HTMLElement} */ ($('figure-' + name).parentElement).classList.toggle('abnormal', name === 'overdue' && value > 0);
    /** @type {HTMLElement} */ ($('figure-' + name).parentElement).classList.toggle('mine', name === 'mine' && value > 0);
  }
  const others = matters > 0 ? w('ui.desk.matters', matters) : '';
  setText($('queue-count'), feed.inParts || (open === 0 && !feed.sure) ? '' : (passing === open ? w('ui.desk.all', open) : w('ui.desk.some', passing, open)) + others);
}

/** @param {string} id */
function open(id) {
  if (isMatter(find(id).card)) {
    location.assign(matterAddress(id));
    return;
  }
  const heap = board.heaps.get(id);
  if (!heap) {
    pane.open(id);
    return;
  }
  heap.open ? opened.delete(id) : opened.add(id);
  refresh(true);
  showHeap(id, true);
}

/** The heap in the pane, and what its leading case allows, once that was read. @type {{id: string, members: string, detail: import('../../js/contracts.js').CallDetail|null}|null} */
let heaped = null;

/** @param {string} id @returns {CallCard[]} */
const cardsOf = (id) => (board.heaps.get(id)?.members ?? []).flatMap((/** @type {string} */ callNo) => feed.cards.get(callNo) ?? []);

/** Shows a heap; if it is opened, with the commands for all of it. @param {string} id @param {boolean} [read] */
async function showHeap(id, read = false) {
  const same = heaped?.id === id ? heaped : null;
  const cards = cardsOf(id);
  heaped = { id, members: cards.map((card) => card.callNo).join(' '), detail: same?.detail ?? null };
  pane.aside(...heapNodes(cards, feed.now(), heaped.detail, (command) => giveHeap(id, command), (callNo) => pane.open(callNo)));
  if (!read || heaped.detail) return;
  const detail = await loadDetail(leading(cards).callNo);
  if ('problem' in detail || heaped?.id !== id) return;
  heaped.detail = detail;
  void showHeap(id);
}

/** What has come to the heap in the pane, or left it, is shown there; a heap that is no more leaves. */
function renewHeap() {
  if (!heaped) return;
  if (queue.selected !== heaped.id || pane.callNo) heaped = null;
  else if (!board.heaps.has(heaped.id)) pane.close();
  else if (heaped.members !== cardsOf(heaped.id).map((card) => card.callNo).join(' ')) void showHeap(heaped.id);
}

/** Gives one command to all of a heap; the case that leads them is selected afterwards. @param {string} id @param {string} command */
async function giveHeap(id, command) {
  const lead = await giveToHeap(command, cardsOf(id), feed.now(), heaped?.id === id ? heaped.detail : null);
  if (lead && command === 'merge') queue.select(lead, true);
}

/** Shows what the feed knows of a row. @param {string} id */
function peek(id) {
  const { card } = find(id);
  if (isMatter(card)) pane.aside(matterHead(card, feed.now()));
  else if (board.heaps.has(id)) void showHeap(id);
  else pane.peek(id);
  if (addressed() !== pane.callNo) follow(null, 'replaceState'); // what was open is so no longer
}

/** Opens the selected row; the first, the most urgent, if none is. */
function openSelected() {
  if (!queue.selected && queue.order.length > 0) queue.select(queue.order[0]);
  if (queue.selected) open(queue.selected);
}

/** Gives a command on the selected case or heap, as if its button had been pressed. @param {string} command @param {string} [buttons] see Pane */
function give(command, buttons) {
  if (!queue.selected || isMatter(find(queue.selected).card)) return;
  if (!board.heaps.has(queue.selected)) pane.give(queue.selected, command, buttons);
  else if (isForHeap(command)) void giveHeap(queue.selected, command);
  else toast(w('ui.heap.notForAll', w('ui.command.' + command)));
}

const keys = new Keys(list, [
  { keys: ['j'], name: 'down', act: () => queue.move(1) }, { keys: ['k'], name: 'up', act: () => queue.move(-1) },
  { keys: ['arrowdown'], name: 'down', act: () => queue.move(1), list: true }, { keys: ['arrowup'], name: 'up', act: () => queue.move(-1), list: true },
  { keys: ['pagedown'], name: 'page', act: () => queue.move(10), list: true }, { keys: ['pageup'], name: 'page', act: () => queue.move(-10), list: true },
  { keys: ['enter'], name: 'open', act: () => openSelected(), list: true },
  { keys: ['a'], name: 'accept', act: () => give('accept') }, { keys: ['d'], name: 'designate', act: () => give('designate') },
  { keys: ['e'], name: 'handUp', act: () => give('handUp') }, { keys: ['m'], name: 'merge', act: () => give('merge') },
  { keys: ['s'], name: 'summon', act: () => give('summon') }, { keys: ['c'], name: 'correct', act: () => give('correct') },
  { keys: ['g'], name: 'grant', act: () => give('grant', '[data-command^="grant-"]') },
  { keys: ['p'], name: 'emergency', act: () => give('emergency', '.called button, .acts:not(:has(.called)) [data-command="emergency"]') },
  { keys: ['n'], name: 'record', act: record },
  { keys: ['z'], name: 'undo', act: () => { if (!undo()) toast(w('ui.undo.none')); } }, { keys: ['r'], name: 'refresh', act: () => refresh(true) },
  { keys: ['/'], name: 'search', act: () => {} }, { keys: ['?'], name: 'help', act: () => keys.help() },
  { keys: ['f'], name: 'whole', act: () => { if (pane.callNo) turnWhole(!$('board-grid').classList.contains('whole')); } },
  { keys: ['escape'], name: 'close', act: () => { if ($('board-grid').classList.contains('whole')) turnWhole(false); else pane.close(); } },
], (key) => {
  touchedAt = key === 'r' || key === 'escape' ? -HOLD_FOR : performance.now();
  if (key === 'j' || key === 'k') list.focus({ preventScroll: true });
});

/** @param {URLSearchParams} asked */
function readFilters(asked) {
  for (const name of FILTERS) {
    const input = field(name);
    if (input) input.value = asked.get(name) ?? '';
    else if (asked.get(name)) linked[name] = /** @type {string} */ (asked.get(name));
    else delete linked[name];
  }
  $('chips').replaceChildren(...Object.entries(linked).map(([name, code]) =>
    h('button.chip', { type: 'button', onclick: () => { delete linked[name]; onFilter(); } }, CHIPS[name](code), h('span', { 'aria-hidden': 'true' }, ' ×'), h('span.visually-hidden', null, w('ui.filter.remove')))));
}

function onFilter() {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(filters())) value ? address.searchParams.set(name, value) : address.searchParams.delete(name);
  history.replaceState(null, '', address);
  readFilters(address.searchParams);
  list.scrollTop = 0;
  refresh(true);
}

/** Sets the filters to these alone. @param {Record<string, string>} asked */
function showOnly(asked) {
  readFilters(new URLSearchParams(asked));
  onFilter();
  list.focus({ preventScroll: true });
}

/** A number opens its rows without reloading the page. @param {MouseEvent} event */
function onFigure(event) {
  const link = /** @type {HTMLAnchorElement|null} */ (/** @type {HTMLElement} */ (event.target).closest('a[data-figure]'));
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  showOnly(Object.fromEntries(new URL(link.href).searchParams));
}

function everySecond() {
  const now = feed.now();
  const cards = [...feed.cards.values()];
  thresholds.look(new Set(cards.filter((card) => isOver(keyOf(card), now)).map((card) => card.callNo)));
}

/** Cases beyond the board send no changes here: their number is read. */
async function countAgain() {
  if (total <= BOARD_LIMIT || document.hidden) return;
  total = (await get('/api/board?limit=1'))?.total ?? total;
}

async function start() {
  showLink(feed);
  const [answer] = await Promise.all([insist(() => request('/api/me')), insist(loadStreet), loadProcedures()]);
  if (answer.ok) me = await answer.json();
  notes.begin(me.userName);
  notes.addEventListener('read', () => queue.draw());
  $('sound').hidden = !bell.rings;
  armedBy($('sound'), () => {
    setAttr($('sound'), 'aria-pressed', String(ring.armed));
    setAttr($('sound'), 'data-sound', ring.armed ? 'on' : 'off');
    setText($('sound-text'), w(ring.armed ? 'ui.sound.armed' : 'ui.sound.muted'));
  });
  $('community').append(...street.communities.map((one) => h('option', { value: one.code }, nameOf(one))));
  $('category').append(...street.categories.map((one) => h('option', { value: one.code }, nameOf(one))));
  readFilters(new URLSearchParams(location.search));
  void showReach(() => feed.now());
  const paint = paced(() => { refresh(); pane.refresh(); hearNotes(); }, PAINTS_A_SECOND);
  feed.addEventListener('change', paint);
  feed.addEventListener('matters', paint);
  feed.addEventListener('link', paint);
  queue.addEventListener('choose', (event) => peek(/** @type {CustomEvent<string>} */ (event).detail));
  queue.addEventListener('open', (event) => open(/** @type {CustomEvent<string>} */ (event).detail));
  list.addEventListener('pointermove', () => { touchedAt = performance.now(); }, { passive: true });
  list.addEventListener('pointerleave', () => { touchedAt = -HOLD_FOR; paint(); });
  $('held').addEventListener('click', () => { touchedAt = -HOLD_FOR; refresh(true); });
  $('figures').addEventListener('click', onFigure);
  document.getElementById('intake-link')?.addEventListener('click', (event) => {
    if (innerWidth <= NARROW || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    record();
  });
  $('keys-help').addEventListener('click', () => keys.help());
  form.addEventListener('input', onFilter);
  form.addEventListener('reset', () => setTimeout(() => { for (const name of Object.keys(linked)) delete linked[name]; onFilter(); }));
  form.addEventListener('submit', (event) => event.preventDefault());
  feed.addEventListener('link', () => say(w('ui.link.' + feed.link)));
  opensHere((callNo) => { queue.select(callNo); void pane.open(callNo); });
  addEventListener('popstate', goToAddress);
  ticking(() => { queue.tick(); pane.tick(); everySecond(); paint(); }, 1_000);
  ({ total } = await readBoard(feed));
  setInterval(countAgain, COUNT_AGAIN);
  if (addressed()) goToAddress();
  else if (document.activeElement === document.body) list.focus({ preventScroll: true });
  await feed.run();
}

await start();
