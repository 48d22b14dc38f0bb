// The street as a schematic of its grids. One tab stop: an arrow key moves to the next grid in its direction, and the focused grid is announced. The list
// beside it has the same content.

import { LitElement, html, svg } from '../../lib/lit/lit.js';
import { schematic } from '../../js/case/outline.js';
import { setAttr } from '../../js/kernel/dom.js';
import { communityShort, gridName, street } from '../../js/kernel/street.js';
import { w } from '../../js/kernel/words.js';

/** What a grid shows. @typedef {{open: number, over: number, soon: number}} GridState */

const WIDTH = 1_000;
const HEATS = 4;
/** @type {GridState} */
const CALM = { open: 0, over: 0, soon: 0 };

/** How many steps a name may move aside in each direction. */
const STEPS = 8;

/** The part of a line's height above a letter, and below it. */
const LEADING = 0.12;

/** Where a name of this size may stand beside its place, the nearest first. @param {number} width @param {number} height @returns {[number, number][]} */
function spiral(width, height) {
  const steps = Array.from({ length: 2 * STEPS + 1 }, (_, i) => i - STEPS);
  return steps.flatMap((i) => steps.map((j) => /** @type {[number, number]} */ ([(i * width) / 4, (j * height) / 2]))).sort(([ax, ay], [bx, by]) => Math.hypot(ax, ay) - Math.hypot(bx, by));
}

/** @param {GridState} state */
const toneOf = (state) => (state.over > 0 ? 'over' : state.soon > 0 ? 'amber' : 'calm');

export class StreetMap extends LitElement {
  static properties = { states: { attribute: false }, at: { state: true } };

  constructor() {
    super();
    /** @type {Map<string, GridState>} */
    this.states = new Map();
    /** Whether a grid missing from the states has no cases. */
    this.isKnown = true;
    /** The grid that has, or had, the focus. */
    this.at = '';
    /** @type {{code: string, path: string, x: number, y: number}[]} */
    this.shapes = [];
    /** The name of each community, in the middle of its grids. @type {{community: string, name: string, x: number, y: number}[]} */
    this.names = [];
    this.height = WIDTH;
    /** What a grid links to, or null if nothing. @type {((grid: string) => string)|null} */
    this.leadsTo = null;
  }

  // In the light DOM, for the page's colours.
  createRenderRoot() {
    return this;
  }

  /** Reads the street's outlines. */
  load() {
    const points = street.grids.flatMap((grid) => grid.outline);
    if (points.length === 0) return;
    const drawn = schematic(points, WIDTH);
    this.height = Math.ceil(drawn.height);
    this.shapes = street.grids.map((grid) => {
      const ring = grid.outline.map(drawn.at);
      const mean = (/** @type {number} */ i) => ring.reduce((sum, point) => sum + point[i], 0) / ring.length;
      return { code: grid.code, path: drawn.path(grid.outline), x: mean(0), y: mean(1) };
    });
    this.names = street.communities.flatMap(({ code }) => {
      const own = this.shapes.filter((_, i) => street.grids[i].community === code);
      const mean = (/** @type {'x'|'y'} */ axis) => own.reduce((sum, shape) => sum + shape[axis], 0) / own.length;
      return own.length > 0 ? [{ community: code, name: communityShort(code), x: mean('x'), y: mean('y') }] : [];
    });
    this.at = this.shapes[0].code;
    new ResizeObserver(() => this.#sizeNames()).observe(this);
    this.requestUpdate();
  }

  /** The names are as large as the page's letters, however large the map is drawn. Where they would cover each other, the one with less overdue moves aside, and a line leads to its community. */
  #sizeNames() {
    const drawn = /** @type {SVGSVGElement|null} */ (this.querySelector('svg.map'))?.getScreenCTM()?.a;
    if (!drawn) return;
    this.style.setProperty('--map-unit', String(1 / drawn));
    const over = (/** @type {SVGTextElement} */ name) => street.grids.filter((grid) => grid.community === name.dataset.community).reduce((sum, grid) => sum + (this.states.get(grid.code)?.over ?? 0), 0);
    const names = /** @type {SVGTextElement[]} */ ([...this.querySelectorAll('.map-names text')]);
    for (const name of names) name.removeAttribute('transform');
    /** @type {{left: number, right: number, top: number, bottom: number}[]} */
    const taken = [];
    const frame = this.querySelector('svg.map')?.getBoundingClientRect() ?? new DOMRect();
    for (const { name } of names.map((name) => ({ name, over: over(name) })).sort((a, b) => b.over - a.over)) {
      const { left, right, width, ...box } = name.getBoundingClientRect().toJSON();
      // Between its lines a letter leaves room above and below.
      const [top, bottom, height] = [box.top + box.height * LEADING, box.bottom - box.height * LEADING, box.height * (1 - 2 * LEADING)];
      const at = spiral(width, height).find(([dx, dy]) => left + dx >= frame.left && right + dx <= frame.right && top + dy >= frame.top && bottom + dy <= frame.bottom
        && taken.every((other) => left + dx >= other.right || right + dx <= other.left || top + dy >= other.bottom || bottom + dy <= other.top));
      name.classList.toggle('covered', !at);
      const line = name.previousElementSibling;
      if (!at) {
        line?.toggleAttribute('hidden', true);
        continue;
      }
      const [dx, dy] = at;
      taken.push({ left: left + dx, right: right + dx, top: top + dy, bottom: bottom + dy });
      if (dx || dy) name.setAttribute('transform', `translate(${(dx / drawn).toFixed(1)} ${(dy / drawn).toFixed(1)})`);
      const { x, y } = this.names.find((one) => one.community === name.dataset.community) ?? { x: 0, y: 0 };
      line?.setAttribute('d', `M${x} ${y}L${(x + dx / drawn).toFixed(1)} ${(y + dy / drawn).toFixed(1)}`);
      line?.toggleAttribute('hidden', Math.abs(dy) < height && Math.abs(dx) < width);
    }
  }

