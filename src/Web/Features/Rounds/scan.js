// The code on the label of a place: read by the camera where the browser can, typed elsewhere.

import { h, toast } from '../../js/kernel/dom.js';
import { inputField } from '../../js/kernel/forms.js';
import { w } from '../../js/kernel/words.js';

/** As in the register. */
const LONGEST_CODE = 200;

/** What a browser that reads codes offers; few do. @type {(new (options: {formats: string[]}) => {detect: (image: ImageBitmap) => Promise<{rawValue: string}[]>})|undefined} */
const Detector = /** @type {any} */ (globalThis).BarcodeDetector;

/** The code of the place in what a label says: it is the last part of an address. @param {string} said */
export function placeIn(said) {
  const text = said.trim();
  try {
    return decodeURIComponent(new URL(text).pathname.split('/').at(-1) ?? '');
  } catch {
    return text;
  }
}

/** @param {string} name of the member @returns {import('../../js/kernel/forms.js').Field} */
export function codeField(name) {
  const typed = inputField(name, w('ui.round.code'), { required: true, maxlength: LONGEST_CODE, autocapitalize: 'off', spellcheck: 'false' }, placeIn);
  if (!Detector) return typed;
  const camera = /** @type {HTMLInputElement} */ (h('input', { type: 'file', accept: 'image/*', capture: 'environment', id: typed.input.id + '-camera' }));
  camera.addEventListener('change', async () => {
    const file = camera.files?.[0];
    if (!file) return;
    try {
      const [found] = await new Detector({ formats: ['qr_code'] }).detect(await createImageBitmap(file));
      if (!found) return toast(w('ui.round.codeUnread'), 'bad');
      typed.input.value = placeIn(found.rawValue);
      typed.input.form?.requestSubmit();
    } catch {
      toast(w('ui.round.codeUnread'), 'bad');
    }
  });
  return { ...typed, nodes: [h('label', { for: camera.id }, w('ui.round.camera')), camera, ...typed.nodes] };
}
