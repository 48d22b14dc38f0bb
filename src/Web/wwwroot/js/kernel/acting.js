// A person may hold several posts. Whatever shows a matter says as which of them it is dealt with here; every request about it is then made as that post.

/** By number of case or matter. @type {Map<string, string>} */
const posts = new Map();

const ABOUT = /^\/api\/(?:calls|matters|rounds)\/([^/?]+)/;

/** @param {string} no @param {string|null} post null: the account's own */
export function actAs(no, post) {
  if (post === null) posts.delete(no);
  else posts.set(no, post);
}

/** The post as which a request is made; null for the account's own. @param {string} path */
export const actingOn = (path) => posts.get(decodeURIComponent(ABOUT.exec(path)?.[1] ?? '')) ?? null;

/** The same for what cannot send a header: a picture's address. @param {string} path */
export function addressAs(path) {
  const post = actingOn(path);
  return post === null ? path : path + (path.includes('?') ? '&' : '?') + 'post=' + encodeURIComponent(post);
}
