// One case, beside a list or in a sheet over it, kept up to date while open.

import { acts, grantButton } from './actions.js';
import { when } from './clock.js';
import { answers, body, head, loadDetail, openNumbers } from './detail.js';
import { h, toast } from '../kernel/dom.js';
import { w } from '../kernel/words.js';

/** @typedef {import('../contracts.js').CallCard} CallCard */
/**
 * opened, closed: so that an address can follow. held: commands that ask nothing are held for a while. acted: a command was done here. foot: for a thumb, evidence first, and at the foot the next step beside these. more: what stands between the commands and the case itself. idle: what stands here while no case is open. whole: gives a case the whole page, or takes it back. kit: what a phone keeps of its cases, for when nobody answers.
 * @typedef {{opened?: (callNo: string) => void, closed?: () => void, held?: boolean, acted?: (command: string) => void, foot?: (detail: import('../contracts.js').CallDetail) => Node[], more?: (detail: import('../contracts.js').CallDetail) => Node[], idle?: () => Node[], whole?: () => void, kit?: Kit}} Looks
 * @typedef {{keep: (detail: import('../contracts.js').CallDetail) => void, recall: (callNo: string) => Promise<Kept|null>}} Kit
 * @typedef {import('../contracts.js').CallDetail & {keptAt?: number}} Kept keptAt: when it was read, if this phone has kept it since
 */

// Every access is audited: a case that changes quickly is reloaded at most this often.
const READ_AGAIN_AFTER = 2_000;
// These make a case leave the board, or return to it, while whoever gave the order may keep reading it.
const READ_AFTER = ['merge', 'unmerge', 'ruleDecline', 'callback', 'requestExemption', 'ruleExemption'];

export class Pane {
  /** @type {string|null} */
  callNo = null;

  /** @type {Kept|null} */
  #detail = null;

  /** The opened case: a peek reads nothing. @type {string|null} */
  #opened = null;

  /** The case being read, or read just now. @type {string|null} */
  #reading = null;

  /** The case last acted on here: if that makes it leave the board, it is read once more. @type {string|null} */
  #acted = null;

  /** The case could not be read because nobody answered. */
  #unreached = false;

  /** Something that is not a case stands here. */
  #aside = false;

  /** The feed's card of the case when it was last shown. @type {CallCard|undefined} */
  #seen = undefined;

  /** @param {HTMLElement} element @param {import('./feed.js').Watched} feed @param {Looks} [looks] */
  constructor(element, feed, { opened = () => {}, closed = () => {}, held = false, acted = () => {}, foot = undefined, more = () => [], idle = () => [], whole = undefined, kit = undefined } = {}) {
    this.element = element;
    this.feed = feed;
    this.opened = opened;
    this.closed = closed;
    this.held = held;
    this.acted = acted;
    this.foot = foot;
    this.more = more;
    this.idle = idle;
    this.whole = whole;
    this.kit = kit;
    /** The last known card of a case that has left the board. @type {CallCard|undefined} */
    this.last = undefined;
    openNumbers(element, (callNo) => this.open(callNo));
  }

