// A flood: ten or more cases within ten minutes. Those that nobody has accepted are grouped by grid and category, one row each, for as long as they ring.

export const FLOOD_FROM = 10;
export const FLOOD_WITHIN = 10 * 60_000;

/** What the board needs of a case to order it. @typedef {{callNo: string, opened: number, ringing: boolean, urgent: boolean, heap: string}} Key */

/** @typedef {{id: string, members: string[], open: boolean}} Heap */

/** The number of cases from the last ten minutes that nobody has accepted. @param {Key[]} keys @param {number} now */
export function newOnes(keys, now) {
  let count = 0;
  for (const key of keys) if (key.ringing && now - key.opened < FLOOD_WITHIN) count++;
  return count;
}

/** Whether ten or more of the cases that nobody has accepted came within ten minutes, however long ago. @param {Key[]} keys */
export function isFlooded(keys) {
  const opened = Float64Array.from(keys.filter((key) => key.ringing), (key) => key.opened).sort();
  return opened.some((at, i) => i >= FLOOD_FROM - 1 && at - opened[i - FLOOD_FROM + 1] < FLOOD_WITHIN);
}

/**
 * The rows of a flood: each group of two or more stands where its most urgent case would, followed by its cases while it is open. Urgent
 * cases are never grouped.
 * @param {Key[]} sorted most urgent first @param {ReadonlySet<string>} open the groups that someone has opened
 */
export function fold(sorted, open) {
  /** @type {Map<string, Heap>} */
  const heaps = new Map();
  for (const key of sorted) {
    if (!key.ringing || key.urgent) continue;
    const heap = heaps.get(key.heap);
    if (heap) heap.members.push(key.callNo);
    else heaps.set(key.heap, { id: '=' + key.heap, members: [key.callNo], open: open.has('=' + key.heap) });
  }
  /** @type {string[]} */
  const rows = [];
  for (const key of sorted) {
    const heap = key.ringing && !key.urgent ? heaps.get(key.heap) : undefined;
    if (!heap || heap.members.length < 2) rows.push(key.callNo);
    else if (heap.members[0] === key.callNo) rows.push(heap.id, ...(heap.open ? heap.members : []));
  }
  return { rows, heaps: new Map([...heaps.values()].filter((heap) => heap.members.length > 1).map((heap) => [heap.id, heap])) };
}
