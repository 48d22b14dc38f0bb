// On and off duty by a tap (上岗、签退). Only needed by people who go on duty by hand: nobody on the roster is asked to check in.

import { refusalOf, send } from '../../js/kernel/client.js';
import { $, setText, toast } from '../../js/kernel/dom.js';
import { ask, sentence, wordsField } from '../../js/kernel/forms.js';
import { handOverField } from '../../js/case/hand-over.js';
import { w } from '../../js/kernel/words.js';

/** @param {string} path @param {Record<string, unknown>} body @returns {Promise<{value: any}|{refused: string}>} */
async function post(path, body) {
  try {
    const answer = await send('/api/duty/' + path, body);
    return answer.ok ? { value: await answer.json().catch(() => null) } : { refused: await refusalOf(answer) };
  } catch {
    return { refused: w('ui.say.unknown') };
  }
}

/** @param {() => boolean} onDuty @param {() => Promise<unknown>} changed @returns {() => void} call it whenever the duty may have changed */
export function shiftButton(onDuty, changed) {
  const button = $('shift');
  const show = () => setText(button, w(onDuty() ? 'ui.shift.off' : 'ui.shift.on'));
  button.addEventListener('click', async () => {
    button.setAttribute('aria-busy', 'true');
    if (onDuty()) await ask(w('ui.shift.off'), w('ui.shift.off'), [sentence(w('ui.shift.offHelp')), await handOverField(), wordsField('note', w('ui.shift.note'))], (said) => post('signOff', said));
    else {
      const answer = await post('take', {});
      if ('refused' in answer) toast(answer.refused, 'bad');
    }
    await changed();
    button.removeAttribute('aria-busy');
  });
  show();
  return show;
}
