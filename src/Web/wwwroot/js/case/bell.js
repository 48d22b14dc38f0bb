// The bell in every staff room, and two bars at the foot of the page: urgent cases out of sight, and a warning that nothing would be heard. Of several
// pages in one browser, one rings: the holder of the lock, which only a page that can be heard takes.

import { Alarm, isFor, isOnDuty } from './alarm.js';
import { CallOuts } from './callout.js';
import { FLOOD_FROM, newOnes } from './flood.js';
import { keyOf } from './board.js';
import { clockOf, isUrgent, what } from './card.js';
import { $, say, setAttr, setText } from '../kernel/dom.js';
import { ticking } from './link.js';
import { ring } from '../kernel/sound.js';
import { gridName } from '../kernel/street.js';
import { w } from '../kernel/words.js';

/** @typedef {import('../contracts.js').CallCard} CallCard */
/** @typedef {import('../contracts.js').Me} Me */

/**
 * me: who is looking; without a name, unknown. as: whom of several posts a case concerns. stands: how a case will stand once the taps made here have arrived. isInSight: whether a case is
 * visible; jump: scrolls it into view. onWall: nobody is asked to arm it.
 * @typedef {{me: () => Me, as?: (card: CallCard) => Me, stands?: (card: CallCard) => CallCard, isInSight?: (callNo: string) => boolean, jump?: (callNo: string) => void, onWall?: boolean}} Looks
 */

const LOOK_EVERY = 1_000;
const LOOK_AT_MOST = 250;
/** While so many cases call, the bar is renewed once a second. */
const MANY = 100;
const HIDES_AFTER = 300;
/** In ms: a page that rings may be closing; whoever takes over within this time rings for it. */
const TAKES_OVER = 5_000;
const LOCK = 'ring';

export class Bell {
  #alarm = new Alarm();
  #title = document.title;
  #lookedAt = -Infinity;

  /** @type {CallOuts|null} */
  #callOuts = null;

  /** The cases that call for this person. @type {CallCard[]} */
  #calling = [];

  /** The level to sound as soon as the browser allows it, or the page that rings is gone. @type {string|undefined} */
  #owed;

  #owedAt = -Infinity;

  /** Whether this page is the one that rings. */
  #leads = false;

  /** Stops waiting for the lock, or releases it. @type {(() => void)|null} */
  #leave = null;

  /** Whether another page of this browser rings. */
  #elsewhere = false;

