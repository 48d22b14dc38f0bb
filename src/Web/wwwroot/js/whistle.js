// A resident's form with a little help: photos are made small and sent ahead, the phone's place is added when it is asked for, and where there is no
// network the page says so and keeps what was written. Without this script the form works all the same. What is seldom needed is loaded when it is.

const ANSWER_WITHIN = 30_000;

/** @type {Record<string, string>} */
const words = JSON.parse(document.getElementById('page-words')?.textContent ?? '{}');
/** @param {string} key @param {...(string|number)} parts */
const w = (key, ...parts) => (words[key] ?? key).replace(/\{(\d)\}/g, (_, i) => String(parts[Number(i)] ?? ''));
/** @param {string} id @returns {any} */
const $ = (id) => document.getElementById(id);

const form = /** @type {HTMLFormElement|null} */ (document.querySelector('form[data-sends]'));

/** A photo of this page; its id once the server has it. @typedef {{large: Blob, small: Blob, box: HTMLElement, id: string, sending: Promise<void>|null}} Photo */
/** @type {Photo[]} */
let photos = [];

let busy = false;
let withoutPhotos = false;

/** @param {Photo} photo */
async function send(photo) {
  const body = new FormData();
  body.append('photo', photo.large, 'photo.jpg');
  body.append('small', photo.small, 'small.jpg');
  try {
    const answer = await fetch('/api/photos', { method: 'POST', body, signal: AbortSignal.timeout?.(ANSWER_WITHIN * 2) });
    if (answer.ok) {
      photo.id = (await answer.json()).id;
      photo.box.dataset.sent = 'true';
    }
  } catch {
    // It is tried again when the form is sent.
  }
  photo.sending = null;
}

/** @param {HTMLInputElement} input */
async function take(input) {
  const most = Number($('photos').dataset.most);
  const error = $('photo-error');
  error.textContent = '';
  try {
    const { shrink } = await import('./photo.js');
    for (const file of [...(input.files ?? [])]) {
      if (photos.length >= most) {
        error.textContent = w('photo.js.most', most);
        break;
      }
      try {
        add(await shrink(file));
      } catch {
        error.textContent = w('photo.js.bad');
      }
    }
    input.value = '';
  } catch {
    // Not even the small script came: the browser sends the files as they are.
  }
}

/** @param {{large: Blob, small: Blob}} made */
function add(made) {
  const box = document.createElement('div');
  box.className = 'photo';
  const image = document.createElement('img');
  image.src = URL.createObjectURL(made.small);
  image.alt = w('photo.js.one', photos.length + 1);
  const remove = document.createElement('button');
  remove.type = 'button';
  remove.className = 'button plain';
  remove.textContent = w('photo.js.remove');
  box.append(image, remove);
  /** @type {Photo} */
  const photo = { ...made, box, id: '', sending: null };
  remove.addEventListener('click', () => {
    photos = photos.filter((one) => one !== photo);
    box.remove();
    URL.revokeObjectURL(image.src);
  });
  photos.push(photo);
  $('photo-row').append(box);
  photo.sending = send(photo);
}

/** Waits for the photos, and tries once more what has not arrived. */
async function allSent() {
  await Promise.all(photos.map((photo) => photo.sending ?? (photo.id ? null : send(photo))));
  await Promise.all(photos.filter((photo) => !photo.id).map(send));
  return photos.every((photo) => photo.id);
}

/** @param {HTMLFormElement} form @param {HTMLButtonElement|null} pressed */
async function submit(form, pressed) {
  const button = pressed ?? /** @type {HTMLButtonElement} */ (form.querySelector('button[type=submit]'));
  const label = [...button.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
  const asks = label?.textContent ?? '';
  const say = (/** @type {string} */ text) => { if (label) label.textContent = text; };
  $('no-answer').hidden = true;
  button.setAttribute('aria-busy', 'true');
  try {
    if (photos.some((photo) => !photo.id) && !withoutPhotos) {
      say(w('photo.js.sending'));
      if (!(await allSent())) {
        withoutPhotos = true; // the next press goes without: a whistle never waits for a photo
        $('photo-error').textContent = w('photo.js.failed');
        $('photo-error').scrollIntoView({ block: 'center' });
        return;
      }
    }
    say(w('whistle.js.sending'));
    for (const old of form.querySelectorAll('input[data-mine]')) old.remove();
    for (const photo of photos) if (photo.id) hidden(form, 'photo', photo.id);
    if (pressed?.name) hidden(form, pressed.name, pressed.value);
    const answer = await fetch(form.action, { method: 'POST', body: new FormData(form), headers: { Accept: 'text/html' }, signal: AbortSignal.timeout?.(ANSWER_WITHIN) });
    forget();
    if (answer.redirected) location.assign(answer.url);
    else form.submit(); // the same form with the same key: the server draws what is to be mended
  } catch {
    $('no-answer').textContent = w('whistle.js.offline');
    $('no-answer').hidden = false;
    $('no-answer').focus();
  } finally {
    button.removeAttribute('aria-busy');
    say(asks);
  }
}
/** @param {HTMLFormElement} form @param {string} name @param {string} value */
function hidden(form, name, value) {
  const field = document.createElement('input');
  Object.assign(field, { type: 'hidden', name, value });
  field.dataset.mine = '';
  form.append(field);
}

const DRAFT = 'draft ' + location.pathname;

/** What was written survives a reload, in this window alone. */
function draft() {
  const text = /** @type {HTMLTextAreaElement|null} */ (form?.querySelector('textarea'));
  if (!text) return;
  try {
    if (!text.value) text.value = sessionStorage.getItem(DRAFT) ?? '';
    text.addEventListener('input', () => sessionStorage.setItem(DRAFT, text.value));
  } catch {
    // Some web views keep nothing.
  }
}

function forget() {
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
  ask.addEventListener('click', async () => {
    try {
      const { locate, putPlace } = await import('./locate.js');
      if (ask.dataset.on) {
        putPlace(form, null);
        delete ask.dataset.on;
        [ask.textContent, said.textContent] = [asks, ''];
        return;
      }
      said.textContent = w('here.js.asking');
      const place = await locate();
      putPlace(form, place);
      ask.dataset.on = 'true';
      [ask.textContent, said.textContent] = [w('here.js.remove'), w('here.js.attached', place.accuracy)];
    } catch (error) {
      said.textContent = w(error instanceof Error && error.message === 'denied' ? 'here.js.denied' : 'here.js.failed');
    }
  });
}

if (form) {
  draft();
  offerPlace(form);
  const input = /** @type {HTMLInputElement|null} */ (form.querySelector('input[type=file]'));
  input?.addEventListener('change', () => take(input));
  document.documentElement.classList.add('js');
  // What has been mended is not marked any more.
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
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (busy) return; // a second tap waits for the first
    busy = true;
    submit(form, /** @type {HTMLButtonElement|null} */ (event.submitter)).finally(() => { busy = false; });
  });
}
