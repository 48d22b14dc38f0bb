// The kiosk: what the street has to look at, read from across the room. Nothing to press, no person, no scrolling: what does not fit is
// counted. With ?distance=6 (metres; ?inch= the screen's diagonal) its letters are as high as the farthest seat needs.

import { isOver, isSoon, keyOf, readBoard } from './board.js';
import { byUrgency, clockOf, glyph, levelBadge, stateWords, what } from './card.js';
import { read, to } from './ask.js';
import { span } from './clock.js';
import { $, setAttr } from './dom.js';
import { Feed } from './feed.js';
import { paced, showLink } from './link.js';
import { StreetMap } from './map.js';
import { makeRing, turnRing } from './ring.js';
import { gridName, loadStreet, street, teamName } from './street.js';
import { html, nothing, render, svg } from '../lib/lit/lit.js';
import { w } from './words.js';

const TOP = 10;
const TODAY_EVERY = 60_000;
const USUAL_DISTANCE = 3;
const USUAL_INCH = 55;
const MM_PER_INCH = 25.4;
// 16 minutes of arc for a Chinese character, which fills nine tenths of its size.
const ARC = Math.tan((16 / 60) * (Math.PI / 180));
const FILLS = 0.9;
const FAR = 34;

const feed = new Feed();
const map = /** @type {StreetMap} */ ($('map'));
/** Where numbers lead, for whoever may go there; a kiosk's lead nowhere. */
const desk = $('wall').dataset.desk ?? '';
/** @type {import('./contracts.js').TodayView|null} */
let today = null;
/** The server's time of the last frame: what is shown is as old as that. */
let dataAt = 0;

/** Letters as high as the farthest seat needs. */
function scale() {
  const asked = new URLSearchParams(location.search);
  const within = (/** @type {string} */ name, /** @type {number} */ usual, /** @type {number} */ least, /** @type {number} */ most) => Math.min(most, Math.max(least, Number(asked.get(name)) || usual));
  const height = within('distance', USUAL_DISTANCE, 1, 12) * 1_000 * ARC;
  const pixel = (within('inch', USUAL_INCH, 10, 200) * MM_PER_INCH) / Math.hypot(1_920, 1_080);
  const size = Math.max(16, height / FILLS / pixel);
  document.documentElement.style.fontSize = size.toFixed(1) + 'px';
  // From far away there is room for less: what is told twice goes.
  $('wall').toggleAttribute('data-far', size > FAR);
}

/** @param {Record<string, string>} query @param {unknown} content */
const link = (query, content) => (desk ? html`<a href=${to(desk, query)}>${content}</a>` : content);

/** @param {string} name @param {number|string} value @param {Record<string, string>} query @param {string} [tone] */
const figure = (name, value, query, tone = '') => html`<div class=${'wall-figure ' + tone} data-figure=${name}>${link(query, html`<b>${value}</b><span>${w('ui.figure.' + name)}</span>`)}</div>`;

function figures(/** @type {import('./board.js').Key[]} */ keys, /** @type {number} */ now) {
  const over = keys.filter((key) => isOver(key, now)).length;
  const soon = keys.filter((key) => isSoon(key, now)).length;
  render(html`
    ${figure('overdue', over, { state: 'overdue' }, over > 0 ? 'abnormal' : '')}${figure('soon', soon, { state: 'soon' }, soon > 0 ? 'near' : '')}
    ${figure('ringing', keys.filter((key) => key.ringing).length, { state: 'ringing' })}${figure('open', keys.length, {})}
    <div class="wall-figure"><b>${today?.received ?? '–'}</b><span>${w('ui.wall.today')}</span></div>
    <div class="wall-figure hours" role="img" aria-label=${w('ui.wall.hours', (today?.hours ?? []).join(' '))}>${bars()}<span aria-hidden="true">${w('ui.wall.hoursTitle', Math.max(0, ...(today?.hours ?? [])))}</span></div>
    <div class="wall-figure stamp"><b>${dataAt > 0 ? clock.format(dataAt) : '–'}</b><span>${w('ui.wall.stamp')}</span></div>`, $('figures'));
}

/** The day's whistles by hour, a column each. */
function bars() {
  const hours = today?.hours ?? [];
  const most = Math.max(1, ...hours);
  return html`<svg viewBox="0 0 96 24" preserveAspectRatio="none" aria-hidden="true">${hours.map((count, hour) => {
    const height = Math.max((count / most) * 23, 0.6);
    return svg`<rect x=${hour * 4} y=${23 - height} width="3" height=${height}></rect>`;
  })}</svg>`;
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone: 'Asia/Shanghai' });

