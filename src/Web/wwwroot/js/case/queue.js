// A list of thousands that draws only the visible rows. All rows have the same height, which the style sheet gives; scrolling reuses their elements for other cases.

import { clockOf, flagBadges, glyph, holder, levelBadge, place, stateWords, what } from './card.js';
import { whenBeside } from './clock.js';
import { h, setAttr, setText } from '../kernel/dom.js';
import { isMatter, kindBadge, matterClock, matterFlags, matterPlace, procedureName, stageName, whoOwes } from './matter.js';
import { makeRing, turnRing } from './ring.js';
import { w } from '../kernel/words.js';

/** @typedef {import('../contracts.js').CallCard} CallCard */
/** @typedef {import('../contracts.js').MatterCard} MatterCard */

const SPARE = 2;

/**
 * What a row shows: a case or another matter, or a group by its most urgent case. @typedef {{card: CallCard|MatterCard|undefined, gone?: boolean, heap?: {count: number, open: boolean}, inHeap?: boolean, news?: boolean, need?: string|null, unheard?: boolean}} Shown
 */

/** @typedef {{box: HTMLElement, arc: Element, text: HTMLElement, deadline: HTMLElement, cells: HTMLElement[], card: CallCard|MatterCard|null, looks: string, index: number}} Row */

/** Events: `choose` (detail: the row's id; the selection moved), `open` (detail: the same; Enter or a click). */
export class Queue extends EventTarget {
  /** The ids of the rows: case numbers, and ids of groups. @type {string[]} */
  order = [];

  /** @type {string|null} */
  selected = null;

  /** @type {Row[]} */
  #rows = [];

  /** @type {HTMLElement} */
  #space;

  /** The height of a row in pixels. */
  #row = 60;

  /** Where the list is scrolled to, and its height, as last told: asking the page while it changes would lay it out each time. */
  #view = { top: 0, height: 0 };

