// The phone's three tabs: 待接, 在办, 已办, each with how many it holds and its nearest clock. What is urgent stands above them all.

import { $, setAttr, setText } from '../kernel/dom.js';
import { span } from './clock.js';
import { w } from '../kernel/words.js';

/** In the order in which an empty one gives way to the others. */
const TABS = ['inbox', 'tasks', 'after'];
/** An empty tab gives way to one of these, where something waits for the owner of the phone. */
const WAITING = ['inbox', 'tasks'];

/**
 * What one kind of matter has in a tab. count: null if unknown. listed: how many of them stand in the tab itself, not above all tabs. due: when the nearest clock runs out, in ms since 1970; Infinity without one.
 * @typedef {{count: number|null, listed: number, due: number}} Part
 */

/** @type {Record<string, Map<string, Part>>} */
const parts = Object.fromEntries(TABS.map((tab) => [tab, new Map()]));
let open = 'inbox';
/** Whoever taps a tab wants to see it, empty or not, until it has held something. */
let isChosen = false;

/** @param {string} tab */
const partsOf = (tab) => [...parts[tab].values()];

/** @param {string} tab */
const listed = (tab) => partsOf(tab).reduce((sum, part) => sum + part.listed, 0);

/** @param {string} tab @param {string} kind of matter: each tells its own @param {Part} part */
export function tell(tab, kind, part) {
  parts[tab].set(kind, part);
}

/** Shows a tab. @param {string} tab @param {boolean} [focused] */
export function showTab(tab, focused = false) {
  open = tab;
  for (const one of TABS) {
    setAttr($('tab-' + one), 'aria-selected', String(one === tab));
    setAttr($('tab-' + one), 'tabindex', one === tab ? 0 : -1);
    $(one + '-box').hidden = one !== tab;
  }
  if (focused) $('tab-' + tab).focus();
}

/** The tab in which something stands is shown. @param {Element} element */
export function reveal(element) {
  const box = /** @type {HTMLElement|null} */ (element.closest('[role="tabpanel"]'));
  if (box?.hidden) showTab(box.id.replace('-box', ''));
}

/** Their figures. Nothing stands under the thumb in an empty tab: it gives way to one that waits. @param {boolean} whole whether all has been read, so that what is empty stays so */
export function drawTabs(whole) {
  for (const tab of TABS) {
    const counts = partsOf(tab).map(({ count }) => count);
    const known = counts.reduce((/** @type {number} */ sum, count) => sum + (count ?? 0), 0);
    // Nothing known is no nought.
    setText($(tab + '-count'), known > 0 || (counts.length > 0 && !counts.includes(null)) ? String(known) : w('ui.unknown'));
  }
  if (!whole) return;
  const waiting = WAITING.find((tab) => listed(tab) > 0);
  if (listed(open) > 0) isChosen = false;
  if (!isChosen && listed(open) === 0 && waiting && waiting !== open) showTab(waiting);
}

/** Their nearest clocks. @param {number} now */
export function tickTabs(now) {
  for (const tab of WAITING) {
    const due = Math.min(...partsOf(tab).map((part) => part.due));
    const left = due - now;
    setText($(tab + '-clock'), due === Infinity ? '' : left < 0 ? w('ui.clock.overShort', span(left)) : span(left));
    $('tab-' + tab).classList.toggle('over', left < 0);
  }
}

/** A tap shows a tab; so do the arrow keys. */
export function beginTabs() {
  const list = $('tabs');
  list.addEventListener('click', (event) => {
    const tab = /** @type {HTMLElement} */ (event.target).closest('[role="tab"]');
    if (!tab) return;
    isChosen = true;
    showTab(tab.id.replace('tab-', ''));
  });
  list.addEventListener('keydown', (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    isChosen = true;
    showTab(TABS[(TABS.indexOf(open) + by + TABS.length) % TABS.length], true);
  });
}
