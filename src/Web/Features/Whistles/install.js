// Lets the phone's page open offline: a service worker caches its files, never its data. A web view inside another app may not have
// service workers; everything else still works there.

/** Fetched by what is drawn later. */
const PICTURES = ['/img/glyphs.svg', '/img/icon.svg'];
const STATIC = /^\/(css|js|lib|img|Features)\//;

/** Caches what this page is made of. */
export async function keepPage() {
  if (!('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register('/sw.js', { scope: '/m' });
    const worker = (await navigator.serviceWorker.ready).active;
    const files = performance.getEntriesByType('resource').map((entry) => new URL(entry.name)).filter((url) => url.origin === location.origin && STATIC.test(url.pathname)).map((url) => url.pathname + url.search);
    worker?.postMessage({ keep: [...new Set([...files, ...PICTURES])] });
  } catch (error) {
    console.info('service worker:', error instanceof Error ? error.message : error);
  }
}
