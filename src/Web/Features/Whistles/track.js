// The resident's page, live: server-sent events, or polling if they fail. The server renders the part that changes, so it is
// written once and reads the same without this script. This is the whole download, unless this phone has something left to send.

const POLL_EVERY = 15_000;
const TICK_EVERY = 5_000;
const ZONE = 'Asia/Shanghai';

const live = /** @type {HTMLElement} */ (document.getElementById('live'));
const said = /** @type {HTMLElement} */ (document.getElementById('said'));
/** @type {Record<string, string>} */
const words = JSON.parse(document.getElementById('words')?.textContent ?? '{}');

let offset = 0;
let streaming = false;
/** When what is shown was last known to hold, in the street's time. */
let fresh = 0;
let isCut = false;
/** When the page last polled, by this phone's clock. */
let asked = 0;
let drawing = false;
let wanted = 0;
/** @type {EventSource|null} */
let events = null;

/** @param {string} key @param {...(string|number)} parts */
const w = (key, ...parts) => (words[key] ?? key).replace(/\{(\d)\}/g, (_, i) => String(parts[Number(i)] ?? ''));

const drawn = () => /** @type {HTMLElement} */ (live.firstElementChild);
const version = () => Number(drawn()?.dataset.version ?? 0);
const isTogether = () => drawn()?.dataset.together === 'true';
const isOver = () => drawn()?.dataset.over === 'true';

/**
 * Redraws the case if there is a newer version. A merged case counts the changes of both: being merged or taken apart is news
 * whatever the number. @param {number} newest @param {boolean} [together]
 */
async function draw(newest, together = isTogether()) {
  if (together !== isTogether()) wanted = version() + 1;
  wanted = Math.max(wanted, newest);
  if (drawing || wanted <= version()) return;
  drawing = true;
  try {
    const answer = await fetch(live.dataset.fragment ?? '', { headers: { Accept: 'text/html' } });
    if (!answer.ok) return;
    const followed = isTogether();
    const before = document.getElementById('headline')?.textContent;
    const template = document.createElement('template');
    template.innerHTML = await answer.text();
    const focused = live.contains(document.activeElement) ? /** @type {HTMLAnchorElement} */ (document.activeElement).getAttribute('href') : null;
    live.replaceChildren(template.content);
    while (live.firstChild && live.firstChild.nodeType !== Node.ELEMENT_NODE) live.firstChild.remove();
    if (focused) /** @type {HTMLElement|null} */ (live.querySelector(`a[href="${CSS.escape(focused)}"]`))?.focus();
    readClock();
    const headline = document.getElementById('headline')?.textContent ?? '';
    if (headline !== before) said.textContent = headline;
    if (isTogether() !== followed) wanted = version();
    if (isOver()) events?.close();
    else if (isTogether() !== followed && events) {
      events.close(); // the server follows the case it continues in
      listen();
    }
  } finally {
    drawing = false;
  }
}

/** Says that nothing new arrives, and how old what is shown is; or takes that back. @param {boolean} cut */
function sayCut(cut) {
  if (!cut) fresh = Date.now() + offset;
  isCut = cut;
  const box = document.getElementById('offline');
  if (!box) return;
  box.hidden = !cut;
  const text = cut ? w(navigator.onLine ? 'live.noAnswer' : 'live.offline', clockOf(fresh)) : '';
  if (box.textContent !== text) box.textContent = text;
}

/** As the clock on the wall shows it; with its day where that is another one. @param {number} at */
function clockOf(at) {
  const day = (/** @type {number} */ ms) => new Date(ms).toLocaleDateString('zh-CN', { timeZone: ZONE });
  /** @type {Intl.DateTimeFormatOptions} */
  const date = day(at) === day(Date.now() + offset) ? {} : { month: 'numeric', day: 'numeric' };
  return new Date(at).toLocaleString('zh-CN', { ...date, hour: '2-digit', minute: '2-digit', hour12: false, timeZone: ZONE });
}

/** The server put its time on the page when it rendered it. */
function readClock() {
  offset = Date.parse(drawn()?.dataset.now ?? '') - Date.now() || 0;
  sayCut(false);
  tick();
}

function tick() {
  if (streaming && !isCut) fresh = Date.now() + offset;
  for (const left of /** @type {NodeListOf<HTMLElement>} */ (live.querySelectorAll('.left[data-due]'))) {
    const ms = Date.parse(left.dataset.due ?? '') - (Date.now() + offset);
    const text = w(ms < 0 ? 'promise.over' : 'promise.left', span(Math.abs(ms)));
    if (left.textContent !== text) left.textContent = text;
    left.closest('li')?.classList.toggle('late', ms < 0);
  }
}

/** @param {number} ms */
function span(ms) {
  const minutes = Math.max(1, Math.floor(ms / 60_000));
  if (minutes < 60) return w('time.minutes', minutes);
  if (minutes >= 24 * 60) return w('time.days', Math.floor(minutes / (24 * 60)));
  return minutes % 60 ? w('time.hoursMinutes', Math.floor(minutes / 60), minutes % 60) : w('time.hours', minutes / 60);
}

async function poll() {
  if (isOver() || document.visibilityState === 'hidden') return;
  asked = Date.now();
  try {
    await draw(wanted); // an earlier redraw may have failed
    if (streaming) return;
    const answer = await fetch(live.dataset.track ?? '', { headers: { Accept: 'application/json' } });
    if (!answer.ok) throw new Error(String(answer.status));
    const call = await answer.json();
    await draw(call.version, call.together === true);
    sayCut(false);
  } catch {
    sayCut(true); // the next turn asks again, and the promised times are on the page
  }
}

function listen() {
  events = new EventSource(live.dataset.events ?? '');
  events.addEventListener('open', () => { streaming = true; sayCut(false); });
  // After an error the browser reconnects on its own; meanwhile the page polls.
  events.addEventListener('error', () => {
    streaming = false;
    if (Date.now() - asked > TICK_EVERY) poll();
  });
  const take = (/** @type {MessageEvent<string>} */ event) => {
    streaming = true;
    try {
      const call = JSON.parse(event.data);
      draw(call.version, call.together === true);
    } catch {
      // Not a case: a comment or a beat.
    }
  };
  events.addEventListener('message', take);
  for (const name of ['call', 'track']) events.addEventListener(name, take);
}

try {
  if (localStorage.getItem('waits')) import('../../js/case/later.js');
} catch {
  // Some web views store nothing.
}

if (live) {
  readClock();
  setInterval(tick, TICK_EVERY);
  if (!isOver()) {
    listen();
    setInterval(poll, POLL_EVERY);
    addEventListener('offline', () => sayCut(true));
    addEventListener('online', () => { streaming = false; poll(); });
    if (!navigator.onLine) sayCut(true);
    document.addEventListener('visibilitychange', poll);
  }
}
