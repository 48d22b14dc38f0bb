// Small helpers to build elements. Text always goes in as text: nothing received over the wire is ever parsed as HTML.

const SVG = 'http://www.w3.org/2000/svg';

/**
 * @param {string} tag "div", "p.soft", "button.button.plain"
 * @param {Record<string, unknown>|null} [props] on… adds a listener; a boolean sets or leaves out the attribute
 * @param {...(Node|string|null|undefined|false)} children
 * @returns {HTMLElement}
 */
export function h(tag, props, ...children) {
  const [name, ...classes] = tag.split('.');
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(' ');
  for (const [key, value] of Object.entries(props ?? {})) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), /** @type {EventListener} */ (value));
    else if (value === true) element.setAttribute(key, '');
    else if (value !== false && value != null) element.setAttribute(key, String(value));
  }
  element.append(...children.filter((child) => child != null && child !== false).map((child) => /** @type {Node|string} */ (child)));
  return element;
}

/** @param {string} tag @param {Record<string, string|number>} props @param {...Node} children */
export function svg(tag, props, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(props)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/** @template {HTMLElement} [T=HTMLElement] @param {string} id @returns {T} */
export const $ = (id) => /** @type {T} */ (document.getElementById(id));

/** Writes only if it differs, so neither layout nor screen reader is triggered for nothing. @param {Node} node @param {string} text */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** @param {Element} element @param {string} name @param {string|number} value */
export function setAttr(element, name, value) {
  const text = String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

const polite = h('div.visually-hidden', { role: 'status', 'aria-live': 'polite' });
const toasts = h('div.toasts', { role: 'status' });
document.body.append(polite, toasts);
const TOAST_FOR = 6_000;

/** Shows a sentence for a while and announces it to screen readers. @param {string} text @param {'ok'|'bad'|'plain'} [tone] */
export function toast(text, tone = 'plain') {
  for (const same of [...toasts.children]) if (same.textContent === text) same.remove(); // replaced, not duplicated
  const box = h('p.toast.' + tone, null, text);
  toasts.append(box);
  while (toasts.childElementCount > 3) toasts.firstElementChild?.remove();
  setTimeout(() => box.remove(), tone === 'bad' ? TOAST_FOR * 1.5 : TOAST_FOR);
  say(text);
}

const SAY_AT_MOST_EVERY = 10_000;
let saidAt = -SAY_AT_MOST_EVERY;

/** Screen readers only. @param {string} text @param {boolean} [rarely] drop it if something was announced within ten seconds */
export function say(text, rarely = false) {
  if (rarely && performance.now() - saidAt < SAY_AT_MOST_EVERY) return;
  saidAt = performance.now();
  polite.textContent = text;
}
