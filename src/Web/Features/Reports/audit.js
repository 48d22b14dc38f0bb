// For auditors: the journal as written, without gaps, and who accessed whose texts.

import { fromAddress, to, toAddress } from '../../js/kernel/ask.js';
import { read, refusalOf, request } from '../../js/kernel/client.js';
import { span } from '../../js/case/clock.js';
import { detailWords } from '../../js/case/detail.js';
import { $, h, setText } from '../../js/kernel/dom.js';
import { html, nothing, render } from '../../lib/lit/lit.js';
import { insist } from '../../js/case/link.js';
import { loadStreet, partyName } from '../../js/kernel/street.js';
import { w, wordOf } from '../../js/kernel/words.js';

const PAGE = 100;
const NUMBERS = ['seq', 'id', 'version'];
const form = /** @type {HTMLFormElement} */ ($('filters'));
const reads = new URLSearchParams(location.search).get('tab') === 'reads';
const callNo = () => /** @type {HTMLInputElement} */ (form.elements.namedItem('callNo')).value.trim().toUpperCase();
const exact = new Intl.DateTimeFormat('zh-CN', { dateStyle: 'short', timeStyle: 'medium', timeZone: 'Asia/Shanghai', hour12: false });

/** @typedef {import('../../js/contracts.js').AuditLine} JournalLine */
/** @typedef {import('../../js/contracts.js').ReadLine} ReadLine */

/** @type {JournalLine[]} */
let entries = [];
/** @type {ReadLine[]} */
let looks = [];

/** @param {string[]} columns @param {unknown} rows */
const table = (columns, rows) => html`<div class="table" tabindex="0" role="group" aria-label=${w('ui.audit.title')}><table>
  <thead><tr>${columns.map((column) => html`<th scope="col" class=${NUMBERS.includes(column) ? 'n' : nothing}>${w('ui.audit.' + column)}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;

/** @param {string} no */
const toCase = (no) => h('a.no', { href: to('/audit', { tab: reads ? 'reads' : null, callNo: no }) }, no);

/** What the filter calls each post: by its place and kind, never by who holds it. */
const posts = new Map([.../** @type {HTMLSelectElement} */ (form.elements.namedItem('by')).options].map((option) => [option.value, option.text]));

/** Who it was: a called party by its name, a post by its place and kind. @param {string} id */
const post = (id) => (id.startsWith('party-') ? partyName(id.slice('party-'.length)) : posts.get(id) ?? wordOf('post.', id));

/** What is asked for, without empty fields. */
const asked = () => Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, name === 'callNo' ? callNo() : String(value)]).filter(([, value]) => value));

/** Whether lines are left out: then their numbers cannot be without gaps. */
const isFiltered = () => Object.keys(asked()).some((name) => name !== 'callNo');

/** What else an entry says, in the words of a case's timeline; of a matter's facts, which the file has whole, their names. @param {JournalLine} line */
function about(line) {
  const parts = line.detail.map((code) => (code.startsWith('{') ? JSON.parse(code).$type : detailWords(code, toCase))).filter((part) => part !== '');
  return parts.length === 0 ? '–' : parts.flatMap((part, i) => (i === 0 ? [part] : [w('ui.and'), part]));
}

/** @param {JournalLine} line */
const journalRow = (line) => html`<tr>
  <th scope="row" class="n">${line.seq}</th><td class="nowrap">${exact.format(Date.parse(line.at))}</td><td class="nowrap">${toCase(line.callNo)}</td><td class="n">${line.version}</td>
  <td class="nowrap">${wordOf('ui.what.', line.what)}${line.answer ? w('ui.about', wordOf('ui.kind.', line.answer.replace(/\d+$/, ''))) : nothing}</td><td class="who">${post(line.by)}</td>
  <td class="nowrap">${line.due ? span(-Math.max(0, Date.parse(line.at) - Date.parse(line.due))) : '–'}</td><td>${about(line)}</td></tr>`;

