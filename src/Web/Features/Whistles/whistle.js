// A little help for the resident's form: photos are shrunk and sent ahead, the phone's location is added on request. A whistle waits for none of
// its photos: those that have not arrived follow it, and offline everything waits on this phone (later.js). The form works without this script,
// too. Rarely needed parts are loaded on demand.

const ANSWER_WITHIN = 30_000;
/** A draft survives a change of language or print size, but not until the next person uses this phone. */
const DRAFT_FOR = 30 * 60_000;
/** An older location says nothing any more. */
const PLACE_FOR = 5 * 60_000;
/** Statuses after which the same form is worth sending again. */
const COME_AGAIN = [429, 500, 502, 503, 504];

/** @type {Record<string, string>} */
const words = JSON.parse(document.getElementById('page-words')?.textContent ?? '{}');
/** @param {string} key @param {...(string|number)} parts */
const w = (key, ...parts) => (words[key] ?? key).replace(/\{(\d)\}/g, (_, i) => String(parts[Number(i)] ?? ''));
/** @param {string} id @returns {any} */
const $ = (id) => document.getElementById(id);

const form = /** @type {HTMLFormElement|null} */ (document.querySelector('form[data-sends]'));

/** A photo on this page; its id and the data URL of its small version, once the server has it. @typedef {{large?: Blob, small?: Blob, box: HTMLElement, id: string, seen: string, sending: AbortController|null}} Photo */
/** @type {Photo[]} */
let photos = [];
/** Whether a chosen photo is no longer here. */
let lost = false;

let busy = false;

/** @type {Promise<typeof import('../../js/case/later.js')>|null} */
let loading = null;
/** Loaded when someone starts filling in the form: offline it would be too late. */
const later = () => (loading ??= import('../../js/case/later.js').catch((error) => { loading = null; throw error; }));

/** Uploads a photo ahead, while the rest is filled in. @param {Photo} photo */
async function send(photo) {
  if (!photo.large || !photo.small) return;
  const body = new FormData();
  body.append('photo', photo.large, 'photo.jpg');
  body.append('small', photo.small, 'small.jpg');
  const sending = photo.sending = new AbortController();
  try {
    const answer = await fetch('/api/photos', { method: 'POST', body, headers: { 'X-Requested-With': 'fetch' }, signal: sending.signal });
    if (answer.ok) {
      photo.id = (await answer.json()).id;
      photo.seen = await asAddress(photo.small);
      photo.box.dataset.sent = 'true';
      keep();
    }
  } catch {
    // It follows the whistle.
  }
  photo.sending = null;
}

/** @param {HTMLInputElement} input */
async function take(input) {
  const most = Number($('photos').dataset.most);
  const error = $('photo-error');
  error.textContent = '';
  lost = false;
  try {
    const { shrink, whyNot } = await import('../../js/kernel/photo.js');
    for (const file of [...(input.files ?? [])]) {
      if (photos.length >= most) {
        error.textContent = w('photo.js.most', most);
        break;
      }
      try {
        add(await shrink(file));
      } catch (why) {
        error.textContent = w('photo.js.bad.' + whyNot(why), file.name);
      }
    }
    input.value = '';
  } catch {
    // Not even the small script loaded: the browser sends the files as they are.
  }
}

/** @param {Blob} picture @returns {Promise<string>} */
const asAddress = (picture) => new Promise((resolve) => {
  const reader = new FileReader();
  reader.onloadend = () => resolve(String(reader.result ?? ''));
  reader.readAsDataURL(picture);
});

/** @param {{large?: Blob, small?: Blob, id?: string, seen?: string}} made one with an id is already on the server */
function add(made) {
  const box = document.createElement('div');
  box.className = 'photo';
  const image = document.createElement('img');
  image.src = made.small ? URL.createObjectURL(made.small) : (made.seen ?? '');
  image.alt = w('photo.js.one', photos.length + 1);
  const remove = document.createElement('button');
  remove.type = 'button';
  remove.className = 'button plain';
  remove.textContent = w('photo.js.remove');
  box.append(image, remove);
  /** @type {Photo} */
  const photo = { id: '', seen: '', ...made, box, sending: null };
  remove.addEventListener('click', () => {
    photos = photos.filter((one) => one !== photo);
    box.remove();
    URL.revokeObjectURL(image.src);
    keep();
  });
  photos.push(photo);
  $('photo-row').append(box);
  if (photo.id) box.dataset.sent = 'true';
  else send(photo);
  keep();
}