  /** @param {HTMLElement} element the scrolling box @param {(id: string) => Shown} find @param {() => number} now */
  constructor(element, find, now) {
    super();
    this.element = element;
    this.find = find;
    this.now = now;
    this.#space = /** @type {HTMLElement} */ (element.firstElementChild);
    element.addEventListener('scroll', () => { this.#look(); this.draw(); }, { passive: true });
    new ResizeObserver(() => this.#measure()).observe(element);
    this.#measure();
    element.addEventListener('click', (event) => {
      const index = this.#rows.find((row) => row.box.contains(/** @type {Node} */ (event.target)))?.index;
      if (index !== undefined && this.order[index]) this.select(this.order[index], true);
    });
  }

  /** A row is higher where a narrow screen puts more lines into it; the first row in sight stays there. */
  #measure() {
    const row = parseFloat(getComputedStyle(this.element).getPropertyValue('--row')) || this.#row;
    if (row !== this.#row) {
      const first = this.element.scrollTop / this.#row;
      this.#row = row;
      this.#space.style.height = this.order.length * row + 'px';
      this.element.scrollTop = first * row;
    }

    this.#look();
    this.draw();
  }

  #look() {
    this.#view = { top: this.element.scrollTop, height: this.element.clientHeight };
  }

  /** @param {string[]} order */
  show(order) {
    this.order = order;
    // CSSOM, not a style attribute: the content security policy allows no inline style.
    this.#space.style.height = order.length * this.#row + 'px';
    setAttr(this.element, 'aria-rowcount', order.length);
    this.draw();
  }

  /** @param {string} id @param {boolean} [open] */
  select(id, open = false) {
    this.selected = id;
    const index = this.order.indexOf(id);
    if (index >= 0) this.#reveal(index);
    this.draw();
    this.dispatchEvent(new CustomEvent(open ? 'open' : 'choose', { detail: id }));
  }

  /** Whether a case's row is fully visible. @param {string} callNo */
  isInSight(callNo) {
    const { top, height } = this.#view;
    return this.order.slice(Math.ceil(top / this.#row), Math.max(0, Math.floor((top + height) / this.#row))).includes(callNo);
  }

  /** Moves the selection by rows. @param {number} by */
  move(by) {
    if (this.order.length === 0) return;
    const at = this.selected === null ? -1 : this.order.indexOf(this.selected);
    const to = at < 0 ? 0 : Math.max(0, Math.min(this.order.length - 1, at + by));
    this.select(this.order[to]);
  }

  /** Draws the visible rows: in full if the case is another one or has changed, otherwise not at all. */
  draw() {
    const { top, height } = this.#view;
    const count = Math.ceil(height / this.#row) + 2 * SPARE;
    while (this.#rows.length < count) this.#rows.push(this.#makeRow(this.#rows.length));
    const first = Math.max(0, Math.floor(top / this.#row) - SPARE);
    const last = Math.min(this.order.length, first + this.#rows.length);
    const size = this.#rows.length;
    for (const row of this.#rows) row.index = -1;
    for (let i = first; i < last; i++) this.#fill(this.#rows[i % size], i);
    for (const row of this.#rows) if (row.index < 0) row.box.hidden = true;
    const active = this.#rows.find((row) => row.index >= 0 && this.order[row.index] === this.selected);
    if (active) setAttr(this.element, 'aria-activedescendant', active.box.id);
    else this.element.removeAttribute('aria-activedescendant');
    this.tick();
  }

  /** Updates the clocks of the visible rows. */
  tick() {
    const now = this.now();
    for (const row of this.#rows) {
      if (row.index < 0 || !row.card) continue;
      const clock = isMatter(row.card) ? matterClock(row.card, now, whenBeside) : clockOf(row.card, now, whenBeside);
      setText(row.text, clock.running ? (clock.short ?? '') : '');
      setText(row.deadline, clock.deadline);
      setAttr(row.box, 'data-tone', clock.running ? clock.tone : 'none');
      turnRing(row.arc, clock.share);
    }
  }

  /** @param {Row} row @param {number} index */
  #fill(row, index) {
    const id = this.order[index];
    const { card, gone = false, heap, inHeap = false, news = false, need, unheard = false } = this.find(id);
    row.index = index;
    row.box.hidden = !card;
    if (!card) return;
    row.box.style.transform = `translateY(${index * this.#row}px)`;
    setAttr(row.box, 'aria-rowindex', index + 1);
    setAttr(row.box, 'aria-selected', String(id === this.selected));
    const looks = `queue-row${gone ? ' gone' : ''}${heap ? ' heap' : ''}${inHeap ? ' in-heap' : ''}`;
    setAttr(row.box, 'class', looks);
    setAttr(row.box, 'data-no', heap ? id : card.callNo);
    const key = (heap ? `${heap.count} ${heap.open}` : '') + (news ? ' news' : '') + (need ? ' ' + need : '') + (unheard ? ' unheard' : '');
    if (row.card === card && row.looks === key) return;
    row.card = card;
    row.looks = key;
    const badge = need ? h('b.need', { 'data-need': need }, w('ui.need.' + need)) : null;
    if (isMatter(card)) this.#writeMatter(row, card, badge);
    else this.#write(row, card, heap, news, badge, unheard);
  }

  /** @param {Row} row @param {CallCard} card @param {Shown['heap']} heap @param {boolean} news the caller has added something that nobody has read here @param {HTMLElement|null} need what the reader has to do @param {boolean} unheard nobody whom it calls is online */
  #write(row, card, heap, news, need, unheard) {
    const [level, kind, where, state, holderCell, no] = row.cells;
    // The line is cut at its end: somebody in danger stands at its beginning, whatever else there is to say.
    const badges = heap ? [] : flagBadges(card);
    const [danger, flags] = [badges.filter((badge) => badge.matches('.danger')), badges.filter((badge) => !badge.matches('.danger'))];
    level.replaceChildren(levelBadge(card));
    kind.replaceChildren(glyph(card), h('span.what-words', null, heap ? h('b.heap-name', null, h('span', null, what(card)), h('span.heap-count', null, w('ui.flood.times', heap.count))) : h('b', null, what(card)),
      (news || need || (!heap && card.flags.length > 0)) && h('span.flags', null, ...danger, need, news && h('span.flag.news', null, w('ui.notes.row')), ...flags), h('span.narrow-only', null, levelBadge(card), ' ', place(card))));
    setText(where, place(card, 'ui.placeInRow'));
    state.replaceChildren(h('span.state.' + card.state, null, stateWords(card)));
    holderCell.replaceChildren(...(unheard ? [h('span', null, holder(card)), h('b.unheard', null, w('ui.reach.unheard'))] : [holder(card)]));
    setText(no, heap ? w(heap.open ? 'ui.flood.close' : 'ui.flood.open') : card.callNo);
    setAttr(row.box, 'data-level', card.level);
  }

  /** @param {Row} row @param {MatterCard} card @param {HTMLElement|null} need */
  #writeMatter(row, card, need) {
    const [level, kind, where, state, holderCell, no] = row.cells;
    const flags = matterFlags(card);
    level.replaceChildren(kindBadge());
    kind.replaceChildren(h('span.what-words', null, h('b', null, procedureName(card)), (need || flags.length > 0) && h('span.flags', null, need, ...flags),
      h('span.narrow-only', null, kindBadge(), ' ', stageName(card), ' · ', matterPlace(card))));
    setText(where, matterPlace(card, 'ui.placeInRow'));
    state.replaceChildren(h('span.state', null, stageName(card)));
    setText(holderCell, whoOwes(card));
    setText(no, card.callNo);
    setAttr(row.box, 'data-level', 'matter');
  }

  /** @param {number} number @returns {Row} */
  #makeRow(number) {
    const { box: ring, arc } = makeRing();
    const text = h('b.left');
    const deadline = h('span.deadline');
    const cells = ['level', 'what', 'where', 'state', 'who', 'no'].map((name) => h('span.c-' + name, { role: 'gridcell' }));
    const box = h('div.queue-row', { role: 'row', id: 'q' + number, hidden: true },
      h('span.c-due', { role: 'gridcell' }, ring, h('span.due-words', null, text, deadline)), ...cells);
    this.#space.append(box);
    return { box, arc, text, deadline, cells, card: null, looks: '', index: -1 };
  }

  /** @param {number} index */
  #reveal(index) {
    this.#look();
    const { top, height } = this.#view;
    if (index * this.#row < top) this.element.scrollTop = index * this.#row;
    else if ((index + 1) * this.#row > top + height) this.element.scrollTop = (index + 1) * this.#row - height;
    this.#look();
  }
}
