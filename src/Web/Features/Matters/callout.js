// 叫应: a new one, the latest, the monthly drill; and one of them with everybody who has and has not answered.

import { report } from './callout-report.js';
import { placesField } from './callout-choice.js';
import { Bell } from '../../js/case/bell.js';
import { span, when } from '../../js/case/clock.js';
import { Feeds } from '../../js/case/feeds.js';
import { insist, showLink } from '../../js/case/link.js';
import { sendTo } from '../../js/case/orders.js';
import { read, refusedBy, request, send } from '../../js/kernel/client.js';
import { $, h, setText, toast } from '../../js/kernel/dom.js';
import { choiceField, inputField, wordsField } from '../../js/kernel/forms.js';
import { loadStreet } from '../../js/kernel/street.js';
import { w } from '../../js/kernel/words.js';

/** @typedef {import('../../js/contracts.js').CalloutList} CalloutList */
/** @typedef {import('../../js/contracts.js').CalloutLine} CalloutLine */

/** In ms. Several changes in a row are read once; whatever is missed, after a while. */
const READ_AFTER = 300;
const READ_ANYWAY = 15_000;
const COUNT_AFTER = 250;

const feed = new Feeds();
/** @type {import('../../js/contracts.js').Me} */
let me = { userName: '', role: '', post: null, postKind: null, team: null, community: null, grid: null, onDuty: false };
let waiting = 0;
let turn = 0;
/** Whether an answer is awaited, and whether something has changed meanwhile. */
let reading = false;
let again = false;

/** The call-out that is shown; null for all of them. */
const shown = () => new URLSearchParams(location.search).get('no');

/** @param {string} no */
const addressOf = (no) => '/callout?no=' + encodeURIComponent(no);

/** @param {Event} event @param {string} address */
function go(event, address) {
  event.preventDefault();
  history.pushState(null, '', address);
  void show(true);
}

/** @param {number} part @param {number} of */
const share = (part, of) => (of === 0 ? w('ui.unknown') : String(Math.round((100 * part) / of)));

/** @param {CalloutLine} line @param {number} limit */
const row = (line, limit) => h('tr', { 'data-no': line.callNo },
  h('td', null, h('a.no', { href: addressOf(line.callNo), onclick: (/** @type {Event} */ event) => go(event, addressOf(line.callNo)) }, line.callNo), ' ', line.drill ? h('span.flag.drill', null, w('ui.callout.drill')) : h('b', null, w('ui.callout.real'))),
  h('td', null, when(line.openedAt, feed.now())),
  h('td', null, w('ui.callout.answeredOf', line.figures.answered, line.figures.asked)),
  h('td', null, w('ui.callout.inTime', limit, line.figures.inTime)),
  h('td', null, line.figures.medianSeconds === null ? '' : w('ui.callout.median', span(line.figures.medianSeconds * 1_000))),
  h('td', null, line.endedAt ? w('ui.callout.ended', when(line.endedAt, feed.now())) : h('b', null, w('ui.callout.now'))));

/** @param {CalloutList} all */
function draw(all) {
  $('sums').replaceChildren(...all.sums.map(({ drill, callouts, figures }) => h('p.soft', { 'data-drill': String(drill) },
    w('ui.callout.sum', w(drill ? 'ui.callout.drill' : 'ui.callout.real'), callouts, figures.asked, figures.answered, share(figures.answered, figures.asked), share(figures.inTime, figures.asked), all.limitMinutes))));
  if (all.sums.length > 0) $('sums').prepend(h('h3', null, w('ui.callout.sums')));
  $('list').replaceChildren(all.callouts.length === 0 ? h('p.empty', null, w('ui.callout.empty')) : h('div.table-box', { tabindex: 0, role: 'region', 'aria-labelledby': 'list-title' }, h('table', null, h('tbody', null, ...all.callouts.map((line) => row(line, all.limitMinutes))))));
  if (!$('plan').hidden) return; // somebody may be filling them in
  drawPlan(all.plan);
  drawSafety(all.safety);
}

