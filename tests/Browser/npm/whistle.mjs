// One whistle from start to end, by a client that knows nothing but the public names: plain HTTP and @microsoft/signalr from npm.
// node whistle.mjs http://127.0.0.1:5080 [station]      Prints each step; exit code 1 with words on any deviation.

import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';

const PASSWORD = process.env.DISPATCH_DEMO_PASSWORD ?? 'mulin-demo-2026';
const SEEN_WITHIN = 20_000;
const PAGE = 500;

const [target, wantedStation] = process.argv.slice(2);
if (!target) fail('usage: node whistle.mjs URL [station]');

function fail(words) {
  console.error('FAILED: ' + words);
  process.exit(1);
}

function check(holds, words) {
  if (!holds) throw new Error(words);
}

const step = (words) => console.log('- ' + words);

/** JSON over HTTP. @returns {Promise<{status: number, body: any}>} */
async function ask(method, path, { body, token, key } = {}) {
  const answer = await fetch(target + path, {
    method,
    headers: {
      Accept: 'application/json',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(token ? { Authorization: 'Bearer ' + token } : {}),
      ...(key ? { 'Idempotency-Key': key } : {}),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, body: text ? JSON.parse(text) : null };
}

async function must(method, path, options, status = 200) {
  const answer = await ask(method, path, options);
  check(answer.status === status, `${method} ${path} answered ${answer.status}, not ${status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

async function login(userName) {
  const { accessToken, expiresIn } = await must('POST', '/api/login', { body: { userName, password: PASSWORD } });
  check(typeof accessToken === 'string' && accessToken.length > 20 && expiresIn > 0, 'a login answers with a token and its seconds');
  return accessToken;
}

const open = [];

/** A connection of one account; the WebSocket at once, or after the negotiation that the client does by default. */
async function connect(account, negotiate = false) {
  const token = await login(account);
  const options = { accessTokenFactory: () => token, ...(negotiate ? {} : { transport: HttpTransportType.WebSockets, skipNegotiation: true }) };
  const connection = new HubConnectionBuilder().withUrl(target + '/hubs/dispatch', options).configureLogging(LogLevel.None).build();
  await connection.start();
  const who = { account, token, connection, watcher: null, invoke: (name, ...args) => connection.invoke(name, ...args) };
  open.push(who);
  return who;
}

/** Takes frames in as the contract says, and answers once a case stands as wanted. */
class Watcher {
  cards = new Map();
  gone = new Set();
  waiting = [];
  frames = 0;
  through = 0;

  constructor(who) {
    who.watcher = this;
    this.name = who.account;
    this.subscription = who.connection.stream('Watch', 0).subscribe({
      next: (frame) => this.take(frame),
      complete: () => {},
      error: (error) => fail(`${this.name}: the stream broke: ${error}`),
    });
  }

  take(frame) {
    if (!['snapshot', 'delta', 'beat', 'resync'].includes(frame.kind)) fail(`${this.name}: a frame of an unknown kind: ${JSON.stringify(frame)}`);
    if (this.frames++ === 0 && frame.kind !== 'snapshot') fail(`${this.name}: Watch(0) began with ${frame.kind}, not with a snapshot`);
    if (!frame.epoch || Number.isNaN(Date.parse(frame.serverTime))) fail(`${this.name}: a frame without epoch or time: ${JSON.stringify(frame)}`);
    if (frame.through < this.through) fail(`${this.name}: through went back from ${this.through} to ${frame.through}`);
    this.through = frame.through;
    for (const card of frame.calls) {
      const known = this.cards.get(card.callNo);
      if (known && known.version > card.version) fail(`${this.name}: version ${card.version} of ${card.callNo} came after ${known.version}`);
      this.cards.set(card.callNo, card);
    }
    for (const callNo of frame.gone) this.gone.add(callNo);
    this.waiting = this.waiting.filter((one) => !one());
  }

  /** @returns {Promise<any>} the card once it is in this state */
  until(callNo, state) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(
        `${this.name} did not see ${callNo} ${state} within ${SEEN_WITHIN} ms; last seen: ${JSON.stringify(this.cards.get(callNo))}`)), SEEN_WITHIN);
      const look = () => {
        const card = this.cards.get(callNo);
        if (card?.state !== state) return false;
        clearTimeout(timer);
        resolve(card);
        return true;
      };
      if (!look()) this.waiting.push(look);
    });
  }
}

/** The tracking page's events, collected until they are stopped. */
class Events {
  seen = [];
  waiting = [];

  constructor(code) {
    this.stop = new AbortController();
    this.ended = this.#read(code).catch((error) => { if (error.name !== 'AbortError') fail('the events of the tracking page broke: ' + error); });
  }

  async #read(code) {
    const answer = await fetch(`${target}/api/track/${code}/events`, { headers: { Accept: 'text/event-stream' }, signal: this.stop.signal });
    check(answer.status === 200 && answer.headers.get('content-type')?.startsWith('text/event-stream'), 'the events are an event stream');
    let text = '';
    for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
      text += part;
      const events = text.split('\n\n');
      text = events.pop();
      for (const event of events) {
        const data = event.split('\n').filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trim()).join('\n');
        if (!data) continue;
        this.seen.push(JSON.parse(data));
        this.waiting = this.waiting.filter((one) => !one());
      }
    }
  }

  until(state) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the tracking page was not told "${state}" within ${SEEN_WITHIN} ms: ${JSON.stringify(this.seen.map((one) => one.state))}`)), SEEN_WITHIN);
      const look = () => {
        const found = this.seen.find((one) => one.state === state);
        if (!found) return false;
        clearTimeout(timer);
        resolve(found);
        return true;
      };
      if (!look()) this.waiting.push(look);
    });
  }
}

