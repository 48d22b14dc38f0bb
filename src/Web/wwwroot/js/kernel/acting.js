// A person in several teams has a page for each; its address names the post, and every request of the page is made as that post.

/** Null if the account's own post acts. */
export const actingPost = new URLSearchParams(location.search).get('post');