  /** Shows what the feed knows about a case; reads nothing. @param {string} callNo */
  peek(callNo) {
    if (this.callNo === callNo && this.#detail) return;
    this.callNo = callNo;
    this.#opened = this.#reading = this.#detail = null;
    this.#unreached = this.#aside = false;
    this.last = this.#seen = this.feed.cards.get(callNo);
    this.#show(h('p.soft', null, w('ui.desk.enter')));
  }

  /** Shows something that is not a case. @param {...Node} content */
  aside(...content) {
    this.callNo = this.#opened = this.#reading = this.#detail = null;
    this.last = undefined;
    this.#aside = true;
    this.#show(...content);
  }

  /** Reads the whole case. @param {string} callNo */
  async open(callNo) {
    if (this.callNo !== callNo) this.peek(callNo);
    this.#opened = callNo;
    this.element.classList.add('open');
    this.opened(callNo);
    if (!this.#detail) this.#show(h('p.empty', null, w('ui.detail.loading')));
    await this.#read();
  }

  /**
   * Gives a command as if its button had been pressed: reads the case first, because it says who may. @param {string} callNo @param {string} command
   * @param {string} [buttons] the buttons it has in the case; of several, the first takes the focus, and is not pressed
   */
  async give(callNo, command, buttons = `[data-command="${command}"]`) {
    if (!(this.callNo === callNo && this.#detail)) await this.open(callNo);
    if (this.callNo !== callNo) return;
    const [button, ...others] = /** @type {NodeListOf<HTMLElement>} */ (this.element.querySelectorAll(buttons));
    if (!button) toast(w('ui.say.notNow', w('ui.command.' + command)));
    else if (others.length > 0) button.focus();
    else button.click();
  }

  close() {
    this.callNo = this.#opened = this.#reading = this.#detail = null;
    this.#unreached = this.#aside = false;
    this.element.classList.remove('open');
    this.rest();
    this.closed();
  }

  /** Draws what stands here while no case is open. */
  rest() {
    if (!this.callNo && !this.#aside) this.element.replaceChildren(h('p.empty', null, w('ui.desk.choose')), ...this.idle());
  }

  /** The feed, or its link, has changed. */
  refresh() {
    if (!this.callNo) return;
    if (this.#unreached && this.feed.link === 'live') {
      this.#readAgain(this.callNo);
      return;
    }

    const card = this.feed.cards.get(this.callNo);
    if (card === this.#seen) return;
    this.#seen = card;
    this.last = card ?? this.last;
    if (!this.#detail) this.#show(h('p.soft', null, w(card ? 'ui.desk.enter' : 'ui.detail.left')));
    else if (card && card.version > this.#detail.call.version) {
      this.tick(); // the feed's part is shown at once, the rest when it has been read
      this.#read();
    }
    else if (!card && this.#acted === this.callNo) this.#readAgain(this.callNo);
    else if (!card) this.#show(h('p.soft', null, w('ui.detail.left')), this.#again(this.callNo));
  }

  /** A case that has left the board can still be read: to see how it ended, or to take it out of another one again. @param {string} callNo */
  #again(callNo) {
    return h('button.button.plain', { type: 'button', 'data-command': 'again', onclick: () => this.#readAgain(callNo) }, w('ui.detail.again'));
  }

  /** @param {string} callNo */
  #readAgain(callNo) {
    this.#acted = this.#reading = this.#detail = null;
    this.#unreached = false;
    this.open(callNo);
  }

  /**
   * The result of a command given here is read at once, not at the pace of others' changes; and a case that leaves the board sends no more changes of its own.
   * @param {string} callNo @param {string} command
   */
  #after(callNo, command) {
    this.acted(command);
    if (this.#opened !== callNo || !this.element.isConnected) return; // a closed sheet shows nothing any more
    if (this.#detail?.keptAt) void this.#recall(callNo); // without a network, the next step follows from the tap
    this.#catchUp(callNo);
    if (!READ_AFTER.includes(command)) return;
    this.#acted = callNo;
    if (!this.feed.cards.has(callNo)) this.#readAgain(callNo);
  }

  /** Once a second, and when the case has changed: its head and its answers as they stand now. */
  tick() {
    const card = this.callNo ? this.feed.cards.get(this.callNo) : undefined;
    if (!card) return;
    this.#renew('.detail-head', head(card, this.feed.now()));
    this.#renew('ul.answers', answers(card, this.feed.now()));
  }

  /** Replaces a part only if it would look different. @param {string} part @param {HTMLElement} fresh */
  #renew(part, fresh) {
    const old = this.element.querySelector(part);
    if (old && old.outerHTML !== fresh.outerHTML && !old.contains(document.activeElement)) old.replaceWith(fresh);
  }

  async #read() {
    const callNo = this.#opened;
    if (!callNo || this.#reading === callNo) return;
    this.#reading = callNo;
    if (this.feed.link !== 'live') await this.#recall(callNo); // a line that hangs would keep the reader waiting
    const detail = await loadDetail(callNo);
    setTimeout(() => this.#catchUp(callNo), READ_AGAIN_AFTER);
    if (this.#opened !== callNo) return; // closed, or another one opened, while this was loading
    this.#unreached = 'problem' in detail && detail.unreached === true;
    if (this.#unreached && await this.#recall(callNo)) return;
    if ('problem' in detail) {
      this.#detail = null;
      this.#show(h('p.error-box', null, detail.problem));
      return;
    }
    this.kit?.keep(detail);
    this.#present(callNo, detail);
  }

  /** Shows what this phone has kept of the case; false if it has nothing. @param {string} callNo */
  async #recall(callNo) {
    const kept = await this.kit?.recall(callNo);
    if (kept && this.#opened === callNo) this.#present(callNo, kept);
    return Boolean(kept);
  }

  /** @param {string} callNo @param {Kept} detail */
  #present(callNo, detail) {
    this.#detail = detail;
    this.#seen = this.feed.cards.get(callNo);
    this.last = this.#seen ?? detail.call;
    const after = (/** @type {string} */ command) => this.#after(callNo, command);
    const commands = acts(this.feed, detail, after, this.held);
    const { evidence, story } = body(detail, this.feed.now(), (kind) => this.held && grantButton(this.feed, detail.call, kind, detail.commands, after), this.#neighbours(detail.call));
    const old = detail.keptAt === undefined ? [] : [h('p.note-line', { 'data-kept': detail.keptAt }, w('ui.detail.kept', when(new Date(detail.keptAt).toISOString(), this.feed.now())))];
    if (this.foot) this.#show(...old, ...evidence, ...this.more(detail), commands, ...story, nextStep(commands, this.foot(detail)));
    else this.#show(commands, ...this.more(detail), ...evidence, ...story);
  }

  /** Other open cases of its grid, as far as the reader sees them; the oldest first. @param {CallCard} call */
  #neighbours({ callNo, grid }) {
    return [...this.feed.cards.values()].filter((card) => card.grid === grid && card.callNo !== callNo).sort((a, b) => (a.openedAt < b.openedAt ? -1 : 1));
  }

  /** @param {string} callNo */
  #catchUp(callNo) {
    if (this.#reading === callNo) this.#reading = null;
    const card = this.feed.cards.get(callNo);
    if (this.#opened === callNo && card && this.#detail && card.version > this.#detail.call.version) this.#read();
  }

  /** @param {...Node} content */
  #show(...content) {
    const focused = /** @type {HTMLElement|null} */ (this.element.contains(document.activeElement) ? document.activeElement : null);
    const command = focused?.dataset.command;
    const scrolled = this.element.scrollTop;
    const unfolded = this.element.querySelector('details.more[open]') !== null;
    const whole = this.whole && !this.#aside && h('button.button.plain.small.whole', { type: 'button', 'data-command': 'whole', onclick: this.whole }, w('ui.detail.whole'));
    const back = h('button.button.plain.small.back', { type: 'button', onclick: () => this.close() }, w('ui.ask.close'));
    // Head and commands stay in sight while the story scrolls.
    const commands = this.foot ? -1 : content.findIndex((node) => node instanceof HTMLElement && node.matches('.acts'));
    const top = h('div.detail-top', null, back, whole, this.last && head(this.last, this.feed.now()), ...(commands >= 0 ? content.splice(commands, 1) : []));
    this.element.replaceChildren(top, ...content);
    if (unfolded) this.element.querySelector('details.more')?.setAttribute('open', '');
    if (scrolled > 0) this.element.scrollTop = scrolled;
    if (focused?.isConnected) focused.focus(); // what is kept was only moved
    else if (focused) (command ? /** @type {HTMLElement|null} */ (this.element.querySelector(`[data-command="${command}"]`)) ?? this.element : this.element).focus();
  }
}

/** The one big next step, taken out of the commands; a verdict is two. @param {HTMLElement} commands @param {Node[]} beside */
function nextStep(commands, beside) {
  const verdict = commands.querySelectorAll(':scope > :is([data-command="pass"], [data-command="fail"])');
  const [first] = commands.children;
  return h('div.foot', null, ...beside, ...(verdict.length > 0 ? verdict : first?.matches('.button:not(.plain)') ? [first] : []));
}
