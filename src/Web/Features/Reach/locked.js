// 锁屏提醒: one tap, and this phone rings although it is locked. The browser's push service is told to expect messages from the street alone; what it carries
// it cannot read. The server knows which session asked, and forgets it with the session.

import { refusalOf, request, send } from '../../js/kernel/client.js';
import { setAttr, setText, toast } from '../../js/kernel/dom.js';
import { w } from '../../js/kernel/words.js';

const WORKER = '/sw.js';
const SCOPE = '/m';
const PATH = '/api/push';

/** The key as the browser wants it. @param {string} text base64url */
const bytesOf = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));

/** @param {ArrayBuffer|null} bytes */
const textOf = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes ?? new ArrayBuffer(0)))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** Whether this browser can ring while it is locked. */
export const canRingLocked = () => 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;

/** @param {HTMLElement} button whose data-key is the street's public key */
function begin(button) {
  const key = button.dataset.key ?? '';
  if (!canRingLocked()) {
    setText(button, w('ui.locked.cannot'));
    return;
  }
  const isOn = () => button.getAttribute('aria-pressed') === 'true';
  /** @param {boolean} on */
  const show = (on) => {
    setAttr(button, 'aria-pressed', String(on));
    setText(button, w(on ? 'ui.locked.on' : 'ui.locked.off'));
  };

  /** Asks the browser, which may ask the person; a subscription under another key is of another street. */
  const subscribe = async () => {
    const registration = await navigator.serviceWorker.register(WORKER, { scope: SCOPE });
    const worker = await waitFor(registration);
    worker.postMessage({ say: { S1: w('ui.level.S1'), S2: w('ui.level.S2'), S3: w('ui.level.S3'), one: w('ui.locked.one'), many: w('ui.locked.many', '{0}'), callOut: w('ui.locked.callOut') } });
    const old = await registration.pushManager.getSubscription();
    if (old && textOf(old.options.applicationServerKey) !== key) await old.unsubscribe();
    const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) });
    return send(PATH, { endpoint: made.endpoint, p256dh: textOf(made.getKey('p256dh')), auth: textOf(made.getKey('auth')) });
  };

  const turnOn = async () => {
    const answer = await subscribe();
    if (answer.ok) show(true);
    else toast(await refusalOf(answer), 'bad');
  };

  const turnOff = async () => {
    const answer = await request(PATH, { method: 'DELETE' });
    if (!answer.ok) return toast(await refusalOf(answer), 'bad');
    show(false);
    const registration = await navigator.serviceWorker.getRegistration(SCOPE);
    await (await registration?.pushManager.getSubscription())?.unsubscribe();
  };

  button.addEventListener('click', async () => {
    if (button.getAttribute('aria-busy') === 'true') return;
    button.setAttribute('aria-busy', 'true');
    try {
      await (isOn() ? turnOff() : turnOn());
    } catch (error) {
      console.info('push:', error instanceof Error ? error.message : error);
      toast(w(Notification.permission === 'denied' ? 'ui.locked.denied' : 'ui.locked.failed'), 'bad');
    }
    button.removeAttribute('aria-busy');
  });
  if (isOn()) void renew().catch(() => {}); // nobody has tapped: what cannot be renewed now is tried when the page is next opened

  /** The page was opened: the phone is there. Once the person has forbidden notifications, nothing rings any more, and the button says so. */
  async function renew() {
    if (Notification.permission !== 'granted') {
      await request(PATH, { method: 'DELETE' });
      return show(false);
    }
    if (!(await subscribe()).ok) show(false);
  }

  /** @type {HTMLButtonElement} */ (button).disabled = false;
}

/** The worker of a registration, as soon as it works. @param {ServiceWorkerRegistration} registration @returns {Promise<ServiceWorker>} */
function waitFor(registration) {
  if (registration.active) return Promise.resolve(registration.active);
  const worker = registration.installing ?? registration.waiting;
  return new Promise((resolve, reject) => {
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'activated') resolve(worker);
      else if (worker.state === 'redundant') reject(new Error('the worker was not installed'));
    });
  });
}

const button = document.getElementById('locked');
if (button) begin(button);
