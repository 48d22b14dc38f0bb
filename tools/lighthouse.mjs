// See lighthouse.sh. Signs in as a person does, blows a whistle, and asks Lighthouse about each page, with the defaults of a phone on slow 4G.

import lighthouse from 'lighthouse';
import puppeteer from 'puppeteer-core';

const LEAST = 98;
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];

const [url] = process.argv.slice(2);
const browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--lang=zh-CN'] });
const port = Number(new URL(browser.wsEndpoint()).port);
let failed = false;
try {
  const page = await browser.newPage();
  await page.goto(url + '/signin?returnUrl=/m');
  await page.type('#user', 'grid026'); // of the grid of station 01
  await page.type('#password', 'mulin-demo-2026');
  await Promise.all([page.waitForNavigation(), page.click('main form[method=post] button[type=submit]')]);
  const receipt = await (await fetch(url + '/api/whistles', {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ station: '01', category: '02', description: 'Water stands at entrance 2.' }),
  })).json();
  for (const path of ['/s/01', receipt.trackingUrl, '/m']) failed = !(await look(path)) || failed;
  await page.close();
} finally {
  await browser.close();
}
process.exit(failed ? 1 : 0);

/** @param {string} path */
async function look(path) {
  const { lhr } = await lighthouse(url + path, { port, output: 'json', logLevel: 'error', disableStorageReset: true, onlyCategories: CATEGORIES });
  const scores = CATEGORIES.map((category) => Math.round(lhr.categories[category].score * 100));
  const shown = path.startsWith('/t/') ? '/t/…' : path;
  console.log(`${shown.padEnd(8)} ${CATEGORIES.map((category, i) => `${category} ${scores[i]}`).join(' · ')} · first paint ${lhr.audits['first-contentful-paint'].displayValue}, largest ${lhr.audits['largest-contentful-paint'].displayValue}, blocked ${lhr.audits['total-blocking-time'].displayValue}`);
  for (const [i, category] of CATEGORIES.entries()) {
    if (scores[i] >= LEAST) continue;
    for (const { id } of lhr.categories[category].auditRefs) {
      const audit = lhr.audits[id];
      if (audit.score !== null && audit.score < 0.9) console.log(`  ${category}: ${id} ${audit.displayValue ?? ''} ${audit.title}`);
    }
  }
  return scores.every((score) => score >= LEAST);
}
