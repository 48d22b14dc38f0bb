// 待我处理: what waits for the reader at a desk, and for what. It only says where to look first; what may be done, the server decides. No DOM in here.

import { calledParties, isInHand, standsStill } from './card.js';
import { isMatter } from './matter.js';

/** @typedef {import('../contracts.js').CallCard} CallCard */
/** @typedef {import('../contracts.js').MatterCard} MatterCard */
/** @typedef {import('../contracts.js').Me} Me */

const COMMUNITY = 2;
const STREET = 3;
/** @type {Record<string, number>} */
const DESKS = { communityDesk: COMMUNITY, streetDesk: STREET, leader: STREET };
/** @type {Record<string, number>} */
const RUNGS = { community: COMMUNITY, street: STREET };

/** How high the lead of a case stands: 0 without one. @param {CallCard} card */
const leadOf = (card) => (card.lead ? DESKS[card.lead.post] ?? 1 : 0);

/** Whether a desk decides one of its requests: it stands above the lead; above the street nobody does, so a colleague decides. @param {CallCard} card @param {number} mine */
const decides = (card, mine) => (card.petitions ?? []).some((kind) => (kind === 'exemption' || leadOf(card) === STREET ? mine === STREET : mine > leadOf(card)));

/**
 * What a case or another matter needs of the reader: approve, climbed (nobody below has accepted it), lead (it is theirs), city or party (their answer is late), or disclaimed (a party says it is not its matter); null if nothing.
 * @param {CallCard|MatterCard} card @param {Me} me @param {number} now
 */
export function need(card, me, now) {
  const mine = DESKS[me.postKind ?? ''] ?? 0;
  if (mine === 0 || (mine === COMMUNITY && card.community !== me.community)) return null;
  if (isMatter(card)) return card.owed.some((owed) => owed.given < owed.need && owed.asked.some((asked) => asksFor(asked, me))) ? 'answer' : null;
  if (decides(card, mine)) return 'approve';
  if (card.state === 'handedUp') return mine === STREET && card.breachAt && Date.parse(card.breachAt) < now ? 'city' : null;
  if (standsStill(card)) return null;
  if (card.state === 'ringing') return (RUNGS[card.rung] ?? 1) >= mine && me.postKind !== 'leader' ? 'climbed' : null;
  if (isInHand(card) && card.lead?.post === me.postKind) return 'lead';
  // Whose matter it is, the community may decide or the street, which called.
  if (me.postKind !== 'leader' && card.answers.some((answer) => answer.disclaimed && !answer.released) && mine >= Math.max(COMMUNITY, leadOf(card))) return 'disclaimed';
  // A called party is pressed by the desk above the lead.
  return mine === Math.max(COMMUNITY, leadOf(card)) && calledParties(card).some((answer) => Date.parse(answer.due) < now) ? 'party' : null;
}

/** Whether "communityDesk@community:01" asks the reader. @param {string} asked @param {Me} me */
function asksFor(asked, me) {
  const [role, area = ''] = asked.split('@');
  const [kind, code = ''] = area.split(':');
  return role === me.postKind && (kind !== 'community' || code === me.community);
}
