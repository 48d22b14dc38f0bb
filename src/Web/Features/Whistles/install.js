// Lets the phone's page open without a network: its own files are kept by a service worker, never what it shows. A web view inside another app may
// have none; everything else works there all the same.

/** Asked for by what is drawn later. */
const PICTURES = ['/img/glyphs.svg', '/img/icon.svg'];
const STATIC = /^\/(css|js|lib|img|Features)\//;

/** Keeps what this page was made of. */
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
