// A list of thousands that draws only the rows in sight. Rows have one height; each element shows another case as one scrolls.

import { clockOf, flagBadges, glyph, holder, levelBadge, place, stateWords, what } from './card.js';
import { h, setAttr, setText, svg } from './dom.js';

/** @typedef {import('./contracts.js').CallCard} CallCard */

export const ROW = 60;
const SPARE = 4;
const RADIUS = 10;
const ROUND = 2 * Math.PI * RADIUS;

/** @typedef {{box: HTMLElement, arc: Element, text: HTMLElement, deadline: HTMLElement, cells: HTMLElement[], card: CallCard|null, index: number}} Row */

/** Events: `choose` (detail: case number; the selection moved), `open` (detail: case number; Enter or a click). */
export class Queue extends EventTarget {
  /** The cases in the order shown. @type {string[]} */
  order = [];

  /** @type {string|null} */
  selected = null;

  /** @type {Row[]} */
  #rows = [];

  /** @type {HTMLElement} */
  #space;

  /**
   * @param {HTMLElement} element the scrolling box @param {(callNo: string) => CallCard|undefined} find @param {() => number} now
   * @param {(callNo: string) => boolean} isGone
   */
  constructor(element, find, now, isGone) {
    super();
    this.element = element;
    this.find = find;
    this.now = now;
    this.isGone = isGone;
    this.#space = /** @type {HTMLElement} */ (element.firstElementChild);
    element.addEventListener('scroll', () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(element);
    element.addEventListener('click', (event) => {
      const index = this.#rows.find((row) => row.box.contains(/** @type {Node} */ (event.target)))?.index;
      if (index !== undefined && this.order[index]) this.select(this.order[index], true);
    });
  }

  /** @param {string[]} order */
  show(order) {
    this.order = order;
    // CSSOM, not a style attribute: the content security policy allows no inline style.
    this.#space.style.height = order.length * ROW + 'px';
    setAttr(this.element, 'aria-rowcount', order.length);
    this.draw();
  }

  /** @param {string} callNo @param {boolean} [open] */
  select(callNo, open = false) {
    this.selected = callNo;
    const index = this.order.indexOf(callNo);
    if (index >= 0) this.#reveal(index);
    this.draw();
    this.dispatchEvent(new CustomEvent(open ? 'open' : 'choose', { detail: callNo }));
  }

  /** Moves the selection by rows. @param {number} by */
  move(by) {
    if (this.order.length === 0) return;
    const at = this.selected === null ? -1 : this.order.indexOf(this.selected);
    const to = at < 0 ? 0 : Math.max(0, Math.min(this.order.length - 1, at + by));
    this.select(this.order[to]);
  }

  /** Draws the rows in sight: whole where the case is another one or has changed, else nothing. */
  draw() {
    const { scrollTop, clientHeight } = this.element;
    const count = Math.ceil(clientHeight / ROW) + 2 * SPARE;
    while (this.#rows.length < count) this.#rows.push(this.#makeRow(this.#rows.length));
    const first = Math.max(0, Math.floor(scrollTop / ROW) - SPARE);
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

  /** Moves the clocks of the rows in sight. */
  tick() {
    const now = this.now();
    for (const row of this.#rows) {
      if (row.index < 0 || !row.card) continue;
      const clock = clockOf(row.card, now);
      setText(row.text, clock.running ? (clock.short ?? '') : '');
      setText(row.deadline, clock.deadline);
      setAttr(row.box, 'data-tone', clock.tone);
      setAttr(row.arc, 'stroke-dashoffset', (ROUND * (1 - clock.share)).toFixed(1));
    }
  }

  /** @param {Row} row @param {number} index */
  #fill(row, index) {
    const callNo = this.order[index];
    const card = this.find(callNo);
    row.index = index;
    if (!card) {
      row.box.hidden = true;
      return;
    }
    row.box.hidden = false;
    row.box.style.transform = `translateY(${index * ROW}px)`;
    setAttr(row.box, 'aria-rowindex', index + 1);
    setAttr(row.box, 'aria-selected', String(callNo === this.selected));
    row.box.classList.toggle('gone', this.isGone(callNo));
    if (row.card === card) return;
    row.card = card;
    const [level, kind, where, state, holderCell, no] = row.cells;
    level.replaceChildren(levelBadge(card));
    kind.replaceChildren(glyph(card), h('span.what-words', null, h('b', null, what(card)),
      card.flags.length > 0 && h('span.flags', null, ...flagBadges(card)), h('span.narrow-only', null, levelBadge(card), ' ', place(card))));
    setText(where, place(card));
    state.replaceChildren(h('span.state.' + card.state, null, stateWords(card)));
    setText(holderCell, holder(card));
    setText(no, card.callNo);
    setAttr(row.box, 'data-level', card.level);
    setAttr(row.box, 'data-no', card.callNo);
  }

  /** @param {number} number @returns {Row} */
  #makeRow(number) {
    const arc = svg('circle', { class: 'arc', cx: 12, cy: 12, r: RADIUS, 'stroke-dasharray': ROUND.toFixed(1), transform: 'rotate(-90 12 12)' });
    const text = h('b.left');
    const deadline = h('span.deadline');
    const cells = ['level', 'what', 'where', 'state', 'who', 'no'].map((name) => h('span.c-' + name, { role: 'gridcell' }));
    const box = h('div.queue-row', { role: 'row', id: 'q' + number, hidden: true },
      h('span.c-due', { role: 'gridcell' }, svg('svg', { class: 'ring', viewBox: '0 0 24 24', 'aria-hidden': 'true' },
        svg('circle', { class: 'track', cx: 12, cy: 12, r: RADIUS }), arc), h('span.due-words', null, text, deadline)),
      ...cells);
    this.#space.append(box);
    return { box, arc, text, deadline, cells, card: null, index: -1 };
  }

  /** @param {number} index */
  #reveal(index) {
    const { scrollTop, clientHeight } = this.element;
    if (index * ROW < scrollTop) this.element.scrollTop = index * ROW;
    else if ((index + 1) * ROW > scrollTop + clientHeight) this.element.scrollTop = (index + 1) * ROW - clientHeight;
  }
}
