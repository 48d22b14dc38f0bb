// The photos of a case: thumbnails that open the large version, and the buttons that add photos.

import { addressAs } from '../kernel/acting.js';
import { h, toast } from '../kernel/dom.js';
import { shrink, whyNot } from '../kernel/photo.js';
import { w } from '../kernel/words.js';

/** @typedef {import('../contracts.js').CallDetail} CallDetail */

const AT_ONCE = 4;
const KINDS = ['whistle', 'note', 'before', 'after'];

/** @typedef {NonNullable<CallDetail['photos']>[number]} Photo */

/** Small photos that this phone has kept, by their ids: their addresses in this page. @type {Map<string, string>} */
export const smallHere = new Map();

/** @param {string} callNo */
export const folder = (callNo) => `/api/calls/${encodeURIComponent(callNo)}/photos/`;

/** A thumbnail that opens the large photos. @param {CallDetail} detail @param {Photo} photo @param {number} number from one, among its kind */
const thumbnail = (detail, photo, number) => h('a.photo', {
  href: addressAs(folder(detail.call.callNo) + photo.id),
  target: '_blank',
  rel: 'noopener',
  onclick: (/** @type {MouseEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    lightbox(detail, photo);
  },
}, h('img', { src: smallHere.get(photo.id) ?? addressAs(folder(detail.call.callNo) + photo.id + '?size=small'), loading: 'lazy', decoding: 'async', width: 120, height: 120, alt: w('ui.photo.alt', w('ui.photo.' + photo.kind), number) }));

/** The photos grouped by what they show, side by side. @param {CallDetail} detail */
export function gallery(detail) {
  const photos = detail.photos ?? [];
  if (photos.length === 0) return null;
  return h('section', null, h('h3', null, w('ui.photo.title')), ...KINDS.filter((kind) => photos.some((photo) => photo.kind === kind)).map((kind) =>
    h('figure.photos', null, h('figcaption.soft', null, w('ui.photo.' + kind)), h('div.photo-row', null, ...photos.filter((photo) => photo.kind === kind).map((photo, i) => thumbnail(detail, photo, i + 1))))));
}

/** The photos that came with one change; null if none did. @param {CallDetail} detail @param {number} version */
export function thumbnails(detail, version) {
  const those = (detail.photos ?? []).filter((photo) => photo.version === version);
  return those.length > 0 && h('div.photo-row.small', null, ...those.map((photo, i) => thumbnail(detail, photo, i + 1)));
}

/** What is shown together: before beside after, in their order; every other photo alone. @param {readonly Photo[]} photos @returns {Photo[][]} */
function pairs(photos) {
  const of = (/** @type {string} */ kind) => photos.filter((photo) => photo.kind === kind);
  const [before, after] = [of('before'), of('after')];
  const sides = Array.from({ length: Math.max(before.length, after.length) }, (_, i) => [before[i], after[i]].filter((photo) => photo !== undefined));
  return [...of('whistle').map((photo) => [photo]), ...of('note').map((photo) => [photo]), ...sides];
}

/** Without a network, the small one is all there is. @param {Photo} photo */
const instead = (photo) => (/** @type {Event} */ event) => {
  const image = /** @type {HTMLImageElement} */ (event.currentTarget);
  const here = smallHere.get(photo.id);
  if (here && image.getAttribute('src') !== here) image.src = here;
};

/** The large photos, one or a pair at a time; the arrow keys go on. Each large photo is a look of its own. @param {CallDetail} detail @param {Photo} first */
function lightbox(detail, first) {
  const all = pairs(detail.photos ?? []);
  let at = Math.max(0, all.findIndex((pair) => pair.includes(first)));
  const sides = h('div.lightbox-sides');
  const count = h('p.soft', { role: 'status' });
  const show = (/** @type {number} */ to) => {
    at = (to + all.length) % all.length;
    sides.replaceChildren(...all[at].map((photo) => h('figure', null, h('img', { src: addressAs(folder(detail.call.callNo) + photo.id), alt: w('ui.photo.' + photo.kind), width: photo.width, height: photo.height, onerror: instead(photo) }),
      h('figcaption', null, w('ui.photo.' + photo.kind)))));
    count.textContent = w('ui.photo.count', at + 1, all.length);
  };
  const step = (/** @type {number} */ by, /** @type {string} */ word) => h('button.button.plain', { type: 'button', hidden: all.length < 2, onclick: () => show(at + by) }, w(word));
  const box = /** @type {HTMLDialogElement} */ (h('dialog.lightbox', { 'aria-label': w('ui.photo.title') }, sides,
    h('form.row-wrap', { method: 'dialog' }, step(-1, 'ui.photo.previous'), step(1, 'ui.photo.next'), count, h('button.button', null, w('ui.ask.close')))));
  box.addEventListener('keydown', (event) => { if (all.length > 1 && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) show(at + (event.key === 'ArrowLeft' ? -1 : 1)); });
  box.addEventListener('close', () => box.remove());
  document.body.append(box);
  show(at);
  box.showModal();
}

/** Shrinks the photos chosen; what is no photo is said. @param {HTMLInputElement} input @param {number} most @returns {Promise<Taken[]>} */
async function take(input, most) {
  const files = [...(input.files ?? [])].slice(0, most);
  input.value = '';
  const photos = [];
  for (const file of files) {
    try {
      photos.push(await shrink(file));
    } catch (error) {
      toast(w('ui.photo.bad.' + whyNot(error), file.name), 'bad');
    }
  }
  return photos;
}

/** A photo as it is sent. @typedef {{large: Blob, small: Blob}} Taken */

/** @param {string} kind before or after @param {(photos: Taken[]) => Promise<unknown>} use @param {() => number} room how many more it takes */
function picker(kind, use, room = () => AT_ONCE) {
  const input = /** @type {HTMLInputElement} */ (h('input.visually-hidden', { type: 'file', accept: 'image/*', multiple: true, 'data-photo': kind }));
  const label = h('label.button.plain', null, w('ui.photo.add.' + kind), input);
  input.addEventListener('change', async () => {
    label.setAttribute('aria-busy', 'true');
    const photos = await take(input, room());
    if (photos.length > 0) await use(photos);
    label.removeAttribute('aria-busy');
  });
  return label;
}

/** A button that takes photos, shrinks them and passes them on. @param {string} kind before or after @param {(photos: Taken[]) => Promise<unknown>} use */
export const photoButton = (kind, use) => picker(kind, use);

/**
 * Photos to go with what a dialog asks; a tap on one leaves it out. @param {string} kind before or after
 * @returns {import('../kernel/forms.js').Field & {taken: Taken[]}}
 */
export function photosField(kind) {
  /** @type {Taken[]} */
  const taken = [];
  const row = h('div.photo-row.small');
  const show = () => row.replaceChildren(...taken.map((one, i) => {
    const image = /** @type {HTMLImageElement} */ (h('img', { src: URL.createObjectURL(one.small), alt: w('ui.photo.alt', w('ui.photo.' + kind), i + 1), width: 120, height: 120 }));
    image.addEventListener('load', () => URL.revokeObjectURL(image.src), { once: true });
    return h('button.photo', { type: 'button', 'aria-label': w('ui.photo.leaveOut', i + 1), onclick: () => { taken.splice(i, 1); show(); } }, image);
  }));
  const add = picker(kind, async (photos) => { taken.push(...photos); show(); }, () => AT_ONCE - taken.length);
  return { nodes: [add, row], read: () => ({}), taken };
}