/** @param {import('./board.js').Key} key @param {number} now */
function line({ card, breach }, now) {
  const { tone, short, share, deadline } = clockOf(card, now);
  const { box, arc } = makeRing();
  turnRing(arc, share);
  return html`<li data-tone=${tone} data-no=${card.callNo}>${box}<b class="left">${$('wall').hasAttribute('data-far') && tone === 'over' ? span(breach - now) : short ?? stateWords(card)}</b>${levelBadge(card)}${glyph(card)}<span class="wall-what">${what(card)}</span>
    <span class="wall-where">${gridName(card.grid)}</span><span class="wall-by">${deadline}</span></li>`;
}

/** @param {import('./board.js').Key[]} keys @param {number} now */
function teams(keys, now) {
  /** @type {Map<string, {open: number, over: number, ringing: number}>} */
  const loads = new Map(street.teams.map((team) => [team.code, { open: 0, over: 0, ringing: 0 }]));
  for (const key of keys) {
    for (const code of key.card.lead?.team ? [key.card.lead.team] : key.ringing ? key.card.teams : []) {
      const load = loads.get(code);
      if (!load) continue;
      load.open++;
      if (key.ringing) load.ringing++;
      if (isOver(key, now)) load.over++;
    }
  }
  // All of them are teams: of an English name the number must be in sight.
  const busy = [...loads].filter(([, load]) => load.open > 0).sort(([, a], [, b]) => b.over - a.over || b.open - a.open);
  render(html`${busy.map(([code, load]) => html`<li data-tone=${load.over > 0 ? 'over' : 'calm'}>${link({ team: code }, html`<span class="wall-what">${teamName(code).replace(' Team ', ' ')}</span>`)}
    ${load.over > 0 ? html`<b class="left">${w('ui.wall.late', load.over)}</b>` : nothing}<span class="n">${w('ui.wall.load', load.open)}</span></li>`)}
    <li class="soft">${w('ui.wall.idle', loads.size - busy.length)}</li>`, $('teams'));
}

/** Leaves out what would have to be scrolled, and never half of a line. @param {HTMLElement} list */
function fit(list) {
  for (const item of /** @type {HTMLElement[]} */ ([...list.children])) item.hidden = false;
  const bottom = list.getBoundingClientRect().bottom;
  for (const item of /** @type {HTMLElement[]} */ ([...list.children])) item.hidden = item.getBoundingClientRect().bottom > bottom + 1;
}

function draw() {
  const now = feed.now();
  const keys = [...feed.cards.values()].map(keyOf).sort(byUrgency);
  figures(keys, now);
  const top = keys.filter((key) => key.breach < Infinity).slice(0, TOP);
  render(top.length > 0 ? top.map((key) => line(key, now)) : html`<li class="soft">${w('ui.wall.calm')}</li>`, $('top'));
  teams(keys, now);
  /** @type {Map<string, import('./map.js').GridState>} */
  const states = new Map();
  for (const key of keys) {
    const state = states.get(key.card.grid) ?? { open: 0, over: 0, soon: 0 };
    states.set(key.card.grid, { open: state.open + 1, over: state.over + (isOver(key, now) ? 1 : 0), soon: state.soon + (isSoon(key, now) ? 1 : 0) });
  }
  map.states = states;
  fit($('top'));
  fit($('teams'));
}

async function askToday() {
  const answer = await read('/api/today');
  if ('value' in answer) today = answer.value;
}

async function start() {
  scale();
  await Promise.all([loadStreet(), askToday()]);
  if (desk) map.leadsTo = (grid) => to(desk, { grid });
  map.load();
  showLink(feed);
  const paint = paced(draw, 1);
  feed.addEventListener('change', paint);
  setInterval(() => { if (feed.link !== 'stale') paint(); }, 1_000);
  feed.addEventListener('frame', (event) => { dataAt = Date.parse(/** @type {CustomEvent<import('./contracts.js').FeedFrame>} */ (event).detail.serverTime); });
  setInterval(askToday, TODAY_EVERY);
  new ResizeObserver(paint).observe($('wall'));
  feed.addEventListener('link', () => setAttr($('wall'), 'data-link', feed.link));
  dataAt = (await readBoard(feed)).at;
  await feed.run();
}

await start();
