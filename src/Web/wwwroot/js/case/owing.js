// What a person owes, in all of their posts.

import { actAs } from '../kernel/acting.js';
import { to } from '../kernel/ask.js';
import { read } from '../kernel/client.js';

/** post: the one of several that owes it, if it is not the account's own. @typedef {import('../contracts.js').OwedItem & {post?: string}} Item */

/** The rounds that stand with their places on this page, by number; null until that is known. Whoever lists them fills it. @type {{current: Set<string>|null}} */
export const walked = { current: null };

/** Every matter once: as the first of the posts that owe it. @param {Item[]} items */
export function takeOwed(items) {
  const once = items.filter((item, i) => items.findIndex((other) => other.matter.callNo === item.matter.callNo) === i);
  for (const { matter, post } of once) actAs(matter.callNo, post ?? null);
  return once;
}

/** @param {import('../contracts.js').Me} me @returns {Promise<{value: Item[]}|{problem: string}>} */
export async function readOwed(me) {
  const posts = [null, ...(me.posts ?? []).slice(1).map(({ post }) => post)];
  const answers = await Promise.all(posts.map((post) => read(to('/api/matters/inbox', { post }))));
  /** @type {Item[]} */
  const items = [];
  for (const [i, answer] of answers.entries()) {
    if ('problem' in answer) return answer;
    items.push(...answer.value.owed.map((/** @type {Item} */ item) => ({ ...item, ...(posts[i] === null ? {} : { post: posts[i] }) })));
  }
  return { value: takeOwed(items) };
}
