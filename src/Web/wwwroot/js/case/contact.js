// The caller's number and the location they attached are hidden. Whoever needs them gives a reason; the access is logged, what was shown disappears again
// on its own, and the page carries the viewer's name, so a photo of it reveals its source.

import { hasEnded, helpOf } from './card.js';
import { smsOf, telOf } from './dial.js';
import { h, toast } from '../kernel/dom.js';
import { ask, choiceField, wordsField } from '../kernel/forms.js';
import { send } from './orders.js';
import { wayToPosition } from './way.js';
import { w } from '../kernel/words.js';

/** @typedef {import('../contracts.js').CallDetail} CallDetail */
/** @typedef {import('../contracts.js').ContactView} ContactView */
/** @typedef {import('../contracts.js').Me} Me */

const SHOWN_FOR = 120_000;
/** A desk's computer sends no text messages. */
const writes = matchMedia('(hover: none)').matches;
const REASONS = ['find', 'ask', 'news', 'callback'];
/** Whoever only looks on sees no caller. */
const NEVER = ['buildingHead', 'leader'];

/**
 * The part of a case for reaching its caller. Once shown, it stays for its two minutes, whatever else changes in the case; opening another case removes it.
 * @param {(call: import('../contracts.js').CallCard) => Me} me who is looking at it @param {boolean} [atOnce] the usual reasons are buttons that show it, for whoever calls one after another @returns {(detail: CallDetail) => HTMLElement|null}
 */
export function contacts(me, atOnce = false) {
  /** @type {{callNo: string, box: HTMLElement, phoneAt: string|undefined}|null} */
  let kept = null;
  return (detail) => {
    const { call, contact } = detail;
    const { userName, postKind, team } = me(call);
    if (NEVER.includes(postKind ?? '') || hasEnded(call) || (call.state === 'ringing' && team) || helpOf(call, team)) return (kept = null);
    if (!contact) return h('p.soft.no-number', null, w('ui.contact.none'));
    const phoneAt = contact.phoneAt ?? undefined;
    if (kept?.callNo === call.callNo && kept.phoneAt === phoneAt) return kept.box;
    const wasOpen = kept?.callNo === call.callNo && kept.box.querySelector('.contact-open') !== null;
    kept = { callNo: call.callNo, box: contactBox(detail, userName, atOnce), phoneAt };
    // The number on screen is nobody's any more: it goes, and the page says why.
    if (wasOpen) kept.box.prepend(h('p.late-box', { role: 'status', 'data-changed': '' }, w(contact.phone ? 'ui.contact.changed' : 'ui.contact.removed')));
    return kept.box;
  };
}

/** Chips first; a text may add to them or replace them. @param {string} callNo @returns {Promise<ContactView|null>} */
const askWhy = (callNo) => ask(w('ui.contact.ask'), w('ui.contact.show'), [
  choiceField('why', w('ui.contact.why'), REASONS.map((value) => ({ value, text: w('ui.contact.reason.' + value) })), (value) => w('ui.contact.reason.' + value), false),
  wordsField('more', w('ui.contact.more'), { rows: 2 }),
], async ({ why, more }) => {
  const note = [why, more].filter(Boolean).join(w('ui.contact.join'));
  return note ? send(callNo, 'contact', { note }) : { refused: w('ui.contact.whyMissing') };
});

/** The usual reasons, as buttons; any other is asked for. @param {string} callNo @param {(shown: ContactView) => void} show */
const reasons = (callNo, show) => h('div.row-wrap', { role: 'group', 'aria-label': w('ui.contact.why') }, ...[...REASONS].reverse().map((reason) => h('button.button.plain', {
  type: 'button', 'data-why': reason,
  onclick: async () => {
    const answer = await send(callNo, 'contact', { note: w('ui.contact.reason.' + reason) });
    if ('value' in answer) show(answer.value);
    else toast(answer.refused, 'bad');
  },
}, w('ui.contact.reason.' + reason))), otherReason(callNo, show, w('ui.contact.other')));

/** @param {string} callNo @param {(shown: ContactView) => void} show @param {string} words */
const otherReason = (callNo, show, words) => h('button.button.plain', {
  type: 'button', 'data-command': 'contact',
  onclick: async () => {
    const shown = await askWhy(callNo);
    if (shown) show(shown);
  },
}, words);

/** @param {CallDetail} detail @param {string} account who is looking @param {boolean} atOnce */
function contactBox({ call, contact }, account, atOnce) {
  const box = h('div.contact');
  const hide = () => atOnce && contact?.phone ? box.replaceChildren(h('p.soft', null, w('ui.contact.why')), reasons(call.callNo, show)) : box.replaceChildren(
    ...(contact?.phone ? [] : [h('p.soft', null, w('ui.contact.none'))]),
    otherReason(call.callNo, show, w(contact?.phone ? 'ui.contact.ask' : contact?.position ? 'ui.contact.askPlace' : 'ui.contact.askName')));
  /** @param {ContactView} shown */
  const show = ({ name, phone, position }) => {
    const mark = `${account} `.repeat(40);
    const hadFocus = box.contains(document.activeElement);
    box.replaceChildren(h('div.contact-open', null, h('span.watermark', { 'aria-hidden': 'true' }, mark),
      name && h('p', null, name),
      phone ? h('div.row-wrap', null, h('a.button', { href: telOf(phone) }, w('ui.contact.call', phone)), writes && smsOf(phone) && h('a.button.plain', { href: smsOf(phone) }, w('ui.contact.text'))) : h('p', null, w('ui.contact.none')),
      position && wayToPosition(position),
      h('p.soft', null, w('ui.contact.help')), h('button.button.plain.small', { type: 'button', onclick: hide }, w('ui.contact.hide'))));
    if (hadFocus) /** @type {HTMLElement} */ (box.querySelector('a, button')).focus();
    setTimeout(hide, SHOWN_FOR);
  };
  hide();
  return box;
}
