// The ring of a clock: the time left. Colour, shape and words say the same: a full disc with a mark is overdue, a broken line is paused.

import { setAttr, svg } from '../kernel/dom.js';

const RADIUS = 10;
const ROUND = 2 * Math.PI * RADIUS;

/** @returns {{box: SVGElement, arc: Element}} */
export function makeRing() {
  const arc = svg('circle', { class: 'arc', cx: 12, cy: 12, r: RADIUS, 'stroke-dasharray': ROUND.toFixed(1), transform: 'rotate(-90 12 12)' });
  const box = /** @type {SVGElement} */ (svg('svg', { class: 'ring', viewBox: '0 0 24 24', 'aria-hidden': 'true' },
    svg('circle', { class: 'track', cx: 12, cy: 12, r: RADIUS }), arc, svg('path', { class: 'bang', d: 'M12 6.500v7M12 17v.2' })));
  return { box, arc };
}

// The last minute of a day must not shrink to a hairline: the rest stays visible until nothing is left.
const LEAST = 0.05;

/** @param {Element} arc @param {number} share time left, 0 to 1 */
export const turnRing = (arc, share) => setAttr(arc, 'stroke-dashoffset', (ROUND * (1 - (share > 0 ? Math.max(share, LEAST) : 0))).toFixed(1));
