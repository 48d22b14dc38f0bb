// What a resident has sent and the street has not received yet: a whistle, a note or a rating tapped offline, and photos of what already rings. Stored in
// IndexedDB, it survives a reload and a closed page, and is sent automatically: the words first, then their photos, each with its own key, so
// it counts once however often it is sent. Imports nothing, and is loaded only if something waits, or may.

const NAME = 'resident';
const STORE = 'later';
const LOCK = 'resident-later';
/** Says that something waits, without opening the database. */
const FLAG = 'waits';
const FIRST_RETRY = 2_000;
const LAST_RETRY = 30_000;
const ANSWER_WITHIN = 30_000;
/** An upload without progress for this long has lost its network. */
const STALLS_AFTER = 60_000;
/** The street remembers a key for a day: an older whistle might ring twice, and is no longer news. The same goes for a note and a rating. */
const WHISTLE_FOR = 20 * 3_600_000;
const PHOTO_FOR = 7 * 24 * 3_600_000;

/** The whistles that this phone has blown, for the page of a place: a few, the newest first. */
const MINE = 'mine';
const MINE_MOST = 5;

/** @typedef {{large: Blob, small: Blob, key: string}} Photo */
/**
 * @typedef {object} Entry
 * @property {string} key @property {number} at when it was tapped, by this phone's clock @property {string} code the case's, once it is known
 * @property {string} path where a whistle, a note or a rating goes; empty for a photo @property {[string, string][]} fields
 * @property {string} [what] what it is about, in words
 * @property {string} of the whistle that a photo waits for @property {Blob} [large] @property {Blob} [small]
 */
/** The outcome of a whistle: the page of its case, a form to show again, a street that is too busy, or nothing yet. @typedef {{url: string}|'form'|'busy'|'waits'} Came */

/** A note or a rating of a case that the street has. @param {Entry} entry */
const isNote = (entry) => entry.path !== '' && new URL(entry.path, location.href).pathname.startsWith('/t/');

/** @type {Record<string, string>} */
const words = Object.assign({}, ...[...document.querySelectorAll('script[type="application/json"]')].map((script) => JSON.parse(script.textContent ?? '{}')));
/** @param {string} key @param {...(string|number)} parts */
const w = (key, ...parts) => (words[key] ?? key).replace(/\{(\d)\}/g, (_, i) => String(parts[Number(i)] ?? ''));

/** crypto.randomUUID is missing if the page is not served securely. */
export const newKey = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('');

/** @returns {Promise<IDBDatabase>} */
const open = () => new Promise((resolve, reject) => {
  const asked = indexedDB.open(NAME, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: 'key' });
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = asked.onblocked = () => reject(asked.error ?? new Error('blocked'));
  setTimeout(() => reject(new Error('no answer')), 3_000); // some web views never answer
});

/** @template T @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>|void} act @returns {Promise<T|undefined>} */
async function within(mode, act) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: 'strict' });
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** @returns {Promise<Entry[]>} */
const all = async () => ((await within('readonly', (store) => store.getAll())) ?? []).sort((/** @type {Entry} */ a, /** @type {Entry} */ b) => a.at - b.at);
/** @param {string[]} keys */
const drop = (...keys) => within('readwrite', (store) => keys.forEach((key) => store.delete(key)));

/** Stores photos of a case that already rings; false if this phone cannot. @param {string} code @param {Photo[]} photos @param {string} [of] */
export async function keepPhotos(code, photos, of = '') {
  try {
    await within('readwrite', (store) => photos.forEach((photo) => store.put({ ...photo, at: Date.now(), code, of, path: '', fields: [] })));
    if (photos.length > 0) localStorage.setItem(FLAG, '1');
    return true;
  } catch {
    return false;
  }
}

