// Same-cause surges: many open cases of one category in one community, reported within a short time. Derived from the cards alone.

/** @typedef {{community: string, category: string, grid: string|null, since: string, calls: string[]}} Surge */

/**
 * The surges among some cards, the largest first. A case belongs to one if it lies in a stretch of that many minutes containing that many
 * whistles of its kind; overlapping stretches form one surge. Drills, child cases and merged cases do not count.
 * @param {Iterable<import('../../js/contracts.js').CallCard>} cards @param {import('../../js/contracts.js').SurgeView} from the street's own thresholds
 * @returns {Surge[]} the grid is given if the whole surge is in one
 */
export function surges(cards, { minutes, cases }) {
  /** @type {Map<string, {at: number, card: import('../../js/contracts.js').CallCard}[]>} */
  const kinds = new Map();
  for (const card of cards) {
    if (card.flags.includes('drill') || card.parent || card.mergedInto) continue;
    const key = card.community + ' ' + card.category;
    const of = kinds.get(key);
    if (of) of.push({ at: Date.parse(card.openedAt), card });
    else kinds.set(key, [{ at: Date.parse(card.openedAt), card }]);
  }

  const found = [];
  for (const of of kinds.values()) if (of.length >= cases) found.push(...stretches(of.sort((a, b) => a.at - b.at), minutes * 60_000, cases).map(surge));
  return found.sort((a, b) => b.calls.length - a.calls.length || (a.since < b.since ? -1 : 1));
}

/** @template {{at: number}} T @param {T[]} of in time order @param {number} span @param {number} cases @returns {T[][]} */
function stretches(of, span, cases) {
  /** @type {T[][]} */
  const all = [];
  let end = -1; // of the stretch being built
  for (let i = cases - 1; i < of.length; i++) {
    const first = i - cases + 1;
    if (of[i].at - of[first].at > span) continue;
    if (first > end) all.push(of.slice(first, i + 1));
    else /** @type {T[]} */ (all.at(-1)).push(...of.slice(end + 1, i + 1));
    end = i;
  }
  return all;
}

/** @param {{card: import('../../js/contracts.js').CallCard}[]} of @returns {Surge} */
function surge(of) {
  const [{ card }] = of;
  return {
    community: card.community,
    category: card.category,
    grid: of.every((one) => one.card.grid === card.grid) ? card.grid : null,
    since: card.openedAt,
    calls: of.map((one) => one.card.callNo),
  };
}