  /** @param {string} code */
  #words(code) {
    if (!this.isKnown) return w('ui.map.unknown', gridName(code));
    const { open, over, soon } = this.states.get(code) ?? CALM;
    return w('ui.map.grid', gridName(code), open, over, soon);
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    const [dx, dy] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key] ?? [0, 0];
    const here = this.shapes.find((shape) => shape.code === this.at);
    if (!here || (dx === 0 && dy === 0)) return;
    event.preventDefault();
    const ahead = this.shapes.map((shape) => {
      const along = (shape.x - here.x) * dx + (shape.y - here.y) * dy;
      const aside = Math.abs((shape.x - here.x) * dy) + Math.abs((shape.y - here.y) * dx);
      return { shape, along, far: along + 2 * aside };
    }).filter((one) => one.along > 1).sort((a, b) => a.far - b.far)[0];
    if (!ahead) return;
    this.at = ahead.shape.code;
    this.updateComplete.then(() => /** @type {SVGElement|null} */ (this.querySelector(`[data-grid="${this.at}"]`))?.focus());
  }

  /** @param {{code: string, path: string, x: number, y: number}} shape @param {number} most */
  #shape(shape, most) {
    const state = this.states.get(shape.code) ?? CALM;
    const heat = state.open === 0 ? 0 : Math.max(1, Math.ceil((state.open / most) * HEATS));
    const tone = toneOf(state);
    const body = svg`<path class="area" d=${shape.path}></path>`;
    const href = this.leadsTo?.(shape.code);
    return href
      ? svg`<a href=${href} class="grid-shape" data-grid=${shape.code} data-heat=${heat} data-tone=${tone} tabindex=${shape.code === this.at ? 0 : -1} aria-label=${this.#words(shape.code)} @focus=${() => { this.at = shape.code; }}>${body}<title>${this.#words(shape.code)}</title></a>`
      : svg`<g class="grid-shape" role="img" data-grid=${shape.code} data-heat=${heat} data-tone=${tone} tabindex=${shape.code === this.at ? 0 : -1} aria-label=${this.#words(shape.code)} @focus=${() => { this.at = shape.code; }}>${body}<title>${this.#words(shape.code)}</title></g>`;
  }

  /** @param {{code: string, x: number, y: number}} shape */
  #mark({ code, x, y }) {
    const tone = toneOf(this.states.get(code) ?? CALM);
    if (tone === 'calm') return null;
    return tone === 'over' ? svg`<g data-tone="over"><circle class="mark" cx=${x} cy=${y} r="15"></circle><path class="bang" d=${`M${x} ${y - 8}v10M${x} ${y + 8}v.5`}></path></g>`
      : svg`<path class="mark" d=${`M${x} ${y - 14}l14 25h-28z`}></path>`;
  }

  render() {
    const most = Math.max(HEATS, ...[...this.states.values()].map((state) => state.open));
    return html`<svg class="map" viewBox=${`-6 -6 ${WIDTH + 12} ${this.height + 12}`} role="group" aria-label=${w('ui.map.title')} @keydown=${this.#move}>${this.shapes.map((shape) => this.#shape(shape, most))}
        <g class="map-names" aria-hidden="true">${this.names.map(({ community, name, x, y }) => svg`<path class="map-lead" hidden></path><text data-community=${community} x=${x} y=${y}>${name}</text>`)}</g>
        <g class="map-marks" aria-hidden="true">${this.shapes.map((shape) => this.#mark(shape))}</g></svg>
      <p class="map-now" aria-hidden="true">${this.at ? this.#words(this.at) : ''}</p>`;
  }

  updated() {
    setAttr(this, 'data-ready', String(this.shapes.length > 0));
    this.#sizeNames();
  }
}

customElements.define('street-map', StreetMap);