/** Blows a whistle, or sends a note or a rating: stored first, then sent. @param {string} path @param {[string, string][]} fields @param {Photo[]} photos @param {string} what what it is about, in words @returns {Promise<Came>} */
export async function blow(path, fields, photos, what) {
  /** @type {Entry} */
  const entry = { key: fields.find(([name]) => name === 'key')?.[1] ?? newKey(), at: Date.now(), code: '', path, fields, of: '', what };
  let kept = await keepPhotos('', photos, entry.key);
  try {
    await within('readwrite', (store) => store.put(entry));
    localStorage.setItem(FLAG, '1');
  } catch {
    kept = false;
  }
  const came = await send(entry);
  if (came === 'form' || came === 'busy' || (came === 'waits' && !kept)) {
    await drop(entry.key, ...photos.map((photo) => photo.key)).catch(() => {});
    return came === 'waits' ? 'busy' : came;
  }
  if (came === 'waits') {
    mine = entry.key;
    await show();
    later();
  } else if (!kept && photos.length > 0) {
    came.url += (came.url.includes('?') ? '.' : '?left=') + 'photo';
  }
  return came;
}

/** @param {Entry} entry @returns {Promise<Came>} */
async function send(entry) {
  try {
    const body = new FormData();
    for (const [name, value] of entry.fields) body.append(name, value);
    const answer = await fetch(entry.path, { method: 'POST', body, headers: { Accept: 'application/json, text/html' }, signal: AbortSignal.timeout?.(ANSWER_WITHIN) });
    if ([429, 500, 502, 503, 504].includes(answer.status)) return 'busy';
    if (!answer.ok || !answer.headers.get('Content-Type')?.includes('json')) return 'form';
    const { url, no } = await answer.json();
    if (!isNote(entry)) remember({ url: url.split('?')[0], no, what: entry.what ?? '', at: Date.now() });
    const code = decodeURIComponent(new URL(url, location.href).pathname.split('/')[2]);
    const photos = (await all().catch(() => /** @type {Entry[]} */ ([]))).filter((one) => one.of === entry.key);
    await within('readwrite', (store) => {
      store.delete(entry.key);
      for (const photo of photos) store.put({ ...photo, code, of: '' });
    }).catch(() => {});
    return { url };
  } catch {
    return 'waits'; // no network, or no answer
  }
}

/** @param {{url: string, no: string, what: string, at: number}} one */
function remember(one) {
  try {
    localStorage.setItem(MINE, JSON.stringify([one, ...JSON.parse(localStorage.getItem(MINE) ?? '[]')].slice(0, MINE_MOST)));
  } catch {
    // Some web views store nothing.
  }
}

/** @param {Entry} photo @returns {Promise<number>} the status; 0: no answer */
const upload = (photo) => new Promise((resolve) => {
  const body = new FormData();
  body.append('photo', /** @type {Blob} */ (photo.large), 'photo.jpg');
  body.append('small', /** @type {Blob} */ (photo.small), 'small.jpg');
  const request = new XMLHttpRequest(); // unlike fetch, it reports upload progress
  let stalled = setTimeout(() => request.abort(), STALLS_AFTER);
  request.upload.onprogress = () => { clearTimeout(stalled); stalled = setTimeout(() => request.abort(), STALLS_AFTER); };
  request.onloadend = () => { clearTimeout(stalled); resolve(request.status); };
  request.open('POST', `/api/track/${encodeURIComponent(photo.code)}/photos`);
  request.setRequestHeader('Idempotency-Key', photo.key);
  request.send(body);
});

let mine = '';
let flushing = false;
let retry = FIRST_RETRY;
let timer = 0;
/** What was sent automatically, and what was rejected: shown until the page is left. @type {{sent: string, said: string, lost: number, refused: boolean, unsaid: boolean}} */
const news = { sent: '', said: '', lost: 0, refused: false, unsaid: false };

function later() {
  clearTimeout(timer);
  timer = setTimeout(flush, retry * (0.5 + Math.random()));
  retry = Math.min(LAST_RETRY, retry * 2);
}

