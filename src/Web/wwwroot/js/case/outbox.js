// Taps that have not reached the server yet. Each is stored in IndexedDB before it is sent, survives a reload, is sent in order, and has
// its own Idempotency-Key, so it counts once however often it is sent. The clocks use the server's time of receipt.

import { actingOn } from '../kernel/acting.js';
import { request, send } from '../kernel/client.js';
import { allEntries, dropEntry, putEntry } from '../kernel/store.js';

/** @typedef {import('../contracts.js').Reply} Reply */
/** @typedef {{large: Blob, small: Blob, id?: string}} Photo */
/** What was filled in, to be read by whoever filled it in. @typedef {{name: string, nameEn: string, typed: {name: string, nameEn: string, value: string}[]}} About */
/**
 * @typedef {object} Entry
 * @property {string} key @property {string} account @property {number} n its turn @property {number} at when it was tapped, by this phone's clock @property {string} callNo
 * @property {string} command as in CallDetail.commands @property {string} path @property {Record<string, unknown>} body
 * @property {Photo[]} [photos] @property {Reply} [refused] the server's refusal, until someone has read it
 * @property {'calls'|'matters'|'rounds'} [root] what it is given to; a case if absent @property {About} [about] of a matter: what was said, and filled in with it
 * @property {string} [of] the case in words, as it stood when it was tapped
 * @property {string} [post] as which of several posts; the account's own if absent
 */

const FIRST_RETRY = 2_000;
const LAST_RETRY = 30_000;
const ANSWER_WITHIN = 30_000;
const LOCK = 'dispatch-outbox';
/** Statuses after which the same tap is worth sending again. */
const COME_AGAIN = [408, 425, 429, 500, 502, 503, 504];

/** crypto.randomUUID is missing if the page is not served securely. */
export const newKey = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('');

/** @param {Pick<Entry, 'root'|'callNo'|'path'>} entry */
const pathOf = ({ root = 'calls', callNo, path }) => `/api/${root}/${encodeURIComponent(callNo)}/${path}`;

/** Events: `change`, `answer` (detail: {entry, reply}) for each tap the server has answered, and `again` (detail: the entry) if someone wants to fill in a refused one anew. */
export class Outbox extends EventTarget {
  /** In the order they were tapped. @type {Entry[]} */
  entries = [];

  /** True once the server said that this session is over: what waits is sent when its account is back. */
  signedOut = false;

  /** True if the last try got no answer: what waits is still here. */
  stuck = false;

  /** False if this phone cannot store what waits: it exists only in this page. */
  durable = true;

  #account;
  #flushing = false;
  #again = false;
  #retry = FIRST_RETRY;
  #timer = 0;
  #others = 'BroadcastChannel' in self ? new BroadcastChannel(LOCK) : null;

  /** @param {string} account whose taps these are: nobody else's are sent */
  constructor(account) {
    super();
    this.#account = account;
    for (const event of ['online', 'pageshow', 'focus']) addEventListener(event, () => this.flush());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.flush());
    addEventListener('beforeunload', (event) => { if (!this.durable && this.waiting.length > 0) event.preventDefault(); });
    if (this.#others) this.#others.onmessage = () => this.#read();
  }

  /** What the server has not answered. */
  get waiting() {
    return this.entries.filter((entry) => !entry.refused);
  }

  /** What the server has refused. */
  get refused() {
    return this.entries.filter((entry) => entry.refused);
  }

  /** Whether someone is being shown the answer to a tap right now. @param {string} key */
  isAttended(key) {
    return this.#attended.has(key);
  }

  /** Reads what an earlier page left here, and sends it. */
  async open() {
    await this.#read();
    this.flush();
  }