/** The photos not uploaded yet: their upload gives way to the whistle. @returns {Promise<import('../../js/case/later.js').Photo[]>} */
async function unsent() {
  const left = photos.filter((photo) => !photo.id && photo.large && photo.small);
  for (const photo of left) photo.sending?.abort();
  if (left.length === 0) return [];
  const { newKey } = await later();
  return left.map((photo) => ({ key: newKey(), large: /** @type {Blob} */ (photo.large), small: /** @type {Blob} */ (photo.small) }));
}

/** @param {HTMLFormElement} form @param {HTMLButtonElement|null} pressed */
async function submit(form, pressed) {
  const button = pressed && !pressed.matches('.enter') ? pressed : /** @type {HTMLButtonElement} */ (form.querySelector('button[type=submit]:not(.enter)'));
  const label = [...button.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
  const asks = label?.textContent ?? '';
  const say = (/** @type {string} */ text) => { if (label) label.textContent = text; };
  $('no-answer').hidden = true;
  if (form.matches('.whistle') && photos.some((photo) => !photo.id) && !form.querySelector('[name="category"]:checked, [name="danger"]:checked')) {
    refuse(w('whistle.chooseOne')); // checked here: a fresh page would have lost the photos
    return;
  }
  button.setAttribute('aria-busy', 'true');
  try {
    say(w('whistle.js.sending'));
    for (const old of form.querySelectorAll('input[data-mine]')) old.remove();
    const left = await unsent();
    for (const photo of photos) if (photo.id) hidden(form, 'photo', photo.id);
    if (pressed?.name) hidden(form, pressed.name, pressed.value);
    if (form.matches('.whistle, [data-keeps]')) await blow(form, left);
    else await post(form, left);
  } catch {
    refuse(w('whistle.js.offline'));
  } finally {
    button.removeAttribute('aria-busy');
    say(asks);
  }
}

/** The code of the case whose page this is; empty elsewhere. */
const caseCode = () => (location.pathname.startsWith('/t/') ? decodeURIComponent(location.pathname.split('/')[2]) : '');

/** A resident's whistle, note or rating: stored on this phone until the street has it. @param {HTMLFormElement} form @param {import('../../js/case/later.js').Photo[]} left */
async function blow(form, left) {
  const code = caseCode();
  if (code && left.length > 0 && !form.querySelector('textarea')?.value.trim() && !photos.some((photo) => photo.id)) {
    await after(code, left); // nothing but photos
    forget();
    location.assign(location.pathname);
    return;
  }
  const fields = /** @type {[string, string][]} */ ([...new FormData(form)].filter(([, value]) => typeof value === 'string'));
  const came = await (await later()).blow(form.action, fields, left, form.querySelector('[name="category"]:checked')?.parentElement?.textContent?.trim() ?? '');
  if (came === 'busy') {
    refuse(w('whistle.js.busy'));
    return;
  }
  forget();
  if (came === 'form') form.submit(); // the same form with the same key: the server shows what to fix
  else if (came !== 'waits') location.assign(came.url);
  else wait(form);
}

/** The whistles of this phone: shown on the page of every place, and never offered as somebody else's. */
const MINE = 'mine';
const MINE_FOR = 30 * 24 * 3_600_000;

/** @typedef {{url: string, no: string, what: string, at: number}} Own */
/** @returns {Own[]} */
function ours() {
  try {
    return JSON.parse(localStorage.getItem(MINE) ?? '[]').filter((/** @type {Own} */ one) => Date.now() - one.at < MINE_FOR);
  } catch {
    return []; // some web views store nothing
  }
}

/** Lists them, with a way to forget them: a phone may be shared. */
function showMine() {
  const [box, own] = [$('mine'), ours()];
  if (!box || own.length === 0) return;
  box.hidden = false;
  box.querySelector('ul').replaceChildren(...own.map((one) => {
    const link = Object.assign(document.createElement('a'), { href: one.url, textContent: w('mine.one', one.what || w('mine.danger'), one.no) });
    const line = document.createElement('li');
    line.append(link);
    return line;
  }));
  box.querySelector('button').addEventListener('click', () => {
    localStorage.removeItem(MINE);
    box.hidden = true;
  });
  for (const near of form?.querySelectorAll('.near') ?? []) {
    for (const row of near.querySelectorAll('li')) if (own.some((one) => one.no === row.dataset.no)) row.remove();
    if (!near.querySelector('li')) near.remove();
  }
}

/** It waits for the network: disables the buttons and says so. @param {HTMLFormElement} form */
function wait(form) {
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (form.querySelectorAll('button[type=submit]'));
  for (const button of buttons) button.disabled = true;
  const box = $('later');
  box?.focus();
  box?.scrollIntoView({ block: 'center' });
  addEventListener('later-dropped', () => { for (const button of buttons) button.disabled = false; }, { once: true });
}

/** An officer's form: sent at once or not at all; its photos follow it. @param {HTMLFormElement} form @param {import('../../js/case/later.js').Photo[]} left */
async function post(form, left) {
  const answer = await fetch(form.action, { method: 'POST', body: new FormData(form), headers: { Accept: 'text/html' }, signal: AbortSignal.timeout?.(ANSWER_WITHIN) });
  if (!answer.redirected && COME_AGAIN.includes(answer.status)) {
    refuse(w('whistle.js.busy'));
    return;
  }
  if (left.length > 0 && answer.ok) {
    const code = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('#track-link')?.getAttribute('value')?.split('/').pop();
    if (code) await after(decodeURIComponent(code), left);
  }
  forget();
  if (answer.redirected) location.assign(answer.url);
  else form.submit(); // the same form with the same key: the server shows what to fix
}

/** @param {string} code @param {import('../../js/case/later.js').Photo[]} left */
const after = async (code, left) => (await later()).keepPhotos(code, left);

/** Says why it was not sent; everything written stays. @param {string} why */
function refuse(why) {
  $('no-answer').textContent = why;
  $('no-answer').hidden = false;
  $('no-answer').focus();
}

/** @param {HTMLFormElement} form @param {string} name @param {string} value */
function hidden(form, name, value) {
  const field = document.createElement('input');
  Object.assign(field, { type: 'hidden', name, value });
  field.dataset.mine = '';
  form.append(field);
}

/** Each form of a page has its own: what was meant as a note is no rating. */
const DRAFT = 'draft ' + location.pathname + (form?.dataset.sends ?? '');
let forgotten = false;

/**
 * The fields of a form that a draft saves. An officer writes for one caller after another: what one of them said must not appear in the next form, so there
 * only the text is saved.
 * @returns {HTMLInputElement[]}
 */
const fields = () => [...form?.querySelectorAll(form.matches('.intake') ? 'textarea' : 'textarea, select, input:not([type=hidden], [type=file])') ?? []].map((field) => /** @type {HTMLInputElement} */ (field));
/** The invisible fields of a form: its key, by which it counts once however often it is sent, and the phone's location. @param {string} name */
const unseen = (name) => /** @type {HTMLInputElement|null} */ (form?.querySelector(`input[name="${name}"]`));
/** @param {HTMLInputElement} field */
const ticks = (field) => field.type === 'radio' || field.type === 'checkbox';

/** Saves what was filled in, so it survives a reload and a change of language or print size; in this window only, until it is sent. Uploaded photos are included; others are reported lost. */
function keep() {
  if (!form || forgotten) return;
  const filled = fields().filter((field) => (ticks(field) ? field.checked : field.value)).map((field) => [field.name, field.value]);
  const sent = form.matches('.intake') ? [] : photos.filter((photo) => photo.id).map(({ id, seen }) => ({ id, seen }));
  const missing = lost || sent.length < photos.length || Boolean(form.querySelector('input[name=photo]:not([data-mine])'));
  try {
    if (filled.length > 0 || sent.length > 0 || missing || form.dataset.place) sessionStorage.setItem(DRAFT, JSON.stringify({ at: Date.now(), key: unseen('key')?.value, filled: Object.fromEntries(filled), place: placeOf(form), photos: sent, lost: missing }));
    else sessionStorage.removeItem(DRAFT);
  } catch {
    // Some web views store nothing.
  }
}

/** The location attached here, and when. @param {HTMLFormElement} form @returns {Place|undefined} */
const placeOf = (form) => (form.dataset.place ? JSON.parse(form.dataset.place) : undefined);
/** @typedef {{lat: number, lon: number, datum: string, accuracy: number, at: number}} Place */

/** Puts the draft into empty fields: what the server has rendered stays. */
function restore() {
  /** @type {{at?: number, key?: string, filled?: Record<string, string>, place?: Place, photos?: {id: string, seen: string}[], lost?: boolean}} */
  let draft = {};
  try {
    draft = JSON.parse(sessionStorage.getItem(DRAFT) ?? '{}') ?? {};
  } catch {
    // As above.
  }
  if (!(Date.now() - (draft.at ?? 0) < DRAFT_FOR)) return;
  for (const field of fields()) fill(field, draft.filled?.[field.name]);
  const key = unseen('key');
  if (key && draft.key) key.value = draft.key; // sent before without an answer, it is the same whistle
  const lat = unseen('lat');
  if (form && draft.place && lat && !lat.value && Date.now() - draft.place.at < PLACE_FOR) {
    form.dataset.place = JSON.stringify(draft.place);
    for (const name of /** @type {const} */ (['lat', 'lon', 'datum'])) /** @type {HTMLInputElement} */ (unseen(name)).value = String(draft.place[name]);
  }
  if (form?.querySelector('input[name=photo]')) return; // the server has rendered them
  for (const photo of draft.photos ?? []) add(photo);
  lost = Boolean(draft.lost);
  if (lost) $('photo-error').textContent = w('photo.js.again');
}

/** @param {HTMLInputElement} field @param {string} [value] */
function fill(field, value) {
  if (!value) return;
  if (ticks(field)) {
    if (field.value !== value || form?.querySelector(`[name="${field.name}"]:checked`)) return;
    field.checked = true;
  } else if (field.tagName === 'SELECT') {
    const option = /** @type {HTMLOptionElement|null} */ (field.querySelector(`option[value="${CSS.escape(value)}"]`));
    if (!option || field.querySelector('option[selected]')) return; // it is offered no longer, or the server has rendered one
    option.selected = true;
  } else {
    if (field.value) return;
    field.value = value;
  }
  for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, { bubbles: true }));
}