/** Sends what waits; of several pages, one at a time. */
export async function flush() {
  if (flushing) return;
  flushing = true;
  clearTimeout(timer);
  try {
    const done = navigator.locks ? await navigator.locks.request(LOCK, sendAll) : await sendAll();
    if (done) retry = FIRST_RETRY;
    else later();
  } catch {
    later();
  } finally {
    flushing = false;
    await show();
  }
}

/** @returns {Promise<boolean>} whether nothing is left to try */
async function sendAll() {
  await show();
  const now = Date.now();
  for (const entry of (await all()).filter((one) => one.path && now - one.at < WHISTLE_FOR)) {
    const came = await send(entry);
    if (came === 'waits' || came === 'busy') return false;
    if (came === 'form') {
      news[isNote(entry) ? 'unsaid' : 'refused'] = true;
      await drop(entry.key, ...(await all()).filter((one) => one.of === entry.key).map((one) => one.key));
    } else if (entry.key === mine) {
      location.assign(came.url);
    } else {
      news[isNote(entry) ? 'said' : 'sent'] = came.url;
    }
    await show();
  }
  for (const photo of (await all()).filter((one) => one.code)) {
    const status = now - photo.at > PHOTO_FOR ? 410 : await upload(photo);
    if (status === 0 || status === 408 || status === 429 || status >= 500) return false;
    if (status !== 201) news.lost += 1;
    await drop(photo.key);
    await show();
  }
  return true;
}

/** Shows what waits, and its outcome. */
async function show() {
  const entries = await all().catch(() => /** @type {Entry[]} */ ([]));
  if (entries.length === 0) {
    try {
      localStorage.removeItem(FLAG);
    } catch {
      // Some web views store nothing.
    }
  }
  const waiting = entries.filter((one) => one.path);
  const isOld = (/** @type {Entry} */ one) => Date.now() - one.at >= WHISTLE_FOR;
  const [notes, whistles] = [waiting.filter(isNote), waiting.filter((one) => !isNote(one))];
  const photos = entries.filter((one) => !one.path).length;
  const lines = [
    whistles.some((one) => !isOld(one)) ? w('later.whistle') : '', whistles.some(isOld) || news.refused ? w('later.old') : '',
    notes.some((one) => !isOld(one)) ? w('later.note') : '', notes.some(isOld) || news.unsaid ? w('later.noteOld') : '',
    photos > 0 ? w('later.photos', photos) : '', news.lost > 0 ? w('later.lost', news.lost) : '', news.sent ? w('later.sent') : '', news.said ? w('later.noteSent') : '',
  ].filter(Boolean);
  let box = document.getElementById('later');
  if (lines.length === 0) {
    box?.remove();
    return;
  }
  if (!box) {
    box = document.createElement('section');
    box.id = 'later';
    box.className = 'wait-box';
    box.tabIndex = -1;
    box.setAttribute('role', 'status');
    document.querySelector('main')?.prepend(box);
  }
  if (box.dataset.said === lines.join()) return;
  box.dataset.said = lines.join();
  box.replaceChildren(...lines.map((line) => Object.assign(document.createElement('p'), { textContent: line })));
  const sent = news.sent || news.said;
  if (sent) box.append(Object.assign(document.createElement('a'), { href: sent, className: 'button', textContent: w('later.look') }));
  if (waiting.length > 0) {
    const row = document.createElement('div');
    row.className = 'row-wrap';
    if (!waiting.every(isOld)) row.append(button(w('later.now'), () => flush()));
    row.append(button(w('later.drop'), async () => {
      await drop(...(await all()).filter((one) => one.path || one.of).map((one) => one.key));
      dispatchEvent(new Event('later-dropped'));
      await show();
    }));
    box.append(row);
  }
}

/** @param {string} text @param {() => void} act */
function button(text, act) {
  const made = Object.assign(document.createElement('button'), { type: 'button', className: 'button plain', textContent: text });
  made.addEventListener('click', act);
  return made;
}

for (const event of ['online', 'pageshow']) addEventListener(event, () => flush());
document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') flush(); });
flush();
