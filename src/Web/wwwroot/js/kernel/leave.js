// Before a person signs out here, the phone forgets the cases and papers that it kept for reading without a network.

import { forget } from './store.js';

/** In ms: a browser without a store keeps nobody signed in. */
const WAITS = 1_000;

const form = /** @type {HTMLFormElement|null} */ (document.querySelector('form[action$="/signout"]'));
form?.addEventListener('submit', async (event) => {
  event.preventDefault();
  await Promise.race([forget().catch(() => {}), new Promise((resolve) => setTimeout(resolve, WAITS))]);
  form.submit();
});
