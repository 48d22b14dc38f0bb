// What a phone offers on the way and on the scene: directions, photos, and handing over.

import { isInHand } from '../../js/case/card.js';
import { sendPhotos } from '../../js/case/actions.js';
import { h } from '../../js/kernel/dom.js';
import { photoButton } from '../../js/case/gallery.js';
import { giveOrder } from '../../js/case/orders.js';
import { street } from '../../js/kernel/street.js';
import { wayToCase } from '../../js/case/way.js';
import { w } from '../../js/kernel/words.js';

/**
 * What is needed on the scene: photos, and handing over. @param {import('../../js/contracts.js').CallDetail} detail @param {import('../../js/case/feed.js').Watched} feed @param {boolean} ours whether the user's own team has it
 * @param {() => void} close once it is done @returns {Node[]}
 */
export function onTheSpot({ call, commands }, feed, ours, close) {
  const may = ours && commands.includes('note') && isInHand(call);
  return [...(may ? ['before', 'after'].map((kind) => photoButton(kind, (photos) => sendPhotos(feed, call.callNo, kind, photos).then(close))) : []),
    may && h('button.button.plain', { type: 'button', 'data-command': 'handOver', onclick: () => giveOrder(feed, 'handOver', call).then((done) => done && close()) }, w('ui.command.handOver')),
  ].filter((node) => node instanceof Node);
}

/** Directions to its station, or to its grid. @param {import('../../js/contracts.js').CallCard} call @returns {Node[]} */
export function wayTo(call) {
  const way = wayToCase(call, street);
  return way ? [h('a.button.plain', { href: way, target: '_blank', rel: 'noopener noreferrer' }, w('ui.m.way'))] : [];
}