/** @param {import('../../js/contracts.js').DrillPlan} plan */
function drawPlan(plan) {
  const on = /** @type {HTMLInputElement} */ (h('input', { type: 'checkbox', id: 'plan-on', checked: plan.on }));
  const from = inputField('from', w('ui.callout.planFrom'), { type: 'time', required: true, value: plan.from ?? '09:00' });
  const until = inputField('until', w('ui.callout.planUntil'), { type: 'time', required: true, value: plan.until ?? '17:00' });
  const text = wordsField('text', w('ui.callout.text'), { rows: 2, long: true });
  /** @type {HTMLTextAreaElement} */ (text.nodes[1]).value = plan.text ?? '';
  const form = $('plan');
  form.hidden = !me.onDuty;
  form.replaceChildren(h('h3', { id: 'plan-title' }, w('ui.callout.plan')), h('p.soft', null, w('ui.callout.planHelp')), h('label.check', null, on, ' ', w('ui.callout.planOn')),
    h('div.row-wrap', null, ...[from, until].map((field) => h('div.ask-field', null, ...field.nodes))), h('div.ask-field', null, ...text.nodes), h('p', null, h('button.button.plain', null, w('ui.callout.planSave'))));
  form.onsubmit = (event) => put(event, '/api/callouts/plan', { choose: plan.choose, on: on.checked, ...from.read(), ...until.read(), ...text.read() });
}

/** @param {import('../../js/contracts.js').SafetyPlan} plan */
function drawSafety(plan) {
  const on = /** @type {HTMLInputElement} */ (h('input', { type: 'checkbox', id: 'safety-on', checked: plan.on }));
  const minutes = inputField('minutes', w('ui.safety.minutes'), { type: 'number', min: 5, max: 120, required: true, value: plan.minutes }, Number);
  const from = inputField('nightFrom', w('ui.safety.nightFrom'), { type: 'time', value: plan.nightFrom ?? '' });
  const until = inputField('nightUntil', w('ui.safety.nightUntil'), { type: 'time', value: plan.nightUntil ?? '' });
  const form = $('safety');
  form.hidden = !me.onDuty;
  form.replaceChildren(h('h3', { id: 'safety-title' }, w('ui.safety.title')), h('p.soft', null, w('ui.safety.help')), h('label.check', null, on, ' ', w('ui.safety.on')),
    h('div.row-wrap', null, ...[minutes, from, until].map((field) => h('div.ask-field', null, ...field.nodes))), h('p', null, h('button.button.plain', null, w('ui.callout.planSave'))));
  form.onsubmit = (event) => put(event, '/api/callouts/safety', { on: on.checked, ...minutes.read(), ...from.read(), ...until.read() });
}

/** Keeps one of the plans. @param {Event} event @param {string} path @param {object} body */
async function put(event, path, body) {
  event.preventDefault();
  const answer = await request(path, { method: 'PUT', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }).catch(() => null);
  toast(answer?.ok ? w('ui.callout.planSaved') : answer ? (await refusedBy(answer)).refused : w('ui.say.unknown'), answer?.ok ? 'ok' : 'plain');
}

