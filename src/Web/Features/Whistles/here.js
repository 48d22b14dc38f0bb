// On the page for choosing a place: lets the phone tell which grid it is in, when asked to.

import { canLocate, locate, putPlace } from '../../js/kernel/locate.js';

/** @type {Record<string, string>} */
const words = JSON.parse(document.getElementById('words')?.textContent ?? '{}');
const form = /** @type {HTMLFormElement|null} */ (document.getElementById('here-form'));
const button = /** @type {HTMLButtonElement|null} */ (document.getElementById('here-find'));
const wrong = document.getElementById('here-wrong');

if (form && !canLocate()) form.hidden = true;
else if (form && button && wrong) {
  form.classList.add('ready'); // its place was kept: nothing below moves
  const asks = button.textContent ?? '';
  button.addEventListener('click', async () => {
    button.setAttribute('aria-busy', 'true');
    button.textContent = words['here.js.asking'];
    wrong.hidden = true;
    try {
      putPlace(form, await locate());
      form.submit();
    } catch {
      wrong.textContent = words['here.js.failed'];
      wrong.hidden = false;
      button.removeAttribute('aria-busy');
      button.textContent = asks;
    }
  });
}