/** @param {ReadLine} line */
const readRow = (line) => html`<tr>
  <th scope="row" class="n">${line.id}</th><td class="nowrap">${exact.format(Date.parse(line.at))}</td><td class="nowrap">${toCase(line.callNo)}</td><td class="who">${line.post ? post(line.post) : wordOf('post.', line.by)}</td>
  <td class="nowrap">${wordOf('ui.looked.', line.looked)}</td><td>${line.reason ?? '–'}</td></tr>`;

/** @param {() => void} go @param {boolean} has */
const more = (go, has) => (has ? html`<p class="more-row"><button class="button plain" id="more" type="button" @click=${go}>${w('ui.history.more')}</button></p>` : nothing);

/** @param {string} problem */
const fail = (problem) => render(html`<p class="error-box" role="alert">${problem}</p>`, $('found'));

/** Whether every sequence number from the first shown to the last is present. */
const whole = () => entries.every((entry, i) => i === 0 || entry.seq === entries[i - 1].seq - 1);

/** @param {number} [below] */
async function journal(below) {
  const no = callNo();
  const head = below === undefined && !no ? await read('/api/journal?limit=1') : null;
  if (head && 'problem' in head) return fail(head.problem);
  const end = below ?? (head ? head.value.head + 1 : 0);
  const from = Math.max(0, end - 1 - PAGE);
  const answer = await read(no ? to('/api/journal', { callNo: no }) : to('/api/journal', { after: from, limit: Math.max(1, end - 1 - from) }));
  if ('problem' in answer) return fail(answer.problem);
  entries = [...(below === undefined ? [] : entries), ...answer.value.entries.reverse()];
  setText($('help'), no ? w('ui.audit.ofCase', no) : w(whole() ? 'ui.audit.whole' : 'ui.audit.hole', entries.at(-1)?.seq ?? 0, entries[0]?.seq ?? 0));
  render(html`${table(['seq', 'at', 'case', 'version', 'what', 'kind', 'late', 'detail'], entries.map(journalRow))}${more(() => journal(entries.at(-1)?.seq), !no && from > 0)}`, $('found'));
}

/** The lines that match the filters. @param {number|null} [before] */
async function matching(before) {
  const answer = await read(to('/api/audit/journal', { ...asked(), before }));
  if ('problem' in answer) return fail(answer.problem);
  entries = [...(before ? entries : []), ...answer.value.entries];
  setText($('help'), w('ui.audit.filtered'));
  render(entries.length === 0 ? html`<p class="empty">${w('ui.audit.none')}</p>`
    : html`${table(['seq', 'at', 'case', 'version', 'what', 'kind', 'late', 'detail'], entries.map(journalRow))}${more(() => matching(answer.value.next), answer.value.next)}`, $('found'));
}

/** @param {number|null} [before] */
async function looked(before) {
  const answer = await read(to('/api/reads', { ...asked(), before }));
  if ('problem' in answer) return fail(answer.problem);
  looks = [...(before ? looks : []), ...answer.value.reads];
  setText($('help'), w('ui.audit.readsHelp'));
  render(looks.length === 0 ? html`<p class="empty">${w('ui.audit.none')}</p>`
    : html`${table(['id', 'at', 'case', 'kind', 'looked', 'reason'], looks.map(readRow))}${more(() => looked(answer.value.next), answer.value.next)}`, $('found'));
}

/** Takes what matches away as a file; a refusal is said on the page. */
async function takeFile() {
  const answer = await request(to(reads ? '/api/reads.csv' : '/api/audit/journal.csv', asked())).catch(() => null);
  if (!answer?.ok) return fail(answer ? await refusalOf(answer) : w('ui.detail.failed'));
  const url = URL.createObjectURL(await answer.blob());
  h('a', { href: url, download: reads ? 'reads.csv' : 'journal.csv' }).click();
  URL.revokeObjectURL(url);
}

const look = () => (reads ? looked() : isFiltered() ? matching() : journal());

async function start() {
  await insist(loadStreet);
  $('found').replaceChildren();
  const [journalTab, readsTab] = $('tabs').children;
  (reads ? readsTab : journalTab).setAttribute('aria-current', 'page');
  fromAddress(form);
  form.addEventListener('submit', (event) => { event.preventDefault(); toAddress(form); look(); });
  $('file').addEventListener('click', takeFile);
  await look();
}

await start();
