// The only API client of the staff scripts. What is dealt with as one of several posts is requested as that post.

import { actingOn } from './acting.js';
import { sentenceOf, w } from './words.js';

/** Like fetch; rejects if no answer came. @param {string} path @param {RequestInit} [init] */
export function request(path, init = {}) {
  const headers = new Headers(init.headers);
  if (!headers.has('Accept')) headers.set('Accept', 'application/json');
  headers.set('X-Requested-With', 'fetch'); // a form of another site cannot send it
  const post = actingOn(path);
  if (post !== null && !headers.has('Dispatch-Post')) headers.set('Dispatch-Post', post);
  return fetch(path, { ...init, headers });
}

/** The same with a JSON body. @param {string} path @param {unknown} body @param {RequestInit} [init] */
export const send = (path, body, init = {}) =>
  request(path, { ...init, method: 'POST', body: JSON.stringify(body), headers: { ...init.headers, 'Content-Type': 'application/json' } });

/** The requested data; null if unavailable. @param {string} path @returns {Promise<any>} */
export const get = (path) => request(path).then((answer) => (answer.ok ? answer.json() : null), () => null);

/** call: the case as it stands, where the asker may see it. unheard: nobody has answered. @typedef {{refused: string, code?: string, call?: import('../contracts.js').CallCard, unheard?: true}} Refusal */

/** A refusal, its sentence in the page's language. @param {Response} answer @param {string} [otherwise] @returns {Promise<Refusal>} */
export async function refusedBy(answer, otherwise = w('ui.say.unknown')) {
  const problem = await answer.json().catch(() => null);
  return { refused: problem?.title ? sentenceOf({ message: problem.title, messageEn: problem.detail }) : otherwise, code: problem?.code, call: problem?.call };
}

/** Its sentence alone. @param {Response} answer @param {string} [otherwise] */
export const refusalOf = async (answer, otherwise) => (await refusedBy(answer, otherwise)).refused;

/** unreached: nobody has answered, so it is worth another try. @param {string} path @returns {Promise<{value: any}|{problem: string, unreached?: true}>} */
export async function read(path) {
  try {
    const answer = await request(path);
    return answer.ok ? { value: await answer.json() } : { problem: await refusalOf(answer, w('ui.detail.failed')) };
  } catch {
    return { problem: w('ui.detail.failed'), unreached: true };
  }
}
