// The service worker of the phone's page /m: caches the page's own files, so it opens in a stairwell, and shows what is pushed to a locked phone. It never
// answers for the API or the hub: what the page shows comes from the server, or is marked as old.

const CACHE = 'phone-1';
/** The sentences of notifications, in the language of the page that gave them. */
const SAID = 'said-1';
const SAYS = '/say';
const PAGE = '/m';
/** The first letter of the numbers that are no whistle's: of those, only call-outs are pushed. */
const MATTER = 'M';
const PATIENCE = 4_000;
const STATIC = /^\/(css|js|lib|img|Features)\//;
/** Named after their content: such a file never changes. */
const NAMED = /\.[0-9a-z]{10}\.[a-z]+$/;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== CACHE && name !== SAID) await caches.delete(name);
  await self.clients.claim();
})()));

/** The page lists what it is made of; anything else from an earlier version is deleted. */
self.addEventListener('message', (event) => {
  const files = event.data?.keep;
  if (!Array.isArray(files)) return;
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    const wanted = new Set([PAGE, ...files]);
    for (const request of await cache.keys()) {
      const url = new URL(request.url);
      if (!wanted.has(url.pathname + url.search)) await cache.delete(request);
    }
    await Promise.allSettled(files.map(async (file) => { if (!(await cache.match(file))) await cache.add(file); }));
    await keepPage(cache, await fetch(PAGE, { headers: { Accept: 'text/html' } }));
  })());
});

self.addEventListener('message', (event) => {
  const say = event.data?.say;
  if (say) event.waitUntil(caches.open(SAID).then((cache) => cache.put(SAYS, new Response(JSON.stringify(say)))));
});

/** Something rings: the level and the number, or how many. A later message about a case takes the place of an earlier one, and is heard again. */
self.addEventListener('push', (event) => {
  event.waitUntil((async () => {
    /** @type {{callNo?: string, level?: string, calls?: number}} */
    const { callNo = '', level = '', calls } = event.data?.json() ?? {};
    const held = await caches.match(SAYS, { cacheName: SAID });
    /** @type {Record<string, string>} */
    const say = held ? await held.json() : {};
    const isCallOut = callNo.startsWith(MATTER);
    const what = calls ? (say.many ?? '{0}').replace('{0}', String(calls)) : say.one ?? '';
    await self.registration.showNotification(isCallOut ? say.callOut ?? '' : [say[level] ?? level, what].filter(Boolean).join(' '), {
      body: callNo, tag: callNo || 'many', renotify: true, requireInteraction: isCallOut || level === 'S1', icon: '/img/icon-192.png', badge: '/img/icon-192.png', timestamp: Date.now(),
    });
  })());
});

/** Opens the page, or brings it to the front. */
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil((async () => {
    const pages = await self.clients.matchAll({ type: 'window' });
    const page = pages.find((one) => new URL(one.url).pathname === PAGE);
    await (page ? page.focus() : self.clients.openWindow(PAGE));
  })());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    if (url.pathname === PAGE) event.respondWith(page(request));
  } else if (STATIC.test(url.pathname)) event.respondWith(file(request, url));
});

/** The page from the server; offline, the cached one: an empty frame that says it is not connected. @param {Request} request */
async function page(request) {
  const cache = await caches.open(CACHE);
  const held = await cache.match(PAGE);
  if (!held) return fetch(request);
  const fresh = fetch(request).then(async (answer) => {
    if (isOut(answer)) await cache.delete(PAGE);
    return answer; // it may hold cases, and is not kept
  });
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, held));
  return Promise.race([fresh, late]).catch(() => held);
}

/** Signed out: nothing of the page stays. @param {Response} answer */
const isOut = (answer) => answer.status === 401 || answer.status === 403 || answer.type === 'opaqueredirect' || answer.redirected;

/** The page as the worker itself asks for it: without a case. @param {Cache} cache @param {Response} answer */
async function keepPage(cache, answer) {
  if (isOut(answer)) await cache.delete(PAGE);
  else if (answer.ok && answer.type === 'basic') await cache.put(PAGE, answer);
}

/** @param {Request} request @param {URL} url */
async function file(request, url) {
  const cache = await caches.open(CACHE);
  const held = await cache.match(request);
  if (held && NAMED.test(url.pathname)) return held;
  try {
    return await fetch(request);
  } catch (error) {
    if (held) return held;
    throw error;
  }
}