/** Once sent, the draft is deleted, whatever is typed until the next page appears. */
function forget() {
  forgotten = true;
  try {
    sessionStorage.removeItem(DRAFT);
  } catch {
    // As above.
  }
}

/** @param {HTMLFormElement} form */
function offerPlace(form) {
  const [box, ask, said] = [$('here'), $('here-ask'), $('here-said')];
  if (!box || !('geolocation' in navigator) || !isSecureContext) return;
  box.hidden = false;
  const asks = ask.textContent;
  const attached = () => {
    const place = placeOf(form);
    ask.dataset.on = 'true';
    [ask.textContent, said.textContent] = [w('here.js.remove'), place ? w('here.js.attached', place.accuracy) : w('here.js.there')];
  };
  if (unseen('lat')?.value) attached(); // never silently
  ask.addEventListener('click', async () => {
    try {
      const { locate, putPlace } = await import('../../js/kernel/locate.js');
      if (ask.dataset.on) {
        putPlace(form, null);
        delete ask.dataset.on;
        delete form.dataset.place;
        keep();
        [ask.textContent, said.textContent] = [asks, ''];
        return;
      }
      said.textContent = w('here.js.asking');
      const place = await locate();
      putPlace(form, place);
      form.dataset.place = JSON.stringify({ ...place, at: Date.now() });
      attached();
      keep();
    } catch (error) {
      said.textContent = w(error instanceof Error && error.message === 'denied' ? 'here.js.denied' : 'here.js.failed');
    }
  });
}

