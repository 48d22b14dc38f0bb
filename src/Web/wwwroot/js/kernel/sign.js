// A signature by finger, pen or mouse, as path data. No key can draw one: the box says so to whoever reaches it without a pointer.

import { h, setText, svg } from './dom.js';
import { w } from './words.js';

const WIDE = 600;
const HIGH = 240;
/** Nearer points than this add nothing to the eye. */
const STEP = 4;

let count = 0;

/** @param {string} name of the request's member @param {string} label @param {number} most characters of the path data @returns {import('./forms.js').Field} */
export function signatureField(name, label, most) {
  const id = 'sign-' + ++count;
  const path = svg('path', { fill: 'none', stroke: 'currentColor', 'stroke-width': 5, 'stroke-linecap': 'round', 'stroke-linejoin': 'round' });
  const pad = svg('svg', { class: 'sign', viewBox: `0 0 ${WIDE} ${HIGH}`, role: 'img', tabindex: 0, 'aria-label': label, 'aria-describedby': `${id} ${id}-keys` }, path);
  const state = h('span.soft', { role: 'status' }, w('ui.owed.unsigned'));
  let drawn = '';
  /** The last point of the stroke being drawn. @type {[number, number]|null} */
  let last = null;

  const show = () => {
    path.setAttribute('d', drawn);
    setText(state, w(drawn ? 'ui.owed.signed' : 'ui.owed.unsigned'));
  };
  /** @param {PointerEvent} event @param {'M'|'L'} how */
  const draw = (event, how) => {
    const box = pad.getBoundingClientRect();
    const x = Math.round(((event.clientX - box.left) / box.width) * WIDE);
    const y = Math.round(((event.clientY - box.top) / box.height) * HIGH);
    if (how === 'L' && last && Math.hypot(x - last[0], y - last[1]) < STEP) return;
    const more = `${how}${x} ${y}`;
    if (drawn.length + more.length > most) return;
    drawn += more;
    last = [x, y];
    show();
  };
  pad.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    pad.setPointerCapture(/** @type {PointerEvent} */ (event).pointerId);
    draw(/** @type {PointerEvent} */ (event), 'M');
  });
  pad.addEventListener('pointermove', (event) => { if (last) draw(/** @type {PointerEvent} */ (event), 'L'); });
  for (const end of ['pointerup', 'pointercancel']) pad.addEventListener(end, () => { last = null; });
  const clear = h('button.button.plain.small', { type: 'button', onclick: () => { drawn = ''; last = null; show(); } }, w('ui.owed.signClear'));
  return {
    nodes: [h('p.ask-label', { 'aria-hidden': 'true' }, label), h('p.soft', { id }, w('ui.owed.sign')), pad, h('p.sign-keys', { id: id + '-keys' }, w('ui.owed.signKeys')), h('div.sign-foot', null, state, clear)],
    read: () => ({ [name]: drawn.includes('L') ? drawn : undefined }), // a mere touch is no signature
  };
}
