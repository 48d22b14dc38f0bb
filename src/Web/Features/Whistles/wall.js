// The kiosk: what the street has to watch, readable from across the room. Nothing to press, no person, no scrolling: what does not fit is
// counted. With ?distance=6 (metres; ?inch= is the screen's diagonal) its letters are as high as the farthest seat needs. In the hand it is
// one column, which scrolls.

import { isOver, isSoon, keyOf, readBoard } from '../../js/case/board.js';
import { byUrgency, clockOf, glyph, isGrave, isInHand, levelBadge, stateWords, what } from '../../js/case/card.js';
import { whenNear } from '../../js/case/clock.js';
import { to } from '../../js/kernel/ask.js';
import { read } from '../../js/kernel/client.js';
import { $, setAttr, setText } from '../../js/kernel/dom.js';
import { Feed } from '../../js/case/feed.js';
import { fold } from '../../js/case/flood.js';
import { Bell } from '../../js/case/bell.js';
import { counted, insist, nothing as noneOf, paced, showLink } from '../../js/case/link.js';
import { StreetMap } from './map.js';
import { makeRing, turnRing } from '../../js/case/ring.js';
import { communityShort, gridName, loadStreet, street, teamName } from '../../js/kernel/street.js';
import { html, nothing, render, svg } from '../../lib/lit/lit.js';
import { w, wordOf } from '../../js/kernel/words.js';

const TOP = 10;
const TODAY_EVERY = 60_000;
const USUAL_DISTANCE = 3;
const USUAL_INCH = 55;
const MM_PER_INCH = 25.4;
// 16 minutes of arc for a Chinese character, which fills nine tenths of its font size.
const ARC = Math.tan((16 / 60) * (Math.PI / 180));
const FILLS = 0.9;
/** In pixels: the letter size at a desk. */
const LEAST = 16;
/** With this many letters in a row a case fits on one line; with fewer it takes two. */
const ONE_LINE = 70;
/** In pixels: a narrower window is held in the hand, or enlarged by someone who needs it. */
const HAND = 900;

const feed = new Feed();
const map = /** @type {StreetMap} */ ($('map'));
/** Where numbers link to, for people who may go there; on a kiosk they link nowhere. */
const desk = $('wall').dataset.desk ?? '';
/** @type {import('../../js/contracts.js').TodayView|null} */
let today = null;
/** @type {import('../../js/contracts.js').Me} */
let me = { userName: '', role: '', post: null, postKind: null, team: null, community: null, grid: null, onDuty: false };
/** The server's time of the last frame: the age of what is shown. */
let dataAt = 0;

/** Sizes the letters for the farthest seat, on a screen of any resolution, and picks the layout that fits them. */
function scale() {
  const asked = new URLSearchParams(location.search);
  const within = (/** @type {string} */ name, /** @type {number} */ usual, /** @type {number} */ least, /** @type {number} */ most) => Math.min(most, Math.max(least, Number(asked.get(name)) || usual));
  const height = within('distance', USUAL_DISTANCE, 1, 12) * 1_000 * ARC;
  const pixel = (within('inch', USUAL_INCH, 10, 200) * MM_PER_INCH) / Math.hypot(screen.width, screen.height);
  const hand = innerWidth <= HAND;
  const size = hand ? LEAST : Math.max(LEAST, height / FILLS / pixel);
  document.documentElement.style.fontSize = size.toFixed(1) + 'px';
  setAttr(document.body, 'data-seat', hand ? 'hand' : innerWidth / size < ONE_LINE ? 'far' : 'near');
}

/** @param {Record<string, string>} query @param {unknown} content */
const link = (query, content) => (desk ? html`<a href=${to(desk, query)}>${content}</a>` : content);

/** @param {string} name @param {number|string} value @param {Record<string, string>} query @param {string} [tone] */
const figure = (name, value, query, tone = '') => html`<div class=${'wall-figure ' + tone} data-figure=${name}>${link(query, html`<b>${value}</b><span>${w('ui.figure.' + name)}</span>`)}</div>`;

function figures(/** @type {import('../../js/case/board.js').Key[]} */ keys, /** @type {number} */ now) {
  const over = keys.filter((key) => isOver(key, now)).length;
  const soon = keys.filter((key) => isSoon(key, now)).length;
  render(html`
    ${figure('overdue', counted(feed, over), { state: 'overdue' }, over > 0 ? 'abnormal' : '')}${figure('soon', counted(feed, soon), { state: 'soon' }, soon > 0 ? 'near' : '')}
    ${figure('ringing', counted(feed, keys.filter((key) => key.ringing).length), { state: 'ringing' })}${figure('open', counted(feed, keys.length), {})}
    <div class="wall-figure"><b>${today?.received ?? w('ui.unknown')}</b><span>${w('ui.wall.today')}</span></div>
    <div class="wall-figure hours" role="img" aria-label=${w('ui.wall.hours', (today?.hours ?? []).join(' '))}>${bars()}<span aria-hidden="true">${today ? w('ui.wall.hoursTitle', Math.max(0, ...today.hours)) : w('ui.unknown')}</span></div>
    <div class="wall-figure stamp"><b>${dataAt > 0 ? clock.format(dataAt) : w('ui.unknown')}</b><span>${document.body.dataset.seat === 'near' ? w('ui.wall.stamp') + ' ' : nothing}${dataAt > 0 ? day.format(dataAt) : nothing}</span></div>`, $('figures'));
}

