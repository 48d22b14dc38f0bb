// Switches day and night without a reload; the cookie is the one the server reads. Without this script the links do it.

const REMEMBERED = 365 * 86_400;

for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('[data-theme-to]'))) {
  link.addEventListener('click', (event) => {
    event.preventDefault();
    const theme = /** @type {string} */ (link.dataset.themeTo);
    document.documentElement.dataset.theme = theme;
    document.cookie = `theme=${theme}; path=/; max-age=${REMEMBERED}; samesite=lax${location.protocol === 'https:' ? '; secure' : ''}`;
    const other = /** @type {HTMLElement|null} */ (document.querySelector(`[data-theme-to]:not([data-theme-to="${theme}"])`));
    other?.focus({ preventScroll: true });
  });
}

/** Calls back when the colours have changed: canvases must be redrawn. @param {() => void} changed */
export function onTheme(changed) {
  new MutationObserver(changed).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
}

/** A token's current value. @param {string} name */
export const token = (name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
