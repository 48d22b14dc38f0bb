// The photos of a case: thumbnails that open the large version, and the buttons that add photos.

import { h, toast } from '../kernel/dom.js';
import { shrink } from '../kernel/photo.js';
import { w } from '../kernel/words.js';

/** @typedef {import('../contracts.js').CallDetail} CallDetail */

const AT_ONCE = 4;
const KINDS = ['whistle', 'note', 'before', 'after'];

/** The photos grouped by what they show, side by side. @param {CallDetail} detail */
export function gallery(detail) {
  const photos = detail.photos ?? [];
  if (photos.length === 0) return null;
  const at = `/api/calls/${encodeURIComponent(detail.call.callNo)}/photos/`;
  return h('section', null, h('h3', null, w('ui.photo.title')), ...KINDS.filter((kind) => photos.some((photo) => photo.kind === kind)).map((kind) =>
    h('figure.photos', null, h('figcaption.soft', null, w('ui.photo.' + kind)), h('div.photo-row', null, ...photos.filter((photo) => photo.kind === kind).map((photo, i) =>
      h('a.photo', { href: at + photo.id, target: '_blank', rel: 'noopener' },
        h('img', { src: at + photo.id + '?size=small', loading: 'lazy', decoding: 'async', width: 120, height: 120, alt: w('ui.photo.alt', w('ui.photo.' + kind), i + 1) })))))));
}

/**
 * A button that takes photos, shrinks them and passes them on. @param {string} kind before or after @param {(photos: {large: Blob, small: Blob}[]) => Promise<unknown>} use
 */
export function photoButton(kind, use) {
  const input = /** @type {HTMLInputElement} */ (h('input.visually-hidden', { type: 'file', accept: 'image/*', multiple: true, 'data-photo': kind }));
  const label = h('label.button.plain', null, w('ui.photo.add.' + kind), input);
  input.addEventListener('change', async () => {
    const files = [...(input.files ?? [])].slice(0, AT_ONCE);
    input.value = '';
    label.setAttribute('aria-busy', 'true');
    const photos = [];
    for (const file of files) {
      try {
        photos.push(await shrink(file));
      } catch {
        toast(w('ui.photo.bad', file.name), 'bad');
      }
    }
    if (photos.length > 0) await use(photos);
    label.removeAttribute('aria-busy');
  });
  return label;
}
