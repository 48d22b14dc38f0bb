// A person in several teams has a page for each, whose address names the post that it is for: all that such a page asks, it asks as that post.

/** Null where the account's own post acts. */
export const actingPost = new URLSearchParams(location.search).get('post');

if (actingPost) {
  const plain = window.fetch;
  window.fetch = (input, init) => {
    if (typeof input !== 'string' || !input.startsWith('/api/')) return plain(input, init);
    const headers = new Headers(init?.headers);
    headers.set('Dispatch-Post', actingPost);
    return plain(input, { ...init, headers });
  };
}
