// A button that prints the page. Without this script the browser's own command does, and a hint takes the place of the button.

for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-print]'))) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}
for (const instead of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-no-print]'))) instead.hidden = true;
