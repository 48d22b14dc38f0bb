// What a person sees who may hold several posts: one picture out of a stream for each, and of every case as which of the posts it is dealt with.

import { helpOf } from './card.js';
import { Feed } from './feed.js';
import { actAs } from '../kernel/acting.js';

/** @typedef {import('../contracts.js').CallCard} CallCard */
/** @typedef {import('../contracts.js').MatterCard} MatterCard */
/** @typedef {import('../contracts.js').Me} Me */
/** @typedef {import('../contracts.js').MyPost} MyPost */
/** post: null for the account's own. @typedef {{post: MyPost|null, feed: Feed}} Stream */

/** How much a case concerns a post: what asks for its help, what it leads, what calls it, what it sees. @param {CallCard} card @param {MyPost|null} post */
function concern(card, post) {
  const team = post?.team ?? null;
  if (team !== null && helpOf(card, team) === 'asked') return 4; // another's lead needs no answer, this does
  if (team !== null && card.lead?.team === team) return 3;
  return team !== null && (helpOf(card, team) !== null || (card.state === 'ringing' && card.teams.includes(team))) ? 2 : 1;
}

/** Events as of Feed. */
export class Feeds extends EventTarget {
  /** @type {Map<string, CallCard>} */
  cards = new Map();

  /** @type {Map<string, MatterCard>} */
  matters = new Map();

  /** @type {import('./outbox.js').Outbox|null} */
  outbox = null;

  /** @type {import('./feed.js').LinkState} */
  link = 'connecting';

  /** @type {Stream[]} */
  #streams = [{ post: null, feed: new Feed() }];

  /** The posts of the cases that are not the account's own. @type {Map<string, MyPost>} */
  #as = new Map();

  /** The account's own post; undefined until it is known. @type {string|null|undefined} */
  #own = undefined;

  /** Whether watching has been asked for. */
  #running = false;

  constructor() {
    super();
    this.#join(this.#streams[0]);
  }

  get sure() {
    return this.#streams.every(({ feed }) => feed.sure);
  }

  get inParts() {
    return this.#streams.some(({ feed }) => feed.inParts);
  }

  now() {
    return this.#streams[0].feed.now();
  }

  retry() {
    for (const { feed } of this.#streams) feed.retry();
  }

  /** Watches as each of these posts, the account's own first. A post that came while the page is open is joined; one that was taken away sees nothing any more. @param {Me} me */
  watch(me) {
    const [own, ...others] = me.posts ?? [];
    if (this.#own !== undefined && me.post !== this.#own) this.#anew();
    this.#own = me.post;
    this.#streams[0].post = own ?? null;
    for (const one of this.#streams) one.post = (me.posts ?? []).find((post) => post.post === one.post?.post) ?? one.post; // its duty may have changed
    for (const post of others) {
      if (this.#streams.some((one) => one.post?.post === post.post)) continue;
      const stream = { post, feed: new Feed(post.post) };
      this.#streams.push(stream);
      this.#join(stream);
      if (this.#running) void stream.feed.run();
    }
    const held = this.#streams.filter((one, i) => i === 0 || others.some((post) => post.post === one.post?.post));
    if (held.length === this.#streams.length) return;
    for (const { feed } of this.#streams) if (!held.some((one) => one.feed === feed)) feed.end();
    this.#streams = held;
    this.#merge(null);
    this.#mergeMatters();
    this.#relink();
  }

  /** The account's own post is another one: nothing that was seen as the one before holds. */
  #anew() {
    for (const { feed } of this.#streams) feed.end();
    this.#streams = [{ post: null, feed: new Feed() }];
    this.#join(this.#streams[0]);
    if (this.#running) void this.#streams[0].feed.run();
    this.#merge(null);
    this.#mergeMatters();
    this.#relink();
  }

  /** As which of several posts a case is dealt with here; null if there is only one. @param {string} callNo */
  as(callNo) {
    return this.#as.get(callNo) ?? (this.#streams.length > 1 ? this.#streams[0].post : null);
  }

  /** The same as a person: who deals with a case, as the post that it concerns. @param {Me} me @param {CallCard} card @returns {Me} */
  actor = (me, card) => (me.posts ? { ...me, ...this.as(card.callNo) } : me);

  /** The posts of the cases that are not the account's own, for a later page. @returns {Record<string, string>} */
  get acting() {
    return Object.fromEntries([...this.#as].map(([callNo, post]) => [callNo, post.post]));
  }

  /** Shows what an earlier page knew, until the first frames replace it. @param {CallCard[]} cards @param {Record<string, string>} [acting] */
  recall(cards, acting = {}) {
    for (const [i, { post, feed }] of this.#streams.entries())
      feed.recall(cards.filter((card) => (acting[card.callNo] === undefined ? i === 0 : acting[card.callNo] === post?.post)));
  }

  async run() {
    this.#running = true;
    await Promise.all(this.#streams.map(({ feed }) => feed.run()));
  }

  /** @param {Stream} stream */
  #join({ feed }) {
    const detail = (/** @type {Event} */ event) => /** @type {CustomEvent} */ (event).detail;
    feed.addEventListener('change', (event) => this.#merge(detail(event)));
    feed.addEventListener('matters', (event) => { this.#mergeMatters(); this.dispatchEvent(new CustomEvent('matters', { detail: detail(event) })); });
    feed.addEventListener('frame', (event) => { this.dispatchEvent(new CustomEvent('frame', { detail: detail(event) })); });
    feed.addEventListener('duty', () => { this.dispatchEvent(new Event('duty')); });
    feed.addEventListener('link', () => this.#relink());
  }

  /** @param {Set<string>|null} changed */
  #merge(changed) {
    const numbers = changed ?? new Set([...this.cards.keys(), ...this.#streams.flatMap(({ feed }) => [...feed.cards.keys()])]);
    for (const callNo of numbers) this.#settle(callNo);
    this.dispatchEvent(new CustomEvent('change', { detail: changed }));
  }

  /** The newest card of a case, and the post that it concerns most. @param {string} callNo */
  #settle(callNo) {
    const seen = this.#streams.flatMap(({ post, feed }, i) => {
      const card = feed.cards.get(callNo);
      return card ? [{ post: i === 0 ? null : post, card, concern: concern(card, post) }] : [];
    });
    if (seen.length === 0) {
      this.cards.delete(callNo);
      this.#as.delete(callNo); // whoever still reads it goes on as the same post
      return;
    }
    const [{ card }] = [...seen].sort((a, b) => b.card.version - a.card.version);
    const [{ post }] = [...seen].sort((a, b) => b.concern - a.concern);
    this.cards.set(callNo, card);
    if (post) this.#as.set(callNo, post);
    else this.#as.delete(callNo);
    actAs(callNo, post?.post ?? null);
  }

  #mergeMatters() {
    this.matters.clear();
    for (const { feed } of [...this.#streams].reverse()) for (const [no, card] of feed.matters) this.matters.set(no, card);
  }

  /** As bad as the worst of them. */
  #relink() {
    const links = this.#streams.map(({ feed }) => feed.link);
    const link = links.find((one) => one === 'stale') ?? links.find((one) => one === 'connecting') ?? 'live';
    if (link === this.link) return;
    this.link = link;
    this.dispatchEvent(new CustomEvent('link', { detail: link }));
  }
}
