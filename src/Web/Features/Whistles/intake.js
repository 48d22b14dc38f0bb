// 代录 beside the living queue: the telephone first, danger second, a place by what the caller says; at the end the sentence to read to them. The draft stays
// in this tab until it is sent or dropped.

import { isDesignated, stateWords } from '../../js/case/card.js';
import { linkOf } from '../../js/case/caller-link.js';
import { when } from '../../js/case/clock.js';
import { askedOnce } from '../../js/case/dial.js';
import { sendTo } from '../../js/case/orders.js';
import { schematic } from '../../js/case/outline.js';
import { findPlaces, spotOf, spotOfGrid } from '../../js/case/places.js';
import { get, send } from '../../js/kernel/client.js';
import { h, svg, setText } from '../../js/kernel/dom.js';
import { categoryName, street, teamName } from '../../js/kernel/street.js';
import { nameOf, w } from '../../js/kernel/words.js';

/** @typedef {import('../../js/contracts.js').WhistleReceipt} WhistleReceipt */
/** @typedef {import('../../js/contracts.js').StandardView} StandardView */
/** @typedef {{phone: string, danger: boolean, place: string, placeText: string, category: string, address: string, words: string, name: string, source: string, standard: string, hide: boolean, drill: boolean}} Draft */

const DRAFT = 'intake-draft';
const MOST_PLACES = 8;
const MOST_SIMILAR = 5;
/** Digits from which a number is looked up. */
const WHOLE_NUMBER = 7;
/** With the address line above them, the words stay within the limit of a description. */
const LONGEST_WORDS = 1_900;
const LONGEST_ADDRESS = 80;
/** In units of its schematic. */
const MAP_WIDTH = 400;

/** @returns {Draft} */
const empty = () => ({ phone: '', danger: false, place: '', placeText: '', category: '', address: '', words: '', name: '', source: 'phone', standard: '', hide: false, drill: false });

/** @returns {Draft} */
function kept() {
  try {
    return { ...empty(), ...JSON.parse(sessionStorage.getItem(DRAFT) ?? '{}') };
  } catch {
    return empty();
  }
}

/** @type {StandardView[]|null} */
let standards = null;

/**
 * The panel. @param {import('../../js/case/feed.js').Watched} feed @param {{open: (callNo: string) => void, again: () => void, done: () => void}} to opens a case, begins anew, leaves
 * @returns {{nodes: Node[], focus: () => void}}
 */
