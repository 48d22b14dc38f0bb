// One matter: its stages as a line, what is owed by whom, its papers, its story, and what the reader may do.

import { Bell } from '../../js/case/bell.js';
import { span, standing, when } from '../../js/case/clock.js';
import { erasedLine } from '../../js/case/detail.js';
import { telOf } from '../../js/case/dial.js';
import { Feed } from '../../js/case/feed.js';
import { insist, showLink } from '../../js/case/link.js';
import { askedName, loadProcedures, matterAddress, matterFlags, matterPlace } from '../../js/case/matter.js';
import { pleaWords } from '../../js/case/plea.js';
import { sendTo } from '../../js/case/orders.js';
import { actAs } from '../../js/kernel/acting.js';
import { read, request } from '../../js/kernel/client.js';
import { $, h } from '../../js/kernel/dom.js';
import { ask, wordsField } from '../../js/kernel/forms.js';
import { loadStreet } from '../../js/kernel/street.js';
import { has, nameOf, w, wordOf } from '../../js/kernel/words.js';
import { answerButtons, commandButtons, receiptWords } from './acts.js';
import { valueList } from './forms.js';

/** @typedef {import('../../js/contracts.js').MatterDetail} MatterDetail */
/** @typedef {import('../../js/contracts.js').MatterStage} MatterStage */
/** @typedef {import('../../js/contracts.js').MatterLine} MatterLine */
/** @typedef {import('../../js/contracts.js').MatterReveal} MatterReveal */

// Every look is logged: a matter that changes quickly is read again at most this often.
const READ_AGAIN_AFTER = 2_000;
const SHOWN_FOR = 120_000;

const box = $('matter');
const no = /** @type {string} */ (box.dataset.no);
/** The address may name as which of several posts it is read. */
const post = new URLSearchParams(location.search).get('post');
actAs(no, post);
const feed = new Feed(post);
/** @type {import('../../js/contracts.js').Me} */
let me = { userName: '', role: '', post: null, postKind: null, team: null, community: null, grid: null, onDuty: false };
/** @type {MatterDetail|null} */
let detail = null;
/** What was shown for a reason, until it hides itself. @type {HTMLElement|null} */
let revealed = null;
let waiting = 0;
let turn = 0;

const at = (/** @type {string} */ iso) => when(iso, feed.now());

/** @param {MatterStage} stage */
function stageItem(stage) {
  const line = [];
  if (stage.state === 'past') line.push(h('span', null, nameOf({ name: stage.outcomeName ?? stage.outcome ?? '', nameEn: stage.outcomeNameEn ?? '' })), h('span.soft', null, `${at(/** @type {string} */ (stage.from))} – ${at(/** @type {string} */ (stage.to))}`));
  if (stage.state === 'now') line.push(clockOf(stage));
  return h('li', { 'data-state': stage.state, 'data-stage': stage.key, 'aria-current': stage.state === 'now' ? 'step' : null }, h('b', null, nameOf(stage)), ...line, stage.late && h('span.late-text', null, w('ui.matter.late')));
}

/** The clock of the stage it is in. @param {MatterStage} stage */
function clockOf(stage) {
  const until = detail?.matter.suspendedUntil;
  if (until) return h('span.soft', null, w('ui.clock.suspended', at(until)));
  if (!stage.due || !detail?.matter.from) return h('span.soft', null, w('ui.matter.noClock'));
  const { left, tone } = standing({ from: detail.matter.from, due: stage.due }, feed.now());
  return h('span.clock.' + tone, { id: 'clock' }, w(left < 0 ? 'ui.clock.overShort' : 'ui.matter.left', span(left)), ' ', h('span.soft', null, w('ui.matter.by', at(stage.due))));
}

/** @param {import('../../js/contracts.js').RespondentView} who */
const respondent = (who) => (who.role === 'party' ? askedName('party:' + who.code) : askedName(who.area ? `${who.role}@${who.area}:${who.code ?? ''}` : who.role)) + (who.answered ? w('ui.matter.hasAnswered') : '');

/** @param {import('../../js/contracts.js').AskedView} asked */
const askedItem = (asked) => h('li', { 'data-asked': asked.key }, h('b', null, nameOf(asked)), ' ', asked.who.map(respondent).join(w('ui.and')), ' ',
  h('span.soft', null, w('ui.matter.given', asked.given, asked.need), asked.onDuty === null ? '' : w(asked.onDuty === 0 ? 'ui.matter.nobodyOnDuty' : 'ui.matter.onDuty', asked.onDuty)));

