// What a request asks for, to be read by whoever decides and by everybody on the case.

import { when } from './clock.js';
import { w, wordOf } from '../kernel/words.js';

/** What a request asks for: how long, and until when. @param {import('../contracts.js').PleaView} plea @param {number} now */
export function pleaWords(plea, now) {
  const until = plea.newDue ?? plea.until;
  const end = until ? when(until, now) : w('ui.unknown');
  const asks = plea.kind === 'extension' ? w('ui.plea.extension', Math.round((plea.minutes ?? 0) / 6) / 10, end)
    : plea.kind === 'suspension' ? w('ui.plea.suspension', end) : w('ui.plea.other', wordOf('ui.petition.', plea.kind));
  return `${asks} ${w('ui.plea.decideBy', when(plea.decideBy, now))}`;
}
