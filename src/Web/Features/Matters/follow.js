// The page of a matter for who has no account, kept up to date: the server renders the part that changes, every fifteen seconds while somebody looks.

const POLL_EVERY = 15_000;

const live = /** @type {HTMLElement} */ (document.getElementById('live'));
const said = /** @type {HTMLElement} */ (document.getElementById('said'));

const drawn = () => /** @type {HTMLElement} */ (live.firstElementChild);
const isOver = () => drawn().dataset.over === 'true';
const headline = () => document.getElementById('headline')?.textContent ?? '';

async function poll() {
  if (isOver() || document.visibilityState === 'hidden') return;
  try {
    const answer = await fetch(live.dataset.fragment ?? '', { headers: { Accept: 'text/html' } });
    if (!answer.ok) return;
    const template = document.createElement('template');
    template.innerHTML = await answer.text();
    const fresh = /** @type {HTMLElement|null} */ (template.content.firstElementChild);
    if (!fresh || fresh.outerHTML === drawn().outerHTML) return;
    const before = headline();
    const focused = live.contains(document.activeElement) ? /** @type {HTMLAnchorElement} */ (document.activeElement).getAttribute('href') : null;
    live.replaceChildren(fresh);
    if (focused) /** @type {HTMLElement|null} */ (live.querySelector(`a[href="${CSS.escape(focused)}"]`))?.focus();
    if (headline() !== before) said.textContent = headline();
  } catch {
    // No network: the next tick asks again, and the promised times are on the page.
  }
}

setInterval(poll, POLL_EVERY);
document.addEventListener('visibilitychange', poll);
