// While its owner is on duty the phone's screen stays on, and its icon counts what rings. What this browser cannot do is said.

import { $, setText } from '../../js/kernel/dom.js';
import { w } from '../../js/kernel/words.js';

/** @type {WakeLockSentinel|null} */
let lit = null;
let wanted = false;
let asking = false;
/** The battery is low, or the system says no: it is asked again when the page is next seen. */
let denied = false;

/** The screen goes dark when the system takes the lock back, as it does from a hidden page: it is asked for again. */
async function light() {
  if (asking || denied || document.hidden || (lit !== null) === wanted) return;
  asking = true;
  try {
    if (wanted) {
      lit = await navigator.wakeLock.request('screen');
      lit.addEventListener('release', () => { lit = null; });
    } else {
      await lit?.release();
      lit = null;
    }
  } catch {
    denied = true;
  }
  asking = false;
}

/** @param {boolean} onDuty */
export function stayAwake(onDuty) {
  if (!navigator.wakeLock) return;
  wanted = onDuty;
  void light();
}

document.addEventListener('visibilitychange', () => {
  denied = false;
  void light();
});

let counted = -1;

/** @param {number} ringing */
export function badge(ringing) {
  if (ringing === counted || !navigator.setAppBadge) return;
  counted = ringing;
  (ringing > 0 ? navigator.setAppBadge(ringing) : navigator.clearAppBadge()).catch(() => {}); // only an installed page has an icon
}

/** Says what this browser, often one inside another app, cannot do for whoever is on duty. */
export function sayCannot() {
  const missing = [!navigator.wakeLock && 'awake', !('serviceWorker' in navigator) && 'offline'].filter(Boolean);
  $('cannot').hidden = missing.length === 0;
  setText($('cannot'), missing.length === 0 ? '' : w('ui.m.cannot', missing.map((one) => w('ui.m.cannot.' + one)).join(w('ui.and'))));
}
