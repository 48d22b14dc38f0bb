// Forms whose fields are stored in the address.

import { w } from './words.js';

/** Fills a form from the address. @param {HTMLFormElement} form @param {Record<string, string>} [otherwise] values for fields missing from the address */
export function fromAddress(form, otherwise = {}) {
  const asked = new URLSearchParams(location.search);
  for (const input of /** @type {Iterable<HTMLInputElement>} */ (form.querySelectorAll('[name]'))) input.value = asked.get(input.name) ?? otherwise[input.name] ?? '';
}

/** Writes the form's fields to the address, keeping parameters that have no field. @param {HTMLFormElement} form */
export function toAddress(form) {
  const address = new URL(location.href);
  for (const input of /** @type {Iterable<HTMLInputElement>} */ (form.querySelectorAll('[name]'))) {
    if (input.value) address.searchParams.set(input.name, input.value);
    else address.searchParams.delete(input.name);
  }
  history.replaceState(null, '', address);
  return address.searchParams;
}

/** A path with those parameters that are not empty. @param {string} path @param {Record<string, string|number|null|undefined>} parameters */
export function to(path, parameters) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== '').map(([name, value]) => [name, String(value)]));
  return query.size > 0 ? `${path}?${query}` : path;
}

/** The date in the street's time zone, offset by this many days. @param {number} [days] */
export const day = (days = 0) => new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);

/** A bin of AnswerTimesView. @param {number} bin */
export const shareWords = (bin) => (bin > 10 ? w('ui.stats.over') : bin === 10 ? '100–200 %' : `${bin * 10}–${bin * 10 + 10} %`);
