// A person in several teams has a page for each, whose address names the post that it is for: all that such a page asks, it asks as that post.

/** Null where the account's own post acts. */
export const actingPost = new URLSearchParams(location.search).get('post');
