// What a phone stores in IndexedDB. If there is none, or it is full, everything throws, and whoever stores something says so in words.

const NAME = 'phone';
const VERSION = 1;
const OPENS_WITHIN = 3_000;

/** @type {Promise<IDBDatabase>|null} */
let opening = null;

/** @returns {Promise<IDBDatabase>} */
function open() {
  return (opening ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore('outbox', { keyPath: 'key' });
      asked.result.createObjectStore('kept');
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => { asked.result.close(); opening = null; };
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => reject(new Error('blocked'));
    setTimeout(() => reject(new Error('no answer')), OPENS_WITHIN); // some web views never answer
  })).catch((error) => {
    opening = null;
    throw error;
  });
}

/**
 * Runs in a transaction and waits until it is on disk. @template T @param {string} store @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} act @returns {Promise<T>}
 */
async function within(store, mode, act) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, mode, { durability: 'strict' });
    const request = act(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error ?? request.error);
  });
}

/** @param {object} entry */
export const putEntry = (entry) => within('outbox', 'readwrite', (store) => store.put(entry));
/** @param {string} key */
export const dropEntry = (key) => within('outbox', 'readwrite', (store) => store.delete(key));
/** @returns {Promise<any[]>} */
export const allEntries = () => within('outbox', 'readonly', (store) => store.getAll());

/** @param {string} name @param {unknown} value */
export const keep = (name, value) => within('kept', 'readwrite', (store) => store.put(value, name));
/** @param {string} name @returns {Promise<any>} */
export const kept = (name) => within('kept', 'readonly', (store) => store.get(name));
/** The names of what is kept that begin so. @param {string} begin @returns {Promise<string[]>} */
export const keptNames = (begin) => within('kept', 'readonly', (store) => /** @type {IDBRequest<any>} */ (store.getAllKeys(IDBKeyRange.bound(begin, begin + '\uffff'))));
/** @param {string} name */
export const dropKept = (name) => within('kept', 'readwrite', (store) => store.delete(name));
/** Forgets what was kept for reading: a phone that nobody is signed in to shows nobody's cases. What waits to be sent stays. */
export const forget = () => within('kept', 'readwrite', (store) => store.clear());