export function intake(feed, to) {
  const draft = kept();
  const id = (/** @type {string} */ name) => 'intake-' + name;
  const keep = () => sessionStorage.setItem(DRAFT, JSON.stringify(draft));
  /** @param {string} name @param {string} label @param {HTMLElement} input @param {...(Node|false|null)} more */
  const field = (name, label, input, ...more) => h('div.field', null, h('label', { for: id(name) }, label), input, h('p.field-error', { id: id(name) + '-error', role: 'alert', hidden: true }), ...more);
  /** @param {'phone'|'address'|'name'} name @param {Record<string, unknown>} props @returns {HTMLInputElement} */
  const text = (name, props) => {
    const input = /** @type {HTMLInputElement} */ (h('input', { id: id(name), autocomplete: 'off', value: draft[name], ...props }));
    input.addEventListener('input', () => { draft[name] = input.value; keep(); });
    return input;
  };

  const phone = text('phone', { type: 'tel', inputmode: 'tel', maxlength: 24 });
  const earlier = h('div.earlier', { 'aria-live': 'polite' });
  let looked = '';
  const lookUp = async () => {
    const digits = phone.value.replace(/\P{Nd}/gu, '');
    if (digits === looked) return;
    looked = digits;
    earlier.replaceChildren();
    if (digits.length < WHOLE_NUMBER) return;
    const answer = await send('/api/search', { q: phone.value.trim() }).catch(() => null);
    if (!answer?.ok || digits !== looked) return;
    const hits = /** @type {import('../../js/contracts.js').SearchView} */ (await answer.json()).hits.filter((hit) => hit.by === 'phone');
    earlier.replaceChildren(h('p.soft', null, hits.length === 0 ? w('ui.intake.firstTime') : w('ui.intake.earlier', hits.length)),
      hits.length > 0 ? h('ul.heap-cases', null, ...hits.slice(0, MOST_SIMILAR).map(({ call }) => h('li', null,
        h('button.quiet', { type: 'button', onclick: () => to.open(call.callNo) }, h('b', null, categoryName(call.category)), ' ', stateWords(call), ' ', h('span.soft', null, when(call.openedAt, feed.now())))))) : '');
  };
  phone.addEventListener('change', lookUp);
  if (draft.phone) void lookUp();

  const check = (/** @type {'danger'|'hide'|'drill'} */ name, /** @type {string} */ label) => {
    const box = /** @type {HTMLInputElement} */ (h('input', { type: 'checkbox', id: id(name) }));
    box.checked = draft[name];
    box.addEventListener('change', () => { draft[name] = box.checked; keep(); similar(); });
    return h('label.check' + (name === 'danger' ? '.danger' : ''), null, box, h('span', null, h('b', null, label)));
  };

  // The place: typed, or clicked on the map.
  const place = /** @type {HTMLInputElement} */ (h('input', { id: id('place'), autocomplete: 'off', role: 'combobox', 'aria-expanded': 'false', 'aria-controls': id('places'), 'aria-autocomplete': 'list', maxlength: 40, value: draft.placeText }));
  const list = h('ul.places', { id: id('places'), role: 'listbox', 'aria-label': w('ui.intake.places'), hidden: true });
  const chosen = h('p.soft', { 'aria-live': 'polite' });
  const map = gridMap((grid) => { const spot = spotOfGrid(grid); if (spot) choose(spot); });
  let at = 0;
  /** @param {import('../../js/case/places.js').Spot|null} spot */
  function choose(spot) {
    if (spot) clear('place');
    draft.place = spot?.value ?? '';
    draft.placeText = spot?.text ?? place.value;
    if (spot) place.value = spot.text;
    list.hidden = true;
    place.setAttribute('aria-expanded', 'false');
    setText(chosen, spot ? spot.note : '');
    for (const path of map.querySelectorAll('[data-grid]')) path.classList.toggle('where-own', path.getAttribute('data-grid') === spot?.grid);
    keep();
    similar();
  }
  const offer = () => {
    const spots = findPlaces(place.value, MOST_PLACES);
    at = Math.max(0, Math.min(at, spots.length - 1));
    list.hidden = spots.length === 0;
    place.setAttribute('aria-expanded', String(spots.length > 0));
    list.replaceChildren(...spots.map((spot, i) => h('li', { role: 'option', id: `${id('places')}-${i}`, 'aria-selected': String(i === at), onmousedown: (/** @type {Event} */ event) => { event.preventDefault(); choose(spot); category.focus(); } },
      h('b', null, spot.text), ' ', h('span.soft', null, spot.note))));
    if (spots.length > 0) place.setAttribute('aria-activedescendant', `${id('places')}-${at}`);
    else place.removeAttribute('aria-activedescendant');
    return spots;
  };
  place.addEventListener('input', () => { at = 0; choose(null); offer(); });
  place.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      at += event.key === 'ArrowDown' ? 1 : -1;
      offer();
    } else if (event.key === 'Enter' && !event.ctrlKey && !list.hidden) {
      choose(offer()[at]);
      category.focus();
    } else if (event.key === 'Escape' && !list.hidden) list.hidden = true;
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  place.addEventListener('blur', () => { if (!draft.place) { const spots = findPlaces(place.value, 1); if (spots.length === 1) choose(spots[0]); } list.hidden = true; });

  const category = /** @type {HTMLSelectElement} */ (h('select', { id: id('category') }, h('option', { value: '' }, w('ui.ask.choose')), ...street.categories.map((one) => h('option', { value: one.code }, `${one.code} ${nameOf(one)}`))));
  category.value = draft.category;
  const standard = /** @type {HTMLSelectElement} */ (h('select', { id: id('standard') }));
  const standardField = field('standard', w('ui.intake.standard'), standard);
  const showStandards = () => {
    const fit = (standards ?? []).filter((one) => !one.category || one.category === category.value);
    standardField.hidden = category.value === '' || fit.length === 0;
    standard.replaceChildren(h('option', { value: '' }, w('ui.intake.usualStandard')), ...fit.map((one) => h('option', { value: one.key }, w('ui.intake.standardLine', one.itemName, one.condition))));
    standard.value = fit.some((one) => one.key === draft.standard) ? draft.standard : '';
  };
  category.addEventListener('change', () => { draft.category = category.value; keep(); clear('category'); showStandards(); similar(); });
  standard.addEventListener('change', () => { draft.standard = standard.value; keep(); });
  if (standards === null) void get('/api/standards').then((view) => { standards = view?.standards ?? []; showStandards(); });

  const words = /** @type {HTMLTextAreaElement} */ (h('textarea', { id: id('words'), rows: 3, maxlength: LONGEST_WORDS }));
  words.value = draft.words;
  words.addEventListener('input', () => { draft.words = words.value; keep(); });

  // Open cases of the same grid and category: one of them may be meant.
  let joins = '';
  const alike = h('div.alike', { 'aria-live': 'polite' });
  function similar() {
    joins = '';
    const grid = spotOf(draft.place)?.grid;
    const cards = grid && draft.category && !draft.danger ? [...feed.cards.values()].filter((card) => card.grid === grid && card.category === draft.category && ['ringing', 'accepted', 'onScene', 'handedUp'].includes(card.state) && !card.flags.includes('drill')) : [];
    alike.replaceChildren(...(cards.length === 0 ? [] : [h('p.note-line', null, w('ui.intake.similar', cards.length)), h('div.choice', { role: 'radiogroup', 'aria-label': w('ui.intake.similar', cards.length) },
      ...[null, ...cards.slice(0, MOST_SIMILAR)].map((card) => {
        const input = /** @type {HTMLInputElement} */ (h('input', { type: 'radio', name: id('joins'), value: card?.callNo ?? '' }));
        input.checked = card === null;
        input.addEventListener('change', () => { joins = input.value; });
        return h('label', null, input, h('span', null, card ? w('ui.intake.same', card.callNo, when(card.openedAt, feed.now())) : w('ui.intake.another')));
      }))]));
  }

  const source = h('div.choice.two', { role: 'radiogroup', 'aria-label': w('ui.intake.source') }, ...['phone', 'counter'].map((value) => {
    const input = /** @type {HTMLInputElement} */ (h('input', { type: 'radio', name: id('source'), value }));
    input.checked = draft.source === value;
    input.addEventListener('change', () => { draft.source = value; keep(); });
    return h('label', null, input, h('span', null, w('ui.intake.' + value)));
  }));

  const error = h('div.error-box', { role: 'alert', hidden: true });
  const sure = h('button.button.wide', { type: 'submit' }, w('ui.intake.send'));
  const box = h('div.intake-panel');

  /** What was missing is there. @param {string} name */
  function clear(name) {
    const line = /** @type {HTMLElement|null} */ (box.querySelector(`#${id(name)}-error`));
    if (line) line.hidden = true;
  }

  /** Shows what is missing beside its field; the first is focused. */
  function missing() {
    /** @type {[HTMLElement, string, boolean][]} */
    const needed = [[place, 'place', draft.place === ''], [category, 'category', category.value === '']];
    for (const [, name, bad] of needed) {
      const line = /** @type {HTMLElement} */ (box.querySelector(`#${id(name)}-error`));
      line.hidden = !bad;
      line.textContent = bad ? w('ui.intake.missing.' + name) : '';
    }
    const first = needed.find(([, , bad]) => bad);
    first?.[0].focus();
    return first !== undefined;
  }

  const blow = askedOnce((body) => sendTo('/api/whistles', body));
  let busy = false;
  const form = h('form.intake', {
    onsubmit: async (/** @type {Event} */ event) => {
      event.preventDefault();
      if (busy || missing()) return;
      busy = true;
      error.hidden = true;
      sure.setAttribute('aria-busy', 'true');
      const spot = /** @type {import('../../js/case/places.js').Spot} */ (spotOf(draft.place));
      const answer = await blow({
        ...(spot.value.startsWith('s:') ? { station: spot.value.slice(2) } : { grid: spot.grid }),
        category: draft.category,
        description: [draft.address.trim() && w('ui.intake.addressLine', draft.address.trim()), draft.words.trim()].filter(Boolean).join('\n') || undefined,
        danger: draft.danger,
        hideFromProperty: draft.hide,
        drill: draft.drill,
        source: draft.source,
        standard: draft.standard || undefined,
        contact: draft.name.trim() || draft.phone.trim() ? { name: draft.name.trim() || undefined, phone: draft.phone.trim() || undefined } : undefined,
        joins: joins || undefined,
      }, [draft.phone.trim()]);
      busy = false;
      sure.removeAttribute('aria-busy');
      if ('refused' in answer) {
        error.textContent = answer.unheard ? w('ui.intake.unheard') : answer.refused;
        error.hidden = false;
        error.scrollIntoView({ block: 'nearest' });
        return;
      }
      sessionStorage.removeItem(DRAFT);
      box.replaceChildren(...receipt(answer.value, feed, to));
      /** @type {HTMLElement} */ (box.querySelector('h2')).focus();
    },
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); /** @type {HTMLFormElement} */ (form).requestSubmit(); }
    },
  }, h('h2', null, w('ui.intake.title')),
  field('phone', w('ui.intake.phoneLabel'), phone, earlier),
  check('danger', w('ui.intake.danger')),
  field('place', w('ui.intake.place'), place, list, chosen, h('details', null, h('summary', null, w('ui.intake.map')), map)),
  field('category', w('ui.intake.category'), category), standardField, alike,
  field('address', w('ui.intake.address'), text('address', { maxlength: LONGEST_ADDRESS })),
  field('words', w('ui.intake.words'), words),
  field('name', w('ui.intake.name'), text('name', { maxlength: 40 })),
  source, check('hide', w('ui.intake.hide')), check('drill', w('ui.intake.drill')), error, sure,
  h('button.button.plain.wide', { type: 'button', onclick: () => { sessionStorage.removeItem(DRAFT); to.done(); } }, w('ui.intake.drop')));
  box.append(form);
  showStandards();
  if (draft.place) choose(spotOf(draft.place));
  return { nodes: [box], focus: () => phone.focus() };
}

