// The desk's keys: one table that both drives and documents them. Single letters can be switched off (WCAG 2.1.4); the choice is remembered.

import { h } from './dom.js';
import { tell } from './forms.js';
import { w } from './words.js';

/** @typedef {{keys: string[], name: string, act: (key: string) => void, list?: boolean}} Key list: only while the list has the focus */

const REMEMBERED = 'desk-keys';

export class Keys {
  #on = localStorage.getItem(REMEMBERED) !== 'off';

  /** @param {HTMLElement} list @param {Key[]} table @param {(key: string) => void} used */
  constructor(list, table, used) {
    this.list = list;
    this.table = table;
    this.used = used;
    document.addEventListener('keydown', (event) => this.#press(event));
  }

  get on() {
    return this.#on;
  }

  /** @param {boolean} on */
  turn(on) {
    this.#on = on;
    localStorage.setItem(REMEMBERED, on ? 'on' : 'off');
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return; // what lies on top answers
    if (target.matches('input, select, textarea')) {
      if (event.key !== 'Escape') return;
      event.preventDefault(); // a search field would lose what was typed
      this.list.focus();
      return;
    }

    const inList = target === this.list;
    const key = event.key.toLowerCase();
    const one = this.table.find((each) => each.keys.includes(key));
    // Arrows, Enter and Escape are not single letters: they always work wherever they have a meaning.
    if (!one || (one.list && !inList) || (key.length === 1 && !this.#on)) return;
    one.act(key);
    this.used(key);
    event.preventDefault();
  }

  /** What each key does, and the switch. */
  help() {
    const off = /** @type {HTMLInputElement} */ (h('input', { type: 'checkbox', id: 'keys-on' }));
    off.checked = this.#on;
    off.addEventListener('change', () => this.turn(off.checked));
    const names = new Map(this.table.map((one) => [one.name, this.table.filter((other) => other.name === one.name).flatMap((other) => other.keys)]));
    tell(w('ui.keys.title'),
      h('dl.keys-list', null, ...[...names].map(([name, keys]) => h('div', null, h('dt', null, ...keys.map((key) => h('kbd', null, keyName(key)))), h('dd', null, w('ui.keys.' + name))))),
      h('label.check', null, off, h('span', null, h('b', null, w('ui.keys.on')), w('ui.keys.onHelp'))));
  }
}

/** @type {Record<string, string>} */
const NAMES = { arrowdown: '↓', arrowup: '↑', pagedown: 'PgDn', pageup: 'PgUp', enter: 'Enter', escape: 'Esc' };

/** @param {string} key */
const keyName = (key) => NAMES[key] ?? key.toUpperCase();