if (form) {
  const input = /** @type {HTMLInputElement|null} */ (form.querySelector('input[type=file]'));
  input?.addEventListener('change', () => take(input));
  document.documentElement.classList.add('js');
  // Clears the mark from a corrected field.
  form.addEventListener('input', (event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    const said = field.name === 'category' ? 'category-error' : field.getAttribute('aria-describedby');
    const wrong = said && document.getElementById(said);
    if (wrong) wrong.textContent = '';
    field.removeAttribute('aria-invalid');
    for (const link of form.querySelectorAll(`.error-box a[href="#${field.name === 'category' ? 'what' : field.id}"]`)) link.parentElement?.remove();
    const box = form.querySelector('.error-box:has(ul)');
    if (box && !box.querySelector('li')) box.remove();
  });
  if (form.matches('[data-keeps]')) later().catch(() => {}); // one tap may be all there is
  for (const event of ['focusin', 'input']) form.addEventListener(event, () => later().catch(() => {}), { once: true });
  try {
    if (localStorage.getItem('waits')) later().catch(() => {});
  } catch {
    // Some web views store nothing.
  }
  restore();
  showMine();
  form.addEventListener('change', (event) => {
    const chosen = /** @type {HTMLInputElement} */ (event.target);
    if (chosen.name === 'category') chosen.parentElement?.nextElementSibling?.matches('.about-tile') && chosen.parentElement.nextElementSibling.scrollIntoView({ block: 'nearest' });
  });
  offerPlace(form);
  keep();
  form.addEventListener('input', keep);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (busy) return; // ignore a second tap until the first is done
    busy = true;
    submit(form, /** @type {HTMLButtonElement|null} */ (event.submitter)).finally(() => { busy = false; });
  });
}