function ok(reply, what) {
  check(reply?.ok === true && reply.code === 'ok', `${what} was refused: ${JSON.stringify(reply)}`);
  check(reply.call?.callNo, `${what} answers with the case`);
  return reply.call;
}

const number = (rows, code, digits) => String(rows.findIndex((row) => row.code === code) + 1).padStart(digits, '0');

async function run() {
  const street = await must('GET', '/api/street');
  for (const part of ['communities', 'grids', 'stations', 'teams', 'categories']) check(street[part]?.length > 0, `the street has ${part}`);
  const station = street.stations.find((one) => one.code === (wantedStation ?? street.stations[0].code));
  check(station, `there is a station ${wantedStation}`);
  const team = street.teams.find((one) => one.grids.includes(station.grid));
  check(team?.grids.length > 1, 'the team of the station has more than one grid');
  const accounts = {
    worker: 'grid' + number(street.grids, station.grid, 3),
    second: 'police' + number(street.teams, team.code, 2),
    stranger: 'grid' + number(street.grids, team.grids.find((grid) => grid !== station.grid), 3),
  };
  step(`the street: station ${station.code} in grid ${station.grid} of team ${team.code}; ${JSON.stringify(accounts)}`);

  const wrong = await ask('POST', '/api/login', { body: { userName: accounts.worker, password: 'not the password' } });
  check(wrong.status === 401 && wrong.body.code === 'wrong_password', `a wrong password is a 401 wrong_password, not ${wrong.status} ${wrong.body?.code}`);

  const [worker, second, stranger, duty] = await Promise.all([
    connect(accounts.worker), connect(accounts.second), connect(accounts.stranger), connect('duty', true)]);
  const auditor = await login('auditor');
  new Watcher(worker);
  new Watcher(duty);
  step('signed in: worker, second member, a third, auditor (WebSockets without negotiation) and duty (with negotiation)');

  const category = street.categories.find((one) => one.level === 'S2') ?? street.categories[0];
  const whistle = { station: station.code, category: category.code, description: 'Water stands in front of entrance 2.', contact: { name: '王', phone: '13800001234' } };
  const key = 'npm-' + crypto.randomUUID();
  const receipt = await must('POST', '/api/whistles', { body: whistle, key }, 201);
  const { callNo, trackingCode } = receipt;
  check(/^[A-Z0-9-]{8,24}$/.test(callNo), `the number ${callNo} has the promised form`);
  check(/^[A-Za-z0-9_-]{22,}$/.test(trackingCode), 'the tracking code is URL-safe and long enough for 128 bits');
  check(receipt.trackingUrl.includes(trackingCode), 'the tracking address holds the code');
  check(['accept', 'arrive', 'resolve'].every((kind) => receipt.answers.some((answer) => answer.kind === kind && Date.parse(answer.due) > Date.parse('2020-01-01'))),
    `three answers are promised: ${JSON.stringify(receipt.answers)}`);
  step(`blown: ${callNo}`);

  const again = await must('POST', '/api/whistles', { body: whistle, key }, 201);
  check(again.callNo === callNo && again.trackingCode === trackingCode, `the same key and body gave ${again.callNo}, not ${callNo}`);
  const other = await ask('POST', '/api/whistles', { body: { ...whistle, description: 'Something else.' }, key });
  check(other.status === 422 && other.body.code === 'idempotency_key_reused', `the same key with another body is a 422, not ${other.status} ${other.body?.code}`);
  check(other.body.title && other.body.detail && other.body.status === 422, `a refusal is a problem with its sentences: ${JSON.stringify(other.body)}`);
  step('blown again with the same key: the same case; with another body: 422');

  const events = new Events(trackingCode);
  const [rings, onDesk] = await Promise.all([worker.watcher.until(callNo, 'ringing'), duty.watcher.until(callNo, 'ringing')]);
  for (const card of [rings, onDesk]) {
    check(card.version === 1 && card.category === category.code && card.grid === station.grid && card.station === station.code && card.teams.includes(team.code), `the card is that of the whistle: ${JSON.stringify(card)}`);
    check(!JSON.stringify(card).includes('13800001234') && !JSON.stringify(card).includes('entrance 2'), 'the card holds no person and no free text');
  }
  await events.until('ringing');
  step('rings on the team and stands on the desk');

  const replies = await Promise.all([worker, second].map(async (who) => ({ who, reply: await who.invoke('Accept', callNo) })));
  const winners = replies.filter((one) => one.reply.ok);
  check(winners.length === 1, `exactly one wins, not ${winners.length}: ${JSON.stringify(replies.map((one) => one.reply))}`);
  const winner = winners[0].who;
  const lost = replies.find((one) => !one.reply.ok);
  const post = winner === worker ? ['gridWorker', '网格员', 'grid worker'] : ['police', '社区民警', 'community police'];
  check(lost.reply.code === 'already_accepted', `the loser's code is already_accepted, not ${lost.reply.code}`);
  check(lost.reply.message.includes(team.code) && lost.reply.message.includes(post[1]), `the loser's sentence names team and post: ${lost.reply.message}`);
  check(lost.reply.messageEn.includes(team.code) && lost.reply.messageEn.includes(post[2]), `and in English: ${lost.reply.messageEn}`);
  check(lost.reply.call?.lead?.team === team.code && lost.reply.call.lead.post === post[0], `and so does its case: ${JSON.stringify(lost.reply.call?.lead)}`);
  const repeat = ok(await winner.invoke('Accept', callNo), "the winner's repeat");
  check(repeat.version === winners[0].reply.call.version, "the winner's repeat changes nothing");
  step(`accepted at once by two: ${winner.account} won, the other was told “${lost.reply.message}”`);

  const early = await ask('POST', `/api/track/${trackingCode}/evaluation`, { body: { solved: true, satisfaction: 'satisfied', words: '' } });
  check(early.status === 409 && early.body.code, `an evaluation before its time is a 409, not ${early.status}`);
  check((await winner.invoke('Resolve', callNo, 'Too early.')).ok === false, 'nothing is resolved before the arrival');
  ok(await winner.invoke('Arrive', callNo), 'Arrive');
  await duty.watcher.until(callNo, 'onScene');
  ok(await winner.invoke('Resolve', callNo, 'The drain is clear.'), 'Resolve');
  await Promise.all([duty.watcher.until(callNo, 'resolved'), events.until('resolved')]);
  step('arrived and resolved');

  const own = await worker.invoke('Verify', callNo, true, '');
  if (winner === worker) check(own.ok === false && own.code === 'took_part', `who took part cannot verify, but: ${JSON.stringify(own)}`);
  if (!own.ok) {
    const police = await second.invoke('Verify', callNo, true, '');
    check(police.ok === false && ['not_grid_worker', 'took_part'].includes(police.code), `police do not verify, but: ${JSON.stringify(police)}`);
    ok(await stranger.invoke('Verify', callNo, true, 'Seen on the spot.'), 'Verify by a grid worker who took no part');
  }
  await Promise.all([duty.watcher.until(callNo, 'verified'), events.until('verified')]);
  step(`verified by ${own.ok ? worker.account : stranger.account}, who took no part`);

  const evaluated = await must('POST', `/api/track/${trackingCode}/evaluation`, { body: { solved: true, satisfaction: 'satisfied', words: 'Thank you.' } });
  check(evaluated.callNo === callNo && evaluated.state === 'closed', `the evaluation closes the case: ${JSON.stringify(evaluated)}`);
  await Promise.all([duty.watcher.until(callNo, 'closed'), events.until('closed')]);
  const board = await must('GET', '/api/board?limit=5000', { token: duty.token });
  check(board.calls.every((card) => card.callNo !== callNo), 'a closed case leaves the board');
  const versions = events.seen.map((one) => one.version);
  check(versions.every((version, i) => i === 0 || version > versions[i - 1]), `the tracking page's events are in order: ${versions}`);
  step(`evaluated and closed; the tracking page was told ${events.seen.map((one) => one.state).join(' → ')}`);

  const forbidden = await ask('GET', '/api/journal?after=0&limit=10', { token: duty.token });
  check(forbidden.status === 403 && forbidden.body.code === 'forbidden', `the journal is for auditors: ${forbidden.status}`);
  let last = 0;
  const mine = [];
  for (let page; ; ) {
    page = await must('GET', `/api/journal?after=${last}&limit=${PAGE}`, { token: auditor });
    for (const line of page.entries) {
      check(line.seq === last + 1, `the journal has a gap: ${line.seq} after ${last}`);
      last = line.seq;
      if (line.callNo === callNo) mine.push(line);
    }
    if (page.entries.length === 0 || last >= page.head) break;
  }
  check(mine.every((line, i) => line.version === i + 1), `the case's versions have no hole: ${mine.map((line) => line.version)}`);
  for (const what of ['whistled', 'accepted', 'arrived', 'resolved', 'verified', 'evaluated'])
    check(mine.some((line) => line.what === what), `the journal holds "${what}": ${mine.map((line) => line.what)}`);
  check(!JSON.stringify(mine).includes('13800001234') && !JSON.stringify(mine).includes('entrance 2'), 'the journal holds no person and no free text');
  step(`the journal: ${last} entries without a gap; of the case: ${mine.map((line) => line.what).join(', ')}`);

  events.stop.abort();
  await events.ended;
}

try {
  await run();
  for (const who of open) who.watcher?.subscription.dispose();
  await Promise.all(open.map((who) => who.connection.stop()));
  console.log('All as promised.');
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}
