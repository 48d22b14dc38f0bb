// The texts in the page's language, which the server renders into it. Scripts contain no sentences for people.

const element = document.getElementById('staff-words');
/** @type {Record<string, string>} */
const words = element?.textContent ? JSON.parse(element.textContent) : {};

export const chinese = document.documentElement.lang.startsWith('zh');

/**
 * A sentence by its key, with {0}, {1}… filled in; the key itself if nobody has written it yet.
 * @param {string} key
 * @param {...(string|number)} parts
 */
export function w(key, ...parts) {
  return (words[key] ?? key).replace(/\{(\d)\}/g, (_, i) => String(parts[Number(i)] ?? ''));
}

/** Whether a key has text: codes are added over time, and an unknown one is shown as is. @param {string} key */
export const has = (key) => key in words;

/** @param {string} prefix @param {string} code */
export const wordOf = (prefix, code) => words[prefix + code] ?? code;

/** The one of two names that matches the page's language. @param {{name: string, nameEn?: string}|undefined} named @param {string} [otherwise] */
export const nameOf = (named, otherwise = '') => (named ? (chinese || !named.nameEn ? named.name : named.nameEn) : otherwise);

/** The sentence of a reply. @param {{message: string, messageEn: string}} reply */
export const sentenceOf = (reply) => (chinese ? reply.message : reply.messageEn || reply.message);