/** The day's whistles by hour, one column each. */
function bars() {
  const hours = today?.hours ?? [];
  const most = Math.max(1, ...hours);
  return html`<svg viewBox="0 0 96 24" preserveAspectRatio="none" aria-hidden="true">${hours.map((count, hour) => {
    const height = Math.max((count / most) * 23, 0.6);
    return svg`<rect x=${hour * 4} y=${23 - height} width="3" height=${height}></rect>`;
  })}</svg>`;
}

const day = new Intl.DateTimeFormat(document.documentElement.lang, { month: 'numeric', day: 'numeric', weekday: 'short', timeZone: 'Asia/Shanghai' });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone: 'Asia/Shanghai' });

/** Who is in charge of the street now, as a post, and the desk's number: no person. */
function watch() {
  const led = today?.ledBy;
  setAttr($('watch'), 'data-tone', today && !led ? 'over' : 'calm');
  setText($('watch'), !today ? '' : [led ? w('ui.wall.ledBy', wordOf('post.', led)) : w('ui.wall.ledByNobody'), street.dutyPhone].filter(Boolean).join(' · '));
}

/** A row: a case, or those of one cause that nobody has accepted. @typedef {{key: import('../../js/case/board.js').Key, count: number}} Row */

/** @param {Row} row @param {number} now */
function line({ key: { card }, count }, now) {
  const { tone, short, share, deadline } = clockOf(card, now, whenNear);
  const { box, arc } = makeRing();
  turnRing(arc, share);
  return html`<li data-tone=${tone} data-no=${card.callNo} data-count=${count}>${box}<b class="left">${short ?? stateWords(card)}</b>${levelBadge(card)}${glyph(card)}
    <span class="wall-what">${what(card)}${count > 1 ? html` <b class="wall-count">×${count}</b>` : nothing}</span>
    <span class="wall-where">${communityShort(card.community)}<span class="wall-grid-name"> · ${gridName(card.grid)}</span> · ${handlerOf(card)}</span><span class="wall-by">${deadline}</span></li>`;
}

/** The team or the post that has it, or how many teams it rings. @param {import('../../js/contracts.js').CallCard} card */
function handlerOf(card) {
  const teams = card.lead ? (card.lead.team ? [card.lead.team] : []) : card.rung === 'team' ? card.teams : [];
  if (teams.length > 1) return w('ui.wall.rings', teams.length);
  // Its community stands before it.
  if (teams.length === 1) return teamName(teams[0]).replace(communityShort(card.community), '').trim();
  return card.lead ? wordOf('post.', card.lead.post) : wordOf('ui.rung.', card.rung);
}

/** Whose hands a case is in: its lead's, or those of every team it rings. @param {import('../../js/case/board.js').Key} key */
const handsOf = ({ card, ringing }) => (card.lead?.team ? [card.lead.team] : ringing ? card.teams : []);

/** Each team's load. A case that rings several teams counts for each, and is nobody's own delay. @param {import('../../js/case/board.js').Key[]} keys @param {number} now */
function teams(keys, now) {
  /** @type {Map<string, {open: number, over: number}>} */
  const loads = new Map(street.teams.map((team) => [team.code, { open: 0, over: 0 }]));
  for (const key of keys) {
    const hands = handsOf(key);
    for (const code of hands) {
      const load = loads.get(code);
      if (!load) continue;
      load.open++;
      if (hands.length === 1 && isOver(key, now)) load.over++;
    }
  }
  // All of them are teams: the number in an English name must stay visible.
  const busy = [...loads].filter(([, load]) => load.open > 0).sort(([, a], [, b]) => b.over - a.over || b.open - a.open);
  render(html`${busy.map(([code, load]) => html`<li data-tone=${load.over > 0 ? 'over' : 'calm'}>${link({ team: code }, html`<span class="wall-what">${teamName(code).replace(' Team ', ' ')}</span>`)}
    ${load.over > 0 ? html`<b class="left">${w('ui.wall.late', load.over)}</b>` : nothing}<span class="n">${w('ui.wall.load', load.open)}</span></li>`)}
    ${busy.length < loads.size && (feed.sure || busy.length > 0) ? html`<li class="soft">${w('ui.wall.idle', loads.size - busy.length)}</li>` : nothing}`, $('teams'));
  const shown = fit($('teams')).filter((item) => item.dataset.tone).length;
  setText($('teams-title'), shown > 0 && shown < busy.length ? w('ui.wall.teamsOf', shown, busy.length) : w('ui.wall.teams'));
}