/** The number and the sentence to read to the caller, and their link. @param {WhistleReceipt} made @param {import('../../js/case/feed.js').Watched} feed @param {{open: (callNo: string) => void, again: () => void}} to @returns {Node[]} */
function receipt(made, feed, to) {
  const now = feed.now();
  const due = (/** @type {string} */ kind) => { const answer = made.answers.find((one) => one.kind === kind); return answer ? when(answer.due, now) : w('ui.unknown'); };
  const card = feed.cards.get(made.callNo);
  const who = card && (card.rung === 'team' || isDesignated(card)) && card.teams.length > 0 ? card.teams.map(teamName).join(w('ui.and')) : w('ui.intake.team');
  return [h('h2', { tabindex: -1 }, w('ui.intake.done')),
    h('p', null, w('ui.matters.number'), ' ', h('b.no', { id: 'intake-no' }, made.callNo)),
    h('blockquote.read-aloud', { id: 'read-aloud' }, w('ui.intake.readAloud', [...made.callNo.slice(-5)].join(' '), who, due('accept'), due('arrive'), due('resolve'))),
    ...(made.leftOut?.length ? [h('p.note-line', null, w('ui.intake.leftOut'))] : []),
    ...(made.phoneUnusual ? [h('p.note-line', { id: 'unusual' }, w('ui.intake.unusual'))] : []),
    ...linkOf(made.trackingUrl, made.phoneNoText),
    h('div.row-wrap', null, h('button.button', { type: 'button', 'data-command': 'next', onclick: to.again }, w('ui.intake.next')), h('button.button.plain', { type: 'button', onclick: () => to.open(made.callNo) }, w('ui.intake.open')))];
}

/** The street's grids, to click; whoever uses the keyboard types the place. @param {(grid: string) => void} pick */
function gridMap(pick) {
  const points = street.grids.flatMap((grid) => grid.outline);
  if (points.length === 0) return svg('svg', { class: 'where-map' });
  const { height, path } = schematic(points, MAP_WIDTH);
  const map = svg('svg', { class: 'where-map pick', viewBox: `-2 -2 ${MAP_WIDTH + 4} ${height + 4}`, 'aria-hidden': 'true' },
    ...street.grids.filter((grid) => grid.outline.length > 2).map((grid) => {
      const title = svg('title', {});
      title.textContent = nameOf(grid);
      return svg('path', { class: 'where-near', 'data-grid': grid.code, d: path(grid.outline) }, title);
    }));
  map.addEventListener('click', (event) => {
    const grid = /** @type {Element|null} */ (event.target)?.closest('[data-grid]')?.getAttribute('data-grid');
    if (grid) pick(grid);
  });
  return map;
}