/** @param {import('../../js/contracts.js').MatterItem} item */
const itemRow = (item) => h('li', { 'data-item': item.number }, h('span.no', null, item.receipt), ' ', h('b', null, receiptWords(item)), ' ',
  h('span.soft', null, w('ui.matter.takenAt', at(item.at))), ' ',
  item.returnedAt ? h('span.soft', null, w('ui.matter.returnedAt', at(item.returnedAt))) : h('span.flag', { 'data-held': true }, w('ui.matter.isHeld')));

/** A role that nobody holds: of a procedure, or of somebody who was asked. @param {string} role @returns {string|null} null if it has words of its own */
const skippedRole = (role) => (role.startsWith('who:') ? w('ui.matter.of.who') : role.startsWith('post:') ? w('ui.matter.post') : role.startsWith('party:') || role.includes('@') ? askedName(role) : null);

/** A fact in plain words. @param {import('../../js/contracts.js').MatterFact} fact @param {string} what the kind of change it is part of */
function factWords(fact, what) {
  const of = nameOf({ name: fact.ofName ?? fact.of ?? '', nameEn: fact.ofNameEn ?? '' });
  // A code of the program has no name of its own.
  const named = of === fact.of && ['ui.matter.of.', 'ui.rung.', 'ui.petition.', 'post.'].find((prefix) => has(prefix + fact.of));
  const role = fact.name === 'skipped' && fact.of ? skippedRole(fact.of) : null;
  if (role) return w('ui.fact.skipped', role);
  const key = fact.name === 'acted' ? 'ui.fact.acted.' + what : 'ui.fact.' + fact.name;
  return has(key) ? w(key, named && fact.of ? wordOf(named, fact.of) : of) : fact.name;
}

/** @param {MatterLine} line */
const lineItem = (line) => h('li', null, h('time.no', { datetime: line.at }, at(line.at)), h('div', null,
  h('p', null, line.facts.map((fact) => factWords(fact, line.what)).join(w('ui.matter.andThen')), ' ', h('span.soft', null, wordOf('post.', line.by))),
  line.words && h('p.said', null, line.words), line.values && line.values.length > 0 && valueList(line.values)));

/** @param {string} title @param {...(Node|false|null|undefined)} content */
const section = (title, ...content) => h('section', null, h('h2', null, title), ...content);

/** What needs a reason is shown for a while, and the look is logged. */
async function reveal() {
  /** @type {MatterReveal|null} */
  const shown = await ask(w('ui.matter.reveal'), w('ui.matter.show'), [wordsField('note', w('ui.matter.revealWhy'), { required: true, rows: 2 })], (said) => sendTo('/api' + matterAddress(no) + '/reveal', said));
  if (!shown) return;
  const contact = shown.contact;
  revealed = h('div.contact-open', { id: 'revealed' }, h('span.watermark', { 'aria-hidden': 'true' }, `${me.userName} `.repeat(40)),
    contact && h('p', null, contact.name, ' ', contact.phone && h('a', { href: telOf(contact.phone) }, contact.phone)),
    ...shown.forms.map((line) => valueList(line.values ?? [])), h('p.soft', null, w('ui.contact.help')));
  const mine = revealed;
  setTimeout(() => { if (revealed === mine) { revealed = null; render(); } }, SHOWN_FOR);
  render();
}

function head() {
  const { matter, procedure, contact } = /** @type {MatterDetail} */ (detail);
  const masked = [contact?.name, contact?.phone].filter(Boolean).join(' ');
  return h('header.detail-head', null,
    h('p.badges', null, h('span.state', null, matter.outcome ? w('ui.matter.ended') : w('ui.matter.running')), matter.visibility !== 'staff' && h('span.flag', null, w('ui.visibility.' + matter.visibility)), ...matterFlags(matter)),
    h('h1', null, nameOf(procedure)),
    h('p', null, matterPlace(matter), ' · ', h('span.no', null, matter.callNo), ' · ', h('span.soft', null, w('ui.matter.openedAt', at(matter.openedAt)))),
    matter.promised && h('p', { id: 'promise' }, w('ui.matter.promised', at(matter.promised)), ' ',
      matter.promiseKept ? h('span.soft', null, w('ui.matter.promiseKept', at(matter.promiseKept))) : matter.flags.includes('promiseBroken') && h('span.late-text', null, w('ui.matter.promiseBroken'))),
    erasedLine(/** @type {MatterDetail} */ (detail), feed.now()) || (masked && h('p.soft', null, w('ui.detail.contact', masked))),
    matter.parent && h('p.note-line', null, w('ui.matter.parent'), ' ', matter.parent.startsWith('M') ? h('a.no', { href: matterAddress(matter.parent) }, matter.parent) : h('a.no', { href: '/desk/' + encodeURIComponent(matter.parent) }, matter.parent)));
}

