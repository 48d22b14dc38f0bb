// Who was told of a case, by what, and what became of it: read when somebody asks for it, and again while it stands open and the case changes.

import { span, when } from './clock.js';
import { read } from '../kernel/client.js';
import { h } from '../kernel/dom.js';
import { communityName, gridName, partyName, teamName } from '../kernel/street.js';
import { w, wordOf } from '../kernel/words.js';

/** @typedef {import('../contracts.js').ToldMessage} ToldMessage */

/** Whom it went to. @param {ToldMessage} one */
function toWords({ to, kind, team, community, grid }) {
  const [what, code = ''] = to.split(':');
  if (what === 'post') return [team ? teamName(team) : community ? communityName(community) : '', grid ? gridName(grid) : '', kind ? wordOf('post.', kind) : ''].filter(Boolean).join(' ') || w('ui.told.gone');
  return what === 'team' ? teamName(code) : what === 'community' ? communityName(code) : what === 'party' ? partyName(code) : w('ui.told.to.' + what);
}

/** @param {ToldMessage} one @param {number} now */
function becameOf(one, now) {
  if (one.answer) return h('b', null, w('ui.told.answer.' + one.answer, when(/** @type {string} */ (one.answeredAt), now)));
  if (one.sentAt) return w('ui.told.sent', when(one.sentAt, now), span(Math.max(0, Date.parse(one.sentAt) - Date.parse(one.dueAt))));
  if (one.state === 'waiting') return w(Date.parse(one.dueAt) > now ? 'ui.told.due' : 'ui.told.trying', when(one.dueAt, now));
  return h(one.state === 'dead' ? 'b.late-text' : 'span.soft', null, w('ui.told.state.' + one.state), one.why ? w('ui.told.why', wordOf('ui.told.why.', one.why)) : '');
}

export class Told {
  #callNo = '';
  #body = h('div.told-list');
  #box = /** @type {HTMLDetailsElement} */ (h('details.told', { ontoggle: () => { if (this.#box.open) void this.#read(); } }, h('summary', null, w('ui.told.title')), this.#body));
  #turn = 0;

  /** @param {() => number} now by the server's clock, in ms */
  constructor(now) {
    this.now = now;
  }

  /** The box of a case: one that was opened stays open while the case changes. @param {string} callNo */
  of(callNo) {
    if (this.#callNo !== callNo) {
      this.#callNo = callNo;
      this.#box.open = false;
      this.#body.replaceChildren();
    } else if (this.#box.open) void this.#read();
    return this.#box;
  }

  async #read() {
    const own = ++this.#turn;
    const answer = await read(`/api/calls/${encodeURIComponent(this.#callNo)}/told`);
    if (own !== this.#turn) return;
    if ('problem' in answer) {
      this.#body.replaceChildren(h('p.error-box', { role: 'alert' }, answer.problem));
      return;
    }
    /** @type {readonly ToldMessage[]} */
    const messages = answer.value.messages;
    this.#body.replaceChildren(messages.length === 0 ? h('p.soft', null, w('ui.told.none')) : h('ul.plain-list', null, ...messages.map((one) => h('li', { 'data-state': one.state, 'data-by': one.by },
      h('span', null, toWords(one), ' · ', wordOf('ui.by.', one.by), ' · ', wordOf('ui.told.on.', one.event)), ' ', becameOf(one, this.now())))));
  }
}
