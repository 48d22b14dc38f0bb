// One whistle from start to end, by openapi-fetch and the types that openapi-typescript makes of docs/openapi.json (here "dispatch-openapi"): tsc checks
// every path, body and answer below against them.
// node openapi.mjs http://127.0.0.1:5080 password      Exit code 1 with words on any deviation.
import createClient from 'openapi-fetch';

/** @typedef {import('dispatch-openapi').paths} paths */
/** @typedef {import('dispatch-openapi').components['schemas']['CallState']} CallState */

const [target, password] = /** @type {any} */ (globalThis).process.argv.slice(2);
if (!target || !password) throw new Error('usage: node openapi.mjs URL password');

/** @type {(holds: unknown, words: string) => asserts holds} */
const check = (holds, words) => {
  if (!holds) throw new Error(words);
};

/** @param {string} [token] @returns {ReturnType<typeof createClient<paths>>} */
const client = (token) => createClient({ baseUrl: target, headers: token ? { Authorization: `Bearer ${token}` } : {} });

const caller = client();

/** @param {string} userName */
async function signIn(userName) {
  const { data } = await caller.POST('/api/login', { body: { userName, password } });
  check(data, `${userName} signs in`);
  return client(data.accessToken);
}

const [worker, late, verifier] = await Promise.all(['grid034', 'grid035', 'grid036'].map(signIn));
const blown = await caller.POST('/api/whistles', { body: { grid: '034', category: '02', description: 'Water in the stairwell.' }, params: { header: { 'Idempotency-Key': 'openapi-0001' } } });
check(blown.data, 'a whistle is taken');
const { callNo: no, trackingCode: code } = blown.data;
const path = { no };

/** @param {CallState | undefined} state @param {CallState} wanted */
const stands = (state, wanted) => check(state === wanted, `${no} is ${state}, not ${wanted}`);

stands((await worker.POST('/api/calls/{no}/accept', { params: { path } })).data?.call?.state, 'accepted');
const second = await late.POST('/api/calls/{no}/accept', { params: { path } });
check(second.error?.code === 'already_accepted' && second.error.winner?.post === 'gridWorker', `a lost race is a problem with its winner: ${JSON.stringify(second.error)}`);
stands((await worker.POST('/api/calls/{no}/arrive', { params: { path } })).data?.call?.state, 'onScene');
stands((await worker.POST('/api/calls/{no}/resolve', { params: { path }, body: { report: 'The valve is closed.' } })).data?.call?.state, 'resolved');
stands((await verifier.POST('/api/calls/{no}/verify', { params: { path }, body: { passed: true, note: 'Dry.' } })).data?.call?.state, 'verified');
const rated = await caller.POST('/api/track/{code}/evaluation', { params: { path: { code } }, body: { solved: true, satisfaction: 'mostlySatisfied' } });
stands(rated.data?.state, 'closed');
console.log('All as documented.');
