// The connection of a staff page: every change this account may see as one of its posts, in order.
// It never shows a stale snapshot as live, and after any break it resumes where it was.

import { hasEnded } from './card.js';
import { request } from '../kernel/client.js';
import { forget } from '../kernel/store.js';
import { HubConnectionBuilder, HttpTransportType, LogLevel } from '../../lib/signalr/signalr.js';

/** @typedef {import('../contracts.js').CallCard} CallCard */
/** @typedef {import('../contracts.js').MatterCard} MatterCard */
/** @typedef {import('../contracts.js').FeedFrame} FeedFrame */
/** @typedef {'connecting'|'live'|'stale'} LinkState */
/** What there is to see and to ask, whether it comes over one connection or over several. @typedef {EventTarget & Pick<Feed, 'cards'|'matters'|'link'|'outbox'|'sure'|'inParts'|'now'|'retry'|'run'>} Watched */

const HUB = '/hubs/dispatch';
const STALE_AFTER = 15_000; // beats come every 5 s
const RETRY_FIRST = 500;
const RETRY_MOST = 15_000;
const OPENS_WITHIN = 15_000;
/** WebSockets refused in a row while the server answered: from then on, every other try uses plain HTTP. */
const REFUSALS = 2;
const MOST_TOMBSTONES = 2_000;
const CLOCK_SAMPLES = 16;

/**
 * Events: `change` (detail: Set of case numbers, or null if everything may have changed), `matters` (the same of the other matters), `link` (detail: LinkState),
 * `frame` (detail: FeedFrame, after it was applied), `duty` (the watcher's shift, or post, may have begun or ended).
 */
export class Feed extends EventTarget {
  /** The open cases this watcher may see. @type {Map<string, CallCard>} */
  cards = new Map();

  /** The open matters of other kinds that this watcher may see. They ring nowhere, so `change` does not tell of them. @type {Map<string, MatterCard>} */
  matters = new Map();

  /** @type {LinkState} */
  link = 'connecting';

  /** Where commands wait for a network; null if they do not. @type {import('./outbox.js').Outbox|null} */
  outbox = null;

  /** The sequence number up to which `cards` is complete. */
  through = 0;

  /** @type {string|null} */
  epoch = null;

  /** Versions at which cases and matters left the board: an older card must not bring one back. @type {Map<string, number>} */
  #tombstones = new Map();

  /** @type {import('../../lib/signalr/signalr.js').HubConnection|null} */
  #connection = null;

  /** The kind of the last frame other than a beat; a snapshot after anything else starts a new picture. */
  #lastKind = '';

  #lastFrameAt = performance.now();

  #frames = 0;

  #opened = false;

  /** Whether the cards come from an earlier page. */
  #recalled = false;

  /** Whether the board was adopted from HTTP and nothing has been watched since. */
  #adopted = false;

  /** Differences between the server's clock and performance.now(), in ms, newest last. @type {number[]} */
  #offsets = [];

  /** Whether everything visible has been read: a partial snapshot, or one from an earlier page, does not count. */
  #whole = false;

  /** Connections in a row that failed to open although the server answers. */
  #refusals = 0;

  #wake = () => {};

  /** Aborted once nothing is watched any more. */
  #over = new AbortController();

  #timer = 0;

  #hub;

  /** Whether a snapshot is in progress of which only a part has arrived. */
  get inParts() {
    return !this.#whole && !this.#recalled;
  }

  /** Whether the cards can be counted: whole, and not stale. A case that is not there then truly does not exist. */
  get sure() {
    return this.#whole && this.link !== 'stale';
  }

  /** @param {string|null} [post] as which the account watches; null: its own */
  constructor(post = null) {
    super();
    this.#hub = post === null ? HUB : HUB + '?post=' + encodeURIComponent(post);
    this.#timer = setInterval(() => this.#checkStale(), 1_000); // a page that has not started watching is not live either
  }

  /** Server time in ms since 1970, or the device's own until the first frame arrives. */
  now() {
    return this.#offsets.length ? performance.now() + Math.max(...this.#offsets) : Date.now();
  }

  /** Adopts a board read over HTTP; watching continues after its seq. @param {import('../contracts.js').Board} board */
  adopt(board) {
    this.#forget();
    this.#adopted = true;
    this.epoch = board.epoch;
    this.through = board.seq;
    for (const card of board.calls) this.#put(this.cards, card, hasEnded(card));
    for (const card of board.matters ?? []) this.#put(this.matters, card, isOver(card));
    this.#whole = true;
    this.#tell(null);
    this.dispatchEvent(new CustomEvent('matters', { detail: null }));
  }