function render() {
  if (!detail) return;
  const { matter, mine, asked, items, children, stages, timeline } = detail;
  const hidden = me.postKind !== 'buildingHead' && (detail.contact || timeline.some((line) => line.values?.some((value) => value.hidden === 'reason')));
  const focused = /** @type {HTMLElement|null} */ (box.contains(document.activeElement) ? document.activeElement : null)?.dataset.command;
  box.replaceChildren(...[
    head(),
    mine.length > 0 && me.onDuty && h('section.mine', { id: 'mine' }, h('h2', null, w('ui.matters.mine')), ...answerButtons(no, mine, load)),
    h('ol.stage-line', { 'aria-label': w('ui.matter.stages') }, ...stages.map(stageItem), matter.outcome && h('li', { 'data-state': 'end' }, h('b', null, w('ui.matter.endedAs', endName())))),
    asked.length > 0 && section(w('ui.matter.owed'), h('ul.plain-list', null, ...asked.map(askedItem))),
    ...(detail.petitions ?? []).map((plea) => h('p.wait-box', { 'data-plea': plea.kind }, pleaWords(plea, feed.now()))),
    commandButtons(detail, () => feed.now(), (command) => (command === 'recuse' ? location.assign('/matters') : load())),
    items.length > 0 && section(w('ui.matter.items'), h('ul.plain-list', { id: 'items' }, ...items.map(itemRow))),
    hidden && h('section', null, h('h2', null, w('ui.matter.hidden')), revealed ?? h('p', null, h('button.button.plain', { type: 'button', 'data-command': 'reveal', onclick: reveal }, w('ui.matter.reveal')))),
    children.length > 0 && section(w('ui.matter.children'), h('ul.plain-list', null, ...children.map((child) => h('li', null, h('a.no', { href: matterAddress(child.callNo) }, child.callNo), ' ', h('span.soft', null, w(child.outcome ? 'ui.matter.ended' : 'ui.matter.running')))))),
    section(w('ui.detail.timeline'), h('ol.timeline', { id: 'timeline' }, ...[...timeline].reverse().map(lineItem))),
  ].filter((node) => node instanceof Node));
  if (focused) /** @type {HTMLElement|null} */ (box.querySelector(`[data-command="${focused}"]`))?.focus();
}

/** How it ended: as the last stage named it. */
function endName() {
  const last = detail?.stages.filter((stage) => stage.state === 'past').at(-1);
  return detail?.matter.outcome === last?.outcome && last ? nameOf({ name: last.outcomeName ?? '', nameEn: last.outcomeNameEn ?? '' }) : wordOf('ui.matter.of.', detail?.matter.outcome ?? '');
}

async function load() {
  const mine = ++turn;
  const answer = await read('/api' + matterAddress(no));
  if (mine !== turn) return;
  if ('problem' in answer) {
    if (!detail) box.replaceChildren(h('p.error-box', { role: 'alert' }, answer.problem));
    else if (document.querySelector('dialog[open]') === null) location.reload(); // it may have become somebody else's to see
    return;
  }
  detail = answer.value;
  render();
}

/** The feed has told something of this matter: read once more, after a while. */
function later() {
  if (waiting) return;
  waiting = window.setTimeout(() => {
    waiting = 0;
    const card = feed.matters.get(no);
    if (!detail || (card ? card.version > detail.matter.version : feed.sure && !detail.matter.outcome)) void load();
  }, READ_AGAIN_AFTER);
}

async function start() {
  showLink(feed);
  const [answer] = await Promise.all([insist(() => request('/api/me')), insist(loadStreet), loadProcedures()]);
  if (answer.ok) me = await answer.json();
  new Bell(feed, { me: () => me });
  feed.addEventListener('matters', (event) => {
    const moved = /** @type {CustomEvent<Set<string>|null>} */ (event).detail;
    if (moved === null || moved.has(no)) later();
  });
  await load();
  setInterval(() => {
    const now = detail?.stages.find((stage) => stage.state === 'now');
    if (now && $('clock')) $('clock').replaceWith(clockOf(now));
  }, 1_000);
  await feed.run();
}

await start();
