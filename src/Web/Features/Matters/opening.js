// A new matter: which procedure, where, for whom, its form; then its number and the link for the person it is for.

import { linkOf } from '../../js/case/caller-link.js';
import { when } from '../../js/case/clock.js';
import { askedOnce, phonesIn } from '../../js/case/dial.js';
import { matterAddress, procedures } from '../../js/case/matter.js';
import { sendTo } from '../../js/case/orders.js';
import { h } from '../../js/kernel/dom.js';
import { choiceField, inputField, selectField } from '../../js/kernel/forms.js';
import { communityName, street } from '../../js/kernel/street.js';
import { nameOf, w } from '../../js/kernel/words.js';
import { formField } from './forms.js';

/** @typedef {import('../../js/contracts.js').ProcedureView} ProcedureView */
/** @typedef {import('../../js/contracts.js').MatterReceipt} MatterReceipt */

const ORIGINS = ['counter', 'phone', 'staff'];

/** @param {HTMLElement} box @param {HTMLElement} begin the button that opens it @param {import('../../js/contracts.js').Me} me @param {() => void} opened once a matter was */
export function opening(box, begin, me, opened) {
  const mayStart = [...procedures.values()].filter((one) => one.mayStart);
  const asked = new URLSearchParams(location.search);
  const parent = asked.get('parent');
  if (!me.onDuty || mayStart.length === 0) {
    if (parent) say(box, h('p.error-box', { role: 'alert' }, w(me.onDuty ? 'ui.matters.mayNotStart' : 'ui.matters.offDutyStart')));
    return;
  }

  begin.hidden = false;
  const start = () => {
    begin.hidden = true;
    box.hidden = false;
    const cancel = () => { box.hidden = true; begin.hidden = false; begin.focus(); };
    choose(box, mayStart, { parent, grid: asked.get('grid') ?? me.grid, community: me.community }, cancel, opened);
  };
  begin.addEventListener('click', start);
  if (parent) start();
}

/** @param {HTMLElement} box @param {...Node} content */
function say(box, ...content) {
  box.hidden = false;
  box.replaceChildren(...content);
}

/** @typedef {{parent: string|null, grid: string|null, community: string|null}} From where it comes out of, and the proposed place */

/** @param {HTMLElement} box @param {ProcedureView[]} list @param {From} from @param {() => void} cancel @param {() => void} opened */
function choose(box, list, from, cancel, opened) {
  const rest = h('div.opening-rest');
  const which = choiceField('procedure', w('ui.matters.which'), list.map((one) => ({ value: one.code, text: nameOf(one), note: nameOf({ name: one.about, nameEn: one.aboutEn }) })));
  const show = () => {
    const procedure = procedures.get(String(which.read().procedure ?? ''));
    if (procedure) rest.replaceChildren(formOf(box, procedure, from, cancel, opened));
  };
  which.group.addEventListener('change', show);
  box.replaceChildren(h('h2', { id: 'new-title', tabindex: -1 }, w('ui.matters.new')), ...(from.parent ? [h('p.soft', null, w('ui.matters.from', from.parent))] : []),
    h('div.ask-field', null, ...which.nodes), rest, h('p', null, h('button.button.plain', { type: 'button', onclick: cancel }, w('ui.ask.cancel'))));
  if (list.length === 1) {
    which.inputs[0].checked = true;
    show();
  }
  /** @type {HTMLElement} */ (box.firstElementChild).focus();
}

/** The grids, those of one's own community first. @param {From} from */
const nearest = (from) => [...street.grids].sort((a, b) => Number(b.community === from.community) - Number(a.community === from.community));

/** @param {ProcedureView} procedure @param {From} from */
function fieldsOf(procedure, from) {
  const fields = [];
  if (procedure.place === 'grid') {
    const grid = selectField('grid', w('ui.matters.grid'), nearest(from).map((one) => ({ value: one.code, text: nameOf(one), group: communityName(one.community) })), w('ui.ask.choose'), true);
    if (from.grid) /** @type {HTMLSelectElement} */ (grid.nodes[1]).value = from.grid;
    fields.push(grid);
  } else if (procedure.place === 'community') {
    const community = selectField('community', w('ui.filter.community'), street.communities.map((one) => ({ value: one.code, text: nameOf(one) })), w('ui.ask.choose'), true);
    if (from.community) /** @type {HTMLSelectElement} */ (community.nodes[1]).value = from.community;
    fields.push(community);
  }
  if (!from.parent) {
    const origin = choiceField('origin', w('ui.matters.origin'), ORIGINS.filter((one) => procedure.hasCaller || one === 'staff').map((value) => ({ value, text: w('ui.origin.' + value) })));
    if (origin.inputs.length === 1) origin.inputs[0].checked = true;
    fields.push(origin);
  }
  if (procedure.hasCaller) fields.push(inputField('name', w('ui.matters.name'), { maxlength: 40 }), inputField('phone', w('ui.matters.phone'), { type: 'tel', inputmode: 'tel', maxlength: 24 }));
  return [...fields, ...formField(procedure.form)];
}

/** @param {HTMLElement} box @param {ProcedureView} procedure @param {From} from @param {() => void} cancel @param {() => void} opened */
function formOf(box, procedure, from, cancel, opened) {
  const fields = fieldsOf(procedure, from);
  const error = h('div.error-box', { role: 'alert', hidden: true });
  const sure = h('button.button', { type: 'submit' }, w('ui.matters.begin'));
  const send = askedOnce((body) => sendTo('/api/matters', body));
  let busy = false;
  return h('form', {
    onsubmit: async (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      if (busy) return;
      busy = true;
      error.hidden = true;
      sure.setAttribute('aria-busy', 'true');
      const { name, phone, ...said } = Object.assign({}, ...fields.map((field) => field.read()));
      const answer = await send({ procedure: procedure.code, ...said, ...(from.parent && { parent: from.parent }), ...((name || phone) && { contact: { name, phone } }) }, [phone, ...phonesIn(procedure.form?.fields ?? [], said.form)]);
      busy = false;
      sure.removeAttribute('aria-busy');
      if ('refused' in answer) {
        error.textContent = answer.refused;
        error.hidden = false;
        error.scrollIntoView({ block: 'nearest' });
        return;
      }
      opened();
      receipt(box, answer.value, procedure, cancel);
    },
  }, ...fields.map((field) => h('div.ask-field', null, ...field.nodes)), ...(procedure.chooses ? [h('p.soft', null, w('ui.matters.chooseLater', procedure.chooses.map((one) => nameOf(one)).join(w('ui.and'))))] : []), error, sure);
}

/** @param {HTMLElement} box @param {MatterReceipt} made @param {ProcedureView} procedure @param {() => void} cancel */
function receipt(box, made, procedure, cancel) {
  const now = Date.now();
  say(box, h('h2', { id: 'new-title', tabindex: -1 }, w('ui.matters.opened', nameOf(procedure))),
    h('p', null, w('ui.matters.number'), ' ', h('a.no', { href: matterAddress(made.callNo), id: 'opened-no' }, made.callNo)),
    ...(made.promised ? [h('p', null, w('ui.matter.promised', when(made.promised, now)))] : []),
    ...(made.trackingUrl ? linkOf(made.trackingUrl, made.phoneNoText) : []),
    h('p.row-wrap', null, h('a.button', { href: matterAddress(made.callNo) }, w('ui.matter.open')), h('button.button.plain', { type: 'button', onclick: cancel }, w('ui.ask.close'))));
  /** @type {HTMLElement} */ (box.firstElementChild).focus();
}