  /** Shows what an earlier page knew, until the first frame replaces it; the caller says that it is old. @param {CallCard[]} cards */
  recall(cards) {
    if (this.#frames > 0) return;
    for (const card of cards) this.cards.set(card.callNo, card);
    this.#recalled = true;
    this.#tell(null);
  }

  /** Connects, and stays connected for the life of the page. */
  async run() {
    const { signal } = this.#over;
    for (const event of ['online', 'pageshow', 'focus']) addEventListener(event, () => this.#nudge(), { signal });
    document.addEventListener('visibilitychange', async () => {
      if (document.visibilityState !== 'visible') return;
      this.#nudge();
      // An open connection does not notice; text in a dialog comes first.
      if (!document.querySelector('dialog[open] form') && (await ask()) === 'answers') this.dispatchEvent(new Event('duty'));
    }, { signal });
    for (let failures = 0; !this.#over.signal.aborted; ) {
      const before = this.#frames;
      try {
        await this.#watch();
      } catch (error) {
        console.info('feed:', error instanceof Error ? error.message : error);
      }
      failures = this.#frames > before ? 0 : failures + 1;
      if (this.link === 'live') this.#setLink('connecting');
      if (failures > 0) {
        const answer = await ask();
        if (answer === 'over') return;
        if (answer === 'answers') this.dispatchEvent(new Event('duty')); // it may not watch as this post any more
        if (answer === 'answers' && !this.#opened) this.#refusals++;
      }
      // Full jitter, so that a recovering server does not face everyone at once.
      await this.#pause(RETRY_FIRST + Math.random() * Math.min(RETRY_MOST, RETRY_FIRST * 2 ** failures));
    }
  }

  /** Retries at once: someone asked for it. */
  retry() {
    this.#nudge();
  }

  /** Watches no more. */
  end() {
    this.#over.abort();
    clearInterval(this.#timer);
    this.#connection?.stop().catch(() => {});
    this.#wake();
  }

  /** One connection from start to end; returns or throws when it is over. */
  async #watch() {
    // A WebSocket stays on the node it reached. A connection that has to negotiate needs a single node, or a sticky proxy: only if there is no other way.
    const overHttp = this.#refusals >= REFUSALS && this.#refusals % 2 === 0;
    const connection = new HubConnectionBuilder()
      .withUrl(this.#hub, overHttp ? { transport: HttpTransportType.ServerSentEvents | HttpTransportType.LongPolling } : { transport: HttpTransportType.WebSockets, skipNegotiation: true })
      .configureLogging(LogLevel.None)
      .build();
    this.#connection = connection;
    this.#lastKind = '';
    this.#opened = false;
    try {
      if ((await Promise.race([connection.start().then(() => true), wait(OPENS_WITHIN)])) === null) throw new Error('no answer');
      this.#opened = true;
      if (!overHttp) this.#refusals = 0;
      this.#lastFrameAt = performance.now();
      // A board read a moment ago is whole: it counts as live without waiting for the first beat.
      if (this.#adopted) this.#setLink('live');
      this.#adopted = false;
      await new Promise((resolve, reject) => {
        connection.onclose((error) => reject(error ?? new Error('closed')));
        connection.stream('Watch', this.through).subscribe({
          next: (frame) => { if (!this.#take(frame)) reject(new Error('epoch changed')); },
          complete: () => resolve(undefined),
          error: reject,
        });
      });
    } finally {
      this.#connection = null;
      connection.stop().catch(() => {});
    }
  }

  /** Applies one frame. False if the database behind the feed is a different one: watch again from 0. @param {FeedFrame} frame */
  #take(frame) {
    this.#lastFrameAt = performance.now();
    this.#frames++;
    this.#recalled = false;
    this.#offsets = [...this.#offsets.slice(1 - CLOCK_SAMPLES), Date.parse(frame.serverTime) - performance.now()];
    if (this.epoch !== null && frame.epoch !== this.epoch) {
      // What was shown stays, as old, until the first snapshot replaces it: a server that started again leaves no screen empty.
      this.epoch = null;
      this.through = 0;
      this.#whole = false;
      this.#recalled = true;
      return false;
    }

    this.epoch = frame.epoch;
    /** @type {Set<string>|null} */
    let changed = new Set();
    /** @type {Set<string>|null} */
    let moved = new Set();
    if (frame.kind === 'resync' || (frame.kind === 'snapshot' && this.#lastKind !== 'snapshot')) {
      const epoch = this.epoch;
      this.#forget();
      this.epoch = epoch;
      changed = moved = null;
    }
    for (const card of frame.calls) if (this.#put(this.cards, card, hasEnded(card))) changed?.add(card.callNo);
    for (const callNo of frame.gone) if (this.cards.delete(callNo)) changed?.add(callNo);
    for (const card of frame.matters ?? []) if (this.#put(this.matters, card, isOver(card))) moved?.add(card.callNo);
    for (const no of frame.mattersGone ?? []) {
      this.matters.delete(no);
      moved?.add(no);
    }
    // Only a snapshot's last frame advances: after a break inside or before it, watching restarts from 0.
    const whole = frame.kind === 'snapshot' ? frame.through > frame.from : frame.kind !== 'resync';
    if (whole) this.through = Math.max(this.through, frame.through);
    if (frame.kind === 'snapshot' && (whole || (frame.calls.length === 0 && !frame.matters?.length))) this.#whole = true;
    if (frame.kind !== 'beat') this.#lastKind = frame.kind;
    this.#setLink('live');
    if (changed === null || changed.size > 0) this.#tell(changed);
    if (moved === null || moved.size > 0) this.dispatchEvent(new CustomEvent('matters', { detail: moved }));
    this.dispatchEvent(new CustomEvent('frame', { detail: frame }));
    if (frame.kind === 'resync') this.dispatchEvent(new Event('duty'));
    return true;
  }

  /**
   * Never an older version over a newer one. @template {{callNo: string, version: number}} T @param {Map<string, T>} open @param {T} card @param {boolean} ended
   * @returns {boolean} whether it was news
   */
  #put(open, card, ended) {
    const known = open.get(card.callNo)?.version ?? this.#tombstones.get(card.callNo) ?? 0;
    if (card.version <= known) return false;
    if (!ended) {
      open.set(card.callNo, card);
      return true;
    }
    open.delete(card.callNo);
    this.#tombstones.set(card.callNo, card.version);
    if (this.#tombstones.size > MOST_TOMBSTONES) this.#tombstones.delete(/** @type {string} */ (this.#tombstones.keys().next().value));
    return true;
  }

  #forget() {
    this.cards.clear();
    this.matters.clear();
    this.#tombstones.clear();
    this.epoch = null;
    this.through = 0;
    this.#whole = false;
  }

  /** @param {Set<string>|null} changed */
  #tell(changed) {
    this.dispatchEvent(new CustomEvent('change', { detail: changed }));
  }

  /** @param {LinkState} link */
  #setLink(link) {
    if (this.link === link) return;
    this.link = link;
    this.dispatchEvent(new CustomEvent('link', { detail: link }));
  }

  #checkStale() {
    if (performance.now() - this.#lastFrameAt < STALE_AFTER) return;
    this.#setLink('stale');
    // A socket that carries no beats is dead, whatever the browser thinks.
    if (this.#connection?.state === 'Connected') this.#connection.stop().catch(() => {});
  }

  /** The device woke up or is online again: do not sit out the pause. */
  #nudge() {
    this.#checkStale();
    this.#wake();
  }

  /** @param {number} ms @returns {Promise<void>} */
  #pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => { clearTimeout(timer); resolve(); };
    });
  }
}

/** @param {MatterCard} card */
const isOver = (card) => Boolean(card.outcome);

/** @param {number} ms @returns {Promise<null>} */
const wait = (ms) => new Promise((resolve) => setTimeout(() => resolve(null), ms));

/** In ms. */
const LEAVES_WITHIN = 5_000;
let leaving = false;

/** Asks whether the session is over, and goes to the sign-in page if so: a refused socket does not say why. @returns {Promise<'over'|'answers'|'silent'>} */
async function ask() {
  try {
    const answer = await request('/api/me', { redirect: 'manual' });
    if (answer.status !== 401 && answer.type !== 'opaqueredirect') return answer.ok ? 'answers' : 'silent';
  } catch {
    return 'silent'; // no network, which is not a sign-out
  }
  if (leaving) return 'over'; // going there a second time would break off the first
  leaving = true;
  setTimeout(() => { leaving = false; }, LEAVES_WITHIN);
  await forget().catch(() => {});
  location.assign('/signin?returnUrl=' + encodeURIComponent(location.pathname + location.search));
  return 'over';
}