/** The form of a new one: whom it would call is counted while it is filled in. */
function drawNew() {
  const form = /** @type {HTMLFormElement} */ ($('new'));
  const text = wordsField('text', w('ui.callout.text'), { required: true, rows: 3, long: true });
  const kind = choiceField('drill', w('ui.callout.kind'), [{ value: 'drill', text: w('ui.callout.drill') }, { value: 'real', text: w('ui.callout.real') }], (value) => value === 'drill');
  const places = placesField();
  const count = h('p.callout-count', { role: 'status' });
  const error = h('p.error-box', { role: 'alert', hidden: true });
  const yes = /** @type {HTMLButtonElement} */ (h('button.button', null, w('ui.callout.send')));
  let counting = 0;
  let asked = 0;
  const recount = () => {
    clearTimeout(counting);
    counting = window.setTimeout(async () => {
      const own = ++asked;
      const answer = await send('/api/callouts/count', { choose: places.read() }).catch(() => null);
      if (own !== asked) return;
      const counted = answer?.ok ? await answer.json() : null;
      const why = answer && !answer.ok ? (await refusedBy(answer)).refused : '';
      setText(count, !counted ? why : counted.asked === 0 ? w('ui.callout.none') : [w('ui.callout.count', counted.asked), counted.absent && w('ui.callout.countAbsent', counted.absent), counted.silent && w('ui.callout.countSilent', counted.silent)].filter(Boolean).join(w('ui.callout.and')));
      yes.disabled = !counted || counted.asked === 0;
    }, COUNT_AFTER);
  };
  form.replaceChildren(h('div.ask-field', null, ...text.nodes, h('p.soft', null, w('ui.callout.textHelp'))), h('div.ask-field', null, ...kind.nodes), ...places.nodes, count, error,
    h('p.row-wrap', null, yes, h('button.button.plain', { type: 'button', onclick: () => open(false) }, w('ui.ask.cancel'))));
  form.onchange = recount;
  form.oninput = recount;
  form.onsubmit = async (event) => {
    event.preventDefault();
    yes.disabled = true;
    const reply = await sendTo('/api/callouts', { ...text.read(), ...kind.read(), choose: places.read() });
    yes.disabled = false;
    error.hidden = !('refused' in reply);
    if ('refused' in reply) {
      setText(error, reply.refused);
      return;
    }
    open(false);
    toast(w('ui.callout.sent', reply.value.callNo, reply.value.asked), 'ok');
    go(event, addressOf(reply.value.callNo));
  };
  recount();
}

/** @param {boolean} isOpen */
function open(isOpen) {
  $('new').hidden = !isOpen;
  $('begin').setAttribute('aria-expanded', String(isOpen));
  if (!isOpen) {
    $('new').replaceChildren();
    $('begin').focus();
    return;
  }
  drawNew();
  /** @type {HTMLElement} */ ($('new').querySelector('textarea'))?.focus();
}

/** @param {boolean} [fresh] another one than before */
async function show(fresh = false) {
  const own = ++turn;
  const no = shown();
  $('all').hidden = no !== null;
  $('one').hidden = no === null;
  if (fresh) $('one').replaceChildren(h('p.empty', null, w('ui.unknown.reading')));
  reading = true;
  const answer = await read(no === null ? '/api/callouts' : `/api/callouts/${encodeURIComponent(no)}`);
  if (own !== turn) return;
  reading = false;
  if (again) later();
  again = false;
  if ('problem' in answer) {
    if (no === null) $('list').replaceChildren(h('p.error-box', { role: 'alert' }, answer.problem));
    else if (fresh || $('one').childElementCount === 0) $('one').replaceChildren(h('p', null, h('a', { href: '/callout' }, w('ui.callout.back'))), h('p.error-box', { role: 'alert' }, answer.problem));
    return;
  }
  if (no === null) draw(answer.value);
  else report($('one'), answer.value, { back: (event) => go(event, '/callout'), again: () => void show() });
}

/** Something has changed: it is read once more. */
function later() {
  if (waiting) return;
  waiting = window.setTimeout(() => {
    waiting = 0;
    if (reading) again = true;
    else if (!document.hidden) void show();
  }, READ_AFTER);
}

async function start() {
  showLink(feed);
  const [answer] = await Promise.all([insist(() => request('/api/me')), insist(loadStreet)]);
  if (answer.ok) me = await answer.json();
  feed.watch(me);
  new Bell(feed, { me: () => me, as: (card) => feed.actor(me, card) });
  $('begin').hidden = !me.onDuty;
  $('begin').addEventListener('click', () => open($('new').hidden));
  addEventListener('popstate', () => show(true));
  feed.addEventListener('frame', (event) => {
    const { matters = [], mattersGone = [] } = /** @type {CustomEvent<import('../../js/contracts.js').FeedFrame>} */ (event).detail;
    if (matters?.some((card) => card.procedure.startsWith('callout')) || mattersGone?.length) later();
  });
  feed.addEventListener('link', () => { if (feed.link === 'live') later(); });
  document.addEventListener('visibilitychange', () => { if (!document.hidden) later(); });
  setInterval(later, READ_ANYWAY);
  await show(true);
  await feed.run();
}

await start();