  /**
   * Accepts a tap: stored first, then sent. @param {string} command @param {string} callNo @param {string} path @param {Record<string, unknown>} body @param {Photo[]} [photos]
   * @param {Pick<Entry, 'root'|'about'|'of'>} [more] @returns {Promise<Reply|'queued'>}
   */
  async give(command, callNo, path, body, photos, more = {}) {
    const post = actingOn(pathOf({ callNo, path, ...more }));
    /** @type {Entry} */
    const entry = { key: newKey(), account: this.#account, n: Math.max(0, ...this.entries.map((one) => one.n)) + 1, at: Date.now(), callNo, command, path, body, ...(photos ? { photos } : {}), ...(post === null ? {} : { post }), ...more };
    this.entries.push(entry);
    this.#attended.add(entry.key);
    await this.#keep(entry);
    this.#tell();
    return new Promise((resolve) => {
      /** @param {Event} event */
      const answered = (event) => {
        const { entry: of, reply } = /** @type {CustomEvent<{entry: Entry, reply: Reply}>} */ (event).detail;
        if (of.key === entry.key) done(reply);
      };
      const stopped = () => done('queued');
      /** @param {Reply|'queued'} what */
      const done = (what) => {
        this.#attended.delete(entry.key);
        this.removeEventListener('answer', answered);
        this.removeEventListener('stop', stopped);
        resolve(what);
      };
      this.addEventListener('answer', answered);
      this.addEventListener('stop', stopped);
      this.flush();
    });
  }

  /** Someone has read why it was refused. @param {string} key */
  async dismiss(key) {
    await this.#drop(key);
    this.#tell();
  }

  /** Sends what waits, one after the other; of several pages, one at a time. */
  async flush() {
    this.#again = true;
    if (this.#flushing) return;
    this.#flushing = true;
    clearTimeout(this.#timer);
    try {
      while (this.#again) {
        this.#again = false;
        if (navigator.locks) await navigator.locks.request(LOCK, () => this.#flush());
        else await this.#flush(); // two pages may then send the same tap: it has the same key and counts once
      }
    } finally {
      this.#flushing = false;
    }
  }

  async #flush() {
    await this.#read();
    for (const entry of this.waiting) {
      const reply = await this.#send(entry);
      this.stuck = !reply;
      if (!reply) {
        this.dispatchEvent(new Event('stop'));
        this.#tell(false);
        this.#again = false;
        this.#timer = setTimeout(() => this.flush(), this.#retry * (0.5 + Math.random()));
        this.#retry = Math.min(LAST_RETRY, this.#retry * 2);
        return;
      }
      this.#retry = FIRST_RETRY;
      if (reply.ok || this.#attended.has(entry.key)) await this.#drop(entry.key);
      else {
        entry.refused = reply;
        this.entries = this.entries.map((one) => (one.key === entry.key ? entry : one));
        await this.#keep(entry);
      }
      this.dispatchEvent(new CustomEvent('answer', { detail: { entry, reply } }));
      this.#tell();
    }
    this.dispatchEvent(new Event('stop')); // another page may have sent what someone waits for here
  }

  /** @param {Entry} entry @param {boolean} [anew] its photos have been sent a second time @returns {Promise<Reply|null>} null: no answer, or retry later */
  async #send(entry, anew = false) {
    try {
      const body = { ...entry.body };
      if (entry.photos) {
        const ids = await this.#upload(entry);
        if (!Array.isArray(ids)) return ids;
        body.photos = ids;
      }
      const ago = Math.max(0, Math.round((Date.now() - entry.at) / 1000)); // a time span by the phone's own clock: it does not matter if the clock is wrong
      const reply = await this.#replyOf(await send(pathOf(entry), body, {
        headers: { 'Idempotency-Key': entry.key, 'Tapped-Ago': String(ago), ...(entry.post ? { 'Dispatch-Post': entry.post } : {}) },
        signal: AbortSignal.timeout?.(ANSWER_WITHIN),
      }));
      if (reply?.code !== 'photo_unknown' || anew) return reply;
      for (const photo of entry.photos ?? []) delete photo.id; // sent long before the tap itself got through, and forgotten since
      return await this.#send(entry, true);
    } catch {
      return null; // no network, or no answer
    }
  }

  /** Uploads the missing photos; each id is stored, so a retry names the same photos. @param {Entry} entry @returns {Promise<string[]|Reply|null>} */
  async #upload(entry) {
    for (const photo of entry.photos ?? []) {
      if (photo.id) continue;
      const form = new FormData();
      form.append('photo', photo.large, 'photo');
      form.append('small', photo.small, 'small');
      const answer = await request('/api/photos', { method: 'POST', body: form, signal: AbortSignal.timeout?.(ANSWER_WITHIN * 3) });
      if (!answer.ok) return this.#replyOf(answer);
      photo.id = (await answer.json()).id;
      await this.#keep(entry);
    }
    return (entry.photos ?? []).map((photo) => /** @type {string} */ (photo.id));
  }

  /** @param {Response} answer @returns {Promise<Reply|null>} null: retry later */
  async #replyOf(answer) {
    if (this.signedOut !== (answer.status === 401)) {
      this.signedOut = answer.status === 401;
      this.#tell(false);
    }
    if (this.signedOut || COME_AGAIN.includes(answer.status)) return null;
    const said = await answer.json().catch(() => null);
    if (!said) return null;
    return answer.ok ? said : { ok: false, code: said.code, message: said.title, messageEn: said.detail, call: said.call ?? null };
  }

  /** What is in the database, and what could not be stored there. */
  async #read() {
    try {
      /** @type {Entry[]} */
      const stored = (await allEntries()).filter((entry) => entry.account === this.#account);
      const known = new Map(this.entries.map((entry) => [entry.key, entry]));
      const keys = new Set(stored.map((entry) => entry.key));
      this.entries = [...stored.map((entry) => ({ ...known.get(entry.key), ...entry })), ...this.entries.filter((entry) => !keys.has(entry.key) && this.#unkept.has(entry.key))]
        .sort((a, b) => a.n - b.n);
    } catch {
      // As in #keep: whatever there is exists only in this page.
    }
    this.#tell(false);
  }

  /** Taps whose answer someone is being shown right now. @type {Set<string>} */
  #attended = new Set();

  /** Taps this phone could not store: they are sent from here. @type {Set<string>} */
  #unkept = new Set();

  /** @param {Entry} entry */
  async #keep(entry) {
    this.#unkept.add(entry.key);
    try {
      await putEntry(entry);
      this.#unkept.delete(entry.key);
    } catch {
      this.durable = false; // no storage here, or full: it stays in this page, which says so
    }
  }

  /** @param {string} key */
  async #drop(key) {
    this.entries = this.entries.filter((entry) => entry.key !== key);
    this.#unkept.delete(key);
    await dropEntry(key).catch(() => {});
    if (this.waiting.length === 0) this.durable = true;
  }

  /** @param {boolean} [others] whether to tell other pages too */
  #tell(others = true) {
    this.dispatchEvent(new Event('change'));
    if (others) this.#others?.postMessage('look');
  }
}
