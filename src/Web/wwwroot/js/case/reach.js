// Who can be reached (可联系): on the desk a figure with a list behind it, on a phone a line when colleagues cannot be.

import { isDesignated } from './card.js';
import { when } from './clock.js';
import { $, h, setText } from '../kernel/dom.js';
import { api, unitName } from '../kernel/duty.js';
import { w, wordOf } from '../kernel/words.js';

/** @typedef {import('../contracts.js').PresenceView} PresenceView */

// Someone who leaves without signing off is offline after 30 s, and on the desk within 45. A phone's line is about minutes.
const DESK_LOOKS_EVERY = 5_000;
const PHONE_LOOKS_EVERY = 60_000;

/** The last view of a desk; null while none was read. A phone's is too old to say it of a case. @type {PresenceView|null} */
let last = null;

/**
 * How many of those whom a case calls, or who handle it, are on duty and online; null if that is unknown. @param {import('../contracts.js').CallCard} card
 * @returns {{onDuty: number, online: number}|null}
 */
export function hearers(card) {
  const desk = card.lead ? (card.lead.team ? null : card.lead.community ? 'communityDesk' : 'streetDesk') : card.rung === 'team' || isDesignated(card) ? null : card.rung === 'community' ? 'communityDesk' : 'streetDesk';
  const teams = card.lead?.team ? [card.lead.team] : card.teams;
  const places = last?.places.filter((place) => (desk ? place.kind === desk && (desk === 'streetDesk' || place.code === card.community) : place.kind === 'team' && teams.includes(place.code))) ?? [];
  return places.length === 0 ? null : places.reduce((sum, place) => ({ onDuty: sum.onDuty + place.onDuty, online: sum.online + place.online }), { onDuty: 0, online: 0 });
}

/** How many of a team are online; null if that is unknown. @param {string} team */
export const onlineOf = (team) => last?.places.find((place) => place.kind === 'team' && place.code === team)?.online ?? null;

/** @param {(view: PresenceView) => void} show @param {number} every */
async function lookAgain(show, every) {
  const answer = document.hidden ? null : await api('/api/presence');
  if (answer && 'value' in answer) show(answer.value); // the page reports itself when it is disconnected
  setTimeout(() => lookAgain(show, every), every);
}

/** "网格员 2、物业 1". @param {PresenceView['unreachable']} posts */
function kinds(posts) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { kind } of posts) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, many]) => w('ui.reach.kind', w('post.' + kind), many)).join(w('ui.reach.and'));
}

/** @param {PresenceView['places'][number]} place */
const nameOf = (place) => unitName(place.kind === 'team' ? 'team:' + place.code : place.kind === 'communityDesk' ? 'community:' + place.code : 'street');

/** @param {PresenceView['places'][number]} place @param {PresenceView['unreachable'][number]} post */
const isOf = (place, post) => place.kind === 'team' ? post.team === place.code : post.kind === place.kind && (place.kind === 'streetDesk' || post.community === place.code);

/** The places where someone is missing; those where nobody would hear a call come first. @param {PresenceView} view */
function missing(view) {
  return view.places.filter((place) => place.online < place.onDuty)
    .map((place) => ({ place, silent: view.unreachable.filter((post) => isOf(place, post)) }))
    .sort((a, b) => Number(a.place.reachable > 0) - Number(b.place.reachable > 0) || b.silent.length - a.silent.length || b.place.onDuty - b.place.online - (a.place.onDuty - a.place.online));
}

/** On the desk. @param {() => number} now the server's time */
export function showReach(now) {
  const sum = (/** @type {PresenceView} */ view, /** @type {'onDuty'|'online'} */ what) => view.places.reduce((all, place) => all + place[what], 0);
  return lookAgain((view) => {
    last = view;
    $('reach').hidden = false;
    const silent = view.unreachable.length;
    setText($('reach-text'), w('ui.reach.online', sum(view, 'online'), sum(view, 'onDuty')) + (silent > 0 ? ' · ' + w('ui.reach.silent', silent) : '') + view.failing.map((one) => ' · ' + w('ui.reach.failing', wordOf('ui.by.', one.by))).join(''));
    $('reach').dataset.silent = String(silent + view.failing.length > 0);
    const rows = missing(view).map(({ place, silent: those }) => h('li', null,
      h('b', null, nameOf(place)), ' ', w('ui.reach.online', place.online, place.onDuty),
      those.length > 0 && h('span.soft', null, w('ui.reach.silentWho', kinds(those), when(those[0].since, now())))));
    const failing = view.failing.map((one) => h('li', { 'data-failing': one.by }, h('b', null, w('ui.reach.failingSince', wordOf('ui.by.', one.by), when(one.since, now())))));
    $('reach-list').replaceChildren(...failing, ...(rows.length > 0 ? rows : [h('li', null, w('ui.reach.all'))]));
  }, DESK_LOOKS_EVERY);
}

/** On a team's phone, about the other posts of the teams. @param {(string|null)[]} own the posts of whoever is looking */
export function showSilent(own) {
  return lookAgain((view) => {
    const others = view.unreachable.filter((post) => !own.includes(post.post));
    $('reach').hidden = others.length === 0;
    setText($('reach'), others.length === 0 ? '' : w('ui.reach.team', kinds(others)));
  }, PHONE_LOOKS_EVERY);
}