/** Hides items that would need scrolling, and never half a line. @param {HTMLElement} list @returns {HTMLElement[]} those still shown */
function fit(list) {
  const items = /** @type {HTMLElement[]} */ ([...list.children]);
  for (const item of items) item.hidden = false;
  const bottom = list.getBoundingClientRect().bottom;
  const over = items.map((item) => item.getBoundingClientRect().bottom > bottom + 1);
  items.forEach((item, i) => { item.hidden = over[i]; });
  return items.filter((_, i) => !over[i]);
}

/** Whether it is shown wherever in the order it stands: a life may depend on it, and it is not resolved. @param {Row} row */
const mustShow = ({ key: { card, ringing } }) => isGrave(card) && (ringing || isInHand(card));

/** One row for each cause, as at the desk while calls are many. @param {import('../../js/case/board.js').Key[]} keys most urgent first @returns {Row[]} */
function rowsOf(keys) {
  const { rows, heaps } = fold(keys, new Set());
  const byNumber = new Map(keys.map((key) => [key.callNo, key]));
  return rows.map((id) => {
    const heap = heaps.get(id);
    return { key: /** @type {import('../../js/case/board.js').Key} */ (byNumber.get(heap ? heap.members[0] : id)), count: heap ? heap.members.length : 1 };
  });
}

/** Draws rows and hides what does not fit. @param {Row[]} rows @param {number} now @returns {number} of rows shown */
function show(rows, now) {
  render(rows.length > 0 ? rows.map((row) => line(row, now)) : html`<li class="soft">${noneOf(feed, 'ui.wall.calm')}</li>`, $('top'));
  return fit($('top')).filter((item) => item.dataset.no).length;
}

/** The first rows, with all that must be shown, as far as there is room for so many. @param {Row[]} rows @param {number} room */
function choose(rows, room) {
  const must = rows.filter(mustShow).slice(0, room);
  const others = rows.filter((row) => !mustShow(row)).slice(0, room - must.length);
  return rows.filter((row) => must.includes(row) || others.includes(row));
}

/** The most urgent rows that fit; the heading says how many cases they are, and how many with a life at stake did not fit. @param {import('../../js/case/board.js').Key[]} keys @param {number} now */
function urgent(keys, now) {
  const rows = rowsOf(keys.filter((key) => key.breach < Infinity || mustShow({ key, count: 1 })));
  let top = choose(rows, TOP);
  let shown = show(top, now);
  if (shown < top.length && shown > 0) shown = show((top = choose(rows, shown)), now);
  const cases = top.slice(0, shown).reduce((sum, row) => sum + row.count, 0);
  const missing = rows.filter(mustShow).length - top.slice(0, shown).filter(mustShow).length;
  setText($('top-title'), shown === 0 ? w('ui.wall.top') : w('ui.wall.topOf', cases) + (missing > 0 ? w('ui.wall.moreGrave', missing) : ''));
}

function draw() {
  const now = feed.now();
  const keys = [...feed.cards.values()].map(keyOf).sort(byUrgency);
  figures(keys, now);
  watch();
  urgent(keys, now);
  teams(keys, now);
  /** @type {Map<string, import('./map.js').GridState>} */
  const states = new Map();
  for (const key of keys) {
    const state = states.get(key.card.grid) ?? { open: 0, over: 0, soon: 0 };
    states.set(key.card.grid, { open: state.open + 1, over: state.over + (isOver(key, now) ? 1 : 0), soon: state.soon + (isSoon(key, now) ? 1 : 0) });
  }
  map.isKnown = feed.sure || keys.length > 0;
  map.states = states;
}

async function askToday() {
  const answer = await read('/api/today');
  if ('value' in answer) today = answer.value;
}

async function whoAmI() {
  const answer = await read('/api/me');
  if ('value' in answer) me = answer.value;
}

async function start() {
  scale();
  showLink(feed);
  await Promise.all([insist(loadStreet), askToday(), whoAmI()]);
  new Bell(feed, { me: () => me, onWall: true });
  if (desk) map.leadsTo = (grid) => to(desk, { grid });
  map.load();
  const paint = paced(draw, 1);
  feed.addEventListener('change', paint);
  setInterval(() => { if (feed.link !== 'stale') paint(); }, 1_000);
  feed.addEventListener('frame', (event) => { dataAt = Date.parse(/** @type {CustomEvent<import('../../js/contracts.js').FeedFrame>} */ (event).detail.serverTime); });
  setInterval(askToday, TODAY_EVERY);
  addEventListener('resize', scale);
  new ResizeObserver(paint).observe($('wall'));
  feed.addEventListener('link', () => { setAttr($('wall'), 'data-link', feed.link); paint(); });
  dataAt = (await readBoard(feed)).at;
  await feed.run();
}

await start();
