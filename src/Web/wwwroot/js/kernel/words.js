// The words of the page's language, rendered into it by the server. No sentence for people stands in a script.

const element = document.getElementById('staff-words');
/** @type {Record<string, string>} */
const words = element?.textContent ? JSON.parse(element.textContent) : {};

export const chinese = document.documentElement.lang.startsWith('zh');

/**
 * A sentence by its key, its places {0}, {1}… filled in; the key itself where nobody has written it yet.
 * @param {string} key
 * @param {...(string|number)} parts
 */
export function w(key, ...parts) {
  return (words[key] ?? key).replace(/\{(\d)\}/g, (_, i) => String(parts[Number(i)] ?? ''));
}

/** Whether there are words for a key: codes are added over time, and an unknown one is shown as it came. @param {string} key */
export const has = (key) => key in words;

/** @param {string} prefix @param {string} code */
export const wordOf = (prefix, code) => words[prefix + code] ?? code;

/** Of a name in both languages, the one to show. @param {{name: string, nameEn?: string}|undefined} named @param {string} [otherwise] */
export const nameOf = (named, otherwise = '') => (named ? (chinese || !named.nameEn ? named.name : named.nameEn) : otherwise);

/** The sentence of a reply. @param {{message: string, messageEn: string}} reply */
export const sentenceOf = (reply) => (chinese ? reply.message : reply.messageEn || reply.message);
