// On and off duty by a tap (上岗、签退), for each post of whoever holds several. Only needed by people who go on duty by hand: nobody on the roster is asked to check in.

import { to } from '../../js/kernel/ask.js';
import { $, h, setText, toast } from '../../js/kernel/dom.js';
import { api } from '../../js/kernel/duty.js';
import { ask, sentence, wordsField } from '../../js/kernel/forms.js';
import { handOverField } from '../../js/case/hand-over.js';
import { w } from '../../js/kernel/words.js';

/** @typedef {import('../../js/contracts.js').Me} Me */
/** @typedef {import('../../js/contracts.js').MyPost} MyPost */

/** Goes on duty, or off. @param {string|null} post null: the account's own @param {boolean} onDuty */
async function change(post, onDuty) {
  if (onDuty) {
    const fields = [sentence(w('ui.shift.offHelp')), await handOverField(post), wordsField('note', w('ui.shift.note'))];
    await ask(w('ui.shift.off'), w('ui.shift.off'), fields, (said) => api(to('/api/duty/signOff', { post }), said));
    return;
  }
  const answer = await api(to('/api/duty/take', { post }), {});
  if ('refused' in answer) toast(answer.refused, 'bad');
}

/** @param {HTMLElement} button @param {() => {post: string|null, onDuty: boolean}} one @param {() => Promise<unknown>} changed */
function arm(button, one, changed) {
  button.addEventListener('click', async () => {
    if (button.getAttribute('aria-busy') === 'true') return;
    button.setAttribute('aria-busy', 'true');
    await change(one().post, one().onDuty);
    await changed();
    button.removeAttribute('aria-busy');
  });
}

/** @param {boolean} onDuty */
const label = (onDuty) => w(onDuty ? 'ui.shift.off' : 'ui.shift.on');

/**
 * One button; of several posts, a line with a button for each. @param {() => Me} me @param {(post: MyPost) => string} words what a post is and whether it is on duty
 * @param {() => Promise<unknown>} changed @returns {() => void} call it whenever the duty may have changed
 */
export function shifts(me, words, changed) {
  const button = $('shift');
  const list = $('posts');
  arm(button, () => ({ post: null, onDuty: me().onDuty }), changed);
  const show = () => {
    const { posts, onDuty } = me();
    button.hidden = posts !== undefined;
    list.hidden = posts === undefined;
    setText(button, label(onDuty));
    const mark = JSON.stringify(posts ?? []);
    if (list.dataset.mark === mark) return;
    list.dataset.mark = mark;
    list.replaceChildren(...(posts ?? []).map((post) => {
      const toggle = h('button.button.plain.small', { type: 'button', 'data-post': post.post, 'aria-label': `${label(post.onDuty)} ${words(post)}` }, label(post.onDuty));
      arm(toggle, () => post, changed);
      return h('li', null, h('span', null, words(post)), toggle);
    }));
  };
  show();
  return show;
}