  /** @param {import('./feed.js').Watched} feed @param {Looks} looks */
  constructor(feed, { me, as = () => me(), stands = (card) => card, isInSight = () => false, jump, onWall = false }) {
    this.feed = feed;
    this.me = me;
    this.as = as;
    this.stands = stands;
    this.isInSight = isInSight;
    this.onWall = onWall;
    /** Absent for accounts that nobody calls. */
    this.bars = document.getElementById('bars');
    this.rings = this.bars?.dataset.rings === 'true';
    if (onWall && ring.armed) void ring.wake(); // nobody touches a wall, and its browser may be configured to allow sound
    if (!this.bars) return;
    const look = () => this.#look();
    this.#callOuts = new CallOuts(feed, me, look);
    feed.addEventListener('change', () => { if (performance.now() - this.#lookedAt > LOOK_AT_MOST) this.#look(document.hidden || this.#calling.length < MANY); }); // a background page gets events but hardly any timers
    feed.addEventListener('link', () => { if (feed.link === 'stale') this.#lost(); look(); });
    ring.addEventListener('change', look);
    feed.addEventListener('frame', () => { if (performance.now() - this.#lookedAt > LOOK_EVERY) look(); }); // the beats come there, too
    ticking(look, LOOK_EVERY);
    addEventListener('pagehide', () => {
      if (this.#leads && feed.sure) Alarm.leave(feed.now());
      this.#follow();
    });
    document.addEventListener('scroll', () => this.#tell(), { passive: true, capture: true });
    $('bell').addEventListener('click', () => this.#mend());
    $('urgent-bar').addEventListener('click', (event) => {
      const callNo = $('urgent-bar').dataset.case;
      if (!jump || !callNo) return;
      event.preventDefault();
      jump(callNo);
    });
    look();
  }

  /** @param {boolean} [tells] whether the bar is renewed although it stands */
  #look(tells = true) {
    this.#lookedAt = performance.now();
    const cards = [...this.feed.cards.values()].map(this.stands);
    const known = this.feed.sure || this.feed.link === 'stale';
    const calling = known ? cards.filter((card) => isFor(card, this.as(card))) : [];
    if (this.rings && this.feed.sure) this.#sound(calling, cards);
    this.#calling = this.rings ? calling : cards.filter(isUrgent);
    if (tells || $('urgent-bar').hidden) this.#tell();
    this.#bar();
    setAttr(document.body, 'data-link', this.feed.link);
    void this.#elect();
  }

  /** @param {CallCard[]} calling @param {CallCard[]} cards */
  #sound(calling, cards) {
    const isFlood = () => this.bars?.dataset.room === 'desk' && newOnes(cards.map(keyOf), this.feed.now()) >= FLOOD_FROM;
    const now = performance.now();
    const fresh = this.#alarm.look(calling, this.feed.now(), isFlood);
    if (fresh) this.#owedAt = now;
    const called = this.#callOuts?.loud();
    if (called) this.#owedAt = now;
    const loud = [fresh, called, this.#owed].filter(Boolean).sort()[0];
    this.#owed = undefined;
    if (!loud || !ring.armed || (this.#elsewhere && now - this.#owedAt > TAKES_OVER)) return;
    if (!this.#leads || !ring.play(loud)) {
      this.#owed = loud;
      return;
    }

    if (loud === 'S1') Alarm.heard();
    if (called) this.#callOuts?.heard();
  }

  /** What the tab is called while nothing calls. @param {string} title */
  set title(title) {
    this.#title = title;
    this.#name();
  }

  /** A caller has added something: a short sound without a level. */
  note() {
    if (this.#leads) ring.play('note');
  }

  #lost() {
    if (this.#leads || !this.#elsewhere) ring.play('lost'); // not only the lock holder: the lock may just be changing hands
    if (this.rings) say(w('ui.bell.lost'));
  }

  /** Puts what calls into the title. */
  #name() {
    const urgent = this.#calling.filter(isUrgent);
    const ringing = this.#calling.filter((card) => card.state === 'ringing').length;
    const title = (this.#callOuts?.count ? w('ui.callout.tab') + ' ' : '') + (urgent.length > 0 ? w('ui.bell.title', urgent.length) + ' ' : ringing > 0 ? `(${ringing}) ` : '') + this.#title;
    if (document.title !== title) document.title = title;
  }

  /** Puts urgent cases into the title, and into the bar if out of sight. */
  #tell() {
    this.#name();
    const hidden = this.#calling.filter(isUrgent).map(keyOf).sort((a, b) => a.first - b.first || a.breach - b.breach).filter((key) => !this.isInSight(key.callNo));
    $('urgent-bar').hidden = hidden.length === 0 || this.onWall;
    if (hidden.length === 0) return;
    const [{ card }] = hidden;
    const bar = $('urgent-bar');
    const isNews = bar.dataset.case !== card.callNo;
    bar.dataset.case = card.callNo;
    setText(bar, [w('ui.urgent.bar', hidden.length), what(card), gridName(card.grid), clockOf(card, this.feed.now()).text].join(' · '));
    if (isNews) say(bar.textContent ?? '', true);
  }

  /** @returns {'off'|'held'|'broken'|'lost'|''} why nothing would be heard */
  #why() {
    const me = this.me();
    const isCalled = this.rings && (me.userName === '' || !me.team || isOnDuty(me));
    if (!isCalled || (this.onWall && !ring.armed)) return '';
    if (this.feed.link === 'stale') return 'lost';
    if (ring.state === 'ready' || this.#elsewhere) return '';
    return ring.state;
  }

  #bar() {
    const why = this.#why();
    const bell = $('bell');
    if (why === '') {
      // Not under the finger: the click that follows a touch would hit what lies behind.
      if (!bell.hidden) setTimeout(() => { bell.hidden = this.#why() === ''; }, HIDES_AFTER);
      return;
    }

    bell.hidden = false;
    setAttr(bell, 'data-why', why);
    setText(bell, w('ui.bell.' + why));
  }

  #mend() {
    const why = $('bell').dataset.why;
    if (why === 'lost') this.feed.retry();
    else if (why === 'off') void ring.arm();
    else void ring.wake(true);
  }

  /** A page that can be heard queues for the lock; one that cannot leaves it to others. Without locks (a page that is not secure) every page rings. */
  async #elect() {
    const can = ring.state === 'ready' && this.feed.link !== 'stale';
    if (!navigator.locks) {
      this.#leads = can;
      return;
    }
    if (can && !this.#leave) this.#stand();
    else if (!can) this.#follow();
    if (this.#leads || !ring.armed) this.#elsewhere = false;
    else this.#elsewhere = Boolean((await navigator.locks.query()).held?.some((lock) => lock.name === LOCK)) && !this.#leads;
  }

  #stand() {
    const wait = new AbortController();
    /** @type {Promise<void>} */
    const until = new Promise((resolve) => {
      this.#leave = () => { wait.abort(); resolve(); };
    });
    navigator.locks.request(LOCK, { signal: wait.signal }, () => {
      this.#leads = true;
      this.#elsewhere = false;
      return until;
    }).catch(() => {}); // aborted while waiting
  }

  #follow() {
    this.#leave?.();
    this.#leave = null;
    this.#leads = false;
  }
}
