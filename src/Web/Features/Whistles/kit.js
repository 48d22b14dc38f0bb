// The tasks of a phone, kept whole once they were opened here, so that they can be read in a stairwell: words, place, the masked number, and small
// photos. Each goes with its end, with the shift, or when the person signs out.

import { folder, smallHere } from '../../js/case/gallery.js';
import { VERBS } from '../../js/case/rules.js';
import { request } from '../../js/kernel/client.js';
import { dropKept, keep, kept, keptNames } from '../../js/kernel/store.js';

/** @typedef {import('../../js/contracts.js').CallDetail} CallDetail */
/** @typedef {import('../../js/case/pane.js').Kept} Kept */
/** @typedef {{detail: CallDetail, at: number, photos: Map<string, Blob>}} Stored at: when it was read, in ms by the server's clock */

/** In ms: what was not read again for this long is not shown as if it were today's. */
const KEPT_FOR = 24 * 3_600_000;
/** The small photos kept of one case. */
const PHOTOS = 20;
const DRAWER = 'task ';

/** What a tap leads on to, before the server has heard of it. @type {Record<string, string[]>} */
const NEXT = { accept: ['arrive', 'return', 'note'], come: ['note'], arrive: ['resolve', 'return', 'note'], resolve: ['note'], return: [], cannotCome: [] };

export class Kit {
  /** The cases kept here. @type {Set<string>} */
  #held = new Set();

  /** @param {import('../../js/case/feed.js').Watched} feed @param {(call: import('../../js/contracts.js').CallCard) => boolean} isTask whether whoever holds this phone has it in hand */
  constructor(feed, isTask) {
    this.feed = feed;
    this.isTask = isTask;
  }

  /** Which cases an earlier page has kept. */
  async open() {
    for (const name of await keptNames(DRAWER).catch(() => [])) this.#held.add(name.slice(DRAWER.length));
  }

  /** Keeps a case as it was read, and then those of its photos that are not here yet; anything that is not a task is not kept. @param {CallDetail} detail */
  async keep(detail) {
    const { callNo } = detail.call;
    if (!this.isTask(detail.call)) return this.#drop(callNo);
    const stored = { detail, at: this.feed.now(), photos: (await this.#read(callNo))?.photos ?? new Map() };
    await this.#write(callNo, stored);
    const missing = (detail.photos ?? []).slice(0, PHOTOS).filter((photo) => !stored.photos.has(photo.id));
    for (const photo of missing) {
      const answer = await request(`${folder(callNo)}${photo.id}?size=small`).catch(() => null);
      if (answer?.ok) stored.photos.set(photo.id, await answer.blob());
    }
    if (missing.length > 0 && this.#held.has(callNo)) await this.#write(callNo, stored);
  }

  /** The case as it was kept, with what may still be done to it here; null if it was not. @param {string} callNo @returns {Promise<Kept|null>} */
  async recall(callNo) {
    const stored = await this.#read(callNo);
    if (!stored || this.feed.now() - stored.at > KEPT_FOR) return null;
    for (const [id, photo] of stored.photos) if (!smallHere.has(id)) smallHere.set(id, URL.createObjectURL(photo));
    const given = (this.feed.outbox?.waiting ?? []).filter((entry) => entry.callNo === callNo).map((entry) => entry.command);
    const { detail, at } = stored;
    return { ...detail, keptAt: at, commands: given.reduce((may, command) => NEXT[command] ?? may, detail.commands).filter((command) => VERBS[command].mayWait) };
  }

  /** Whether this phone has it. @param {string} callNo */
  has = (callNo) => this.#held.has(callNo);

  /** Forgets what is no task any more. */
  tidy() {
    if (!this.feed.sure) return;
    for (const callNo of this.#held) {
      const card = this.feed.cards.get(callNo);
      if (!card || !this.isTask(card)) void this.#drop(callNo);
    }
  }

  /** @param {string} callNo @returns {Promise<Stored|null>} */
  #read = (callNo) => kept(DRAWER + callNo).then((stored) => stored ?? null, () => null);

  /** @param {string} callNo @param {Stored} stored */
  async #write(callNo, stored) {
    this.#held.add(callNo);
    await keep(DRAWER + callNo, stored).catch(() => this.#held.delete(callNo)); // full, or no store: it is read from the server
  }

  /** @param {string} callNo */
  async #drop(callNo) {
    const stored = this.#held.delete(callNo) ? await this.#read(callNo) : null;
    for (const id of stored?.photos.keys() ?? []) {
      URL.revokeObjectURL(smallHere.get(id) ?? '');
      smallHere.delete(id);
    }
    if (stored) await dropKept(DRAWER + callNo).catch(() => {});
  }
}
