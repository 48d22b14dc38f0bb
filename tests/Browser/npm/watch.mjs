// Watches the street as the contract says, across a lost server and a restored database, by @microsoft/signalr from npm alone.
// node watch.mjs http://127.0.0.1:5080 duty      Prints a line of JSON for each frame that changed something: epoch, and the version of each case.

import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';

const PASSWORD = process.env.DISPATCH_DEMO_PASSWORD ?? 'mulin-demo-2026';
const AGAIN_AFTER = 250;

const [target, userName] = process.argv.slice(2);
const cards = new Map();
let epoch = null, through = 0;

function startOver() {
  cards.clear();
  [epoch, through] = [null, 0];
}

/** @returns {boolean} false if the frame is of another epoch: what is held is void, and the numbers with it */
function take(frame) {
  if (epoch !== null && frame.epoch !== epoch) return false;
  epoch = frame.epoch;
  if (frame.kind === 'resync') cards.clear();
  for (const card of frame.calls) if (!(cards.get(card.callNo)?.version > card.version)) cards.set(card.callNo, card);
  for (const callNo of frame.gone) cards.delete(callNo);
  through = frame.through;
  if (frame.kind !== 'beat') console.log(JSON.stringify({ epoch, cases: Object.fromEntries([...cards.values()].map((card) => [card.callNo, card.version])) }));
  return true;
}

/** Ends when the connection does, or with another epoch. */
async function watch() {
  const answer = await fetch(target + '/api/login', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userName, password: PASSWORD }) });
  const { accessToken } = await answer.json();
  const connection = new HubConnectionBuilder().withUrl(target + '/hubs/dispatch', { accessTokenFactory: () => accessToken, transport: HttpTransportType.WebSockets, skipNegotiation: true }).configureLogging(LogLevel.None).build();
  const closed = new Promise((resolve) => connection.onclose(resolve));
  await connection.start();
  const ended = new Promise((resolve) => connection.stream('Watch', through).subscribe({
    next: (frame) => {
      if (take(frame)) return;
      startOver();
      resolve();
    },
    complete: resolve,
    error: resolve,
  }));
  await Promise.race([closed, ended]);
  await connection.stop();
}

for (;;) {
  await watch().catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER));
}
