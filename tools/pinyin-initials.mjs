// Writes src/Hub/Register/pinyin-initials.txt: the first letter of the pinyin of each character from U+4E00 to U+9FA5, in their order, by the order of Unicode's pinyin collation
// (CLDR, which Node carries). A character with several readings has the letter of the one that the collation takes for its own.
// Usage: node tools/pinyin-initials.mjs [--check]
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = new URL('../src/Hub/Register/pinyin-initials.txt', import.meta.url);
const [FIRST, LAST, WIDTH] = [0x4e00, 0x9fa5, 100];
// The first character of each letter in that order.
const BEGINS = { a: '吖', b: '八', c: '嚓', d: '咑', e: '妸', f: '发', g: '旮', h: '哈', j: '丌', k: '咔', l: '垃', m: '呣', n: '拏', o: '喔', p: '妑', q: '七', r: '呥', s: '仨', t: '他', w: '屲', x: '夕', y: '丫', z: '帀' };

const order = new Intl.Collator('zh-u-co-pinyin').compare;
const letters = Object.entries(BEGINS);
const initial = (/** @type {string} */ char) => letters.findLast(([, begin]) => order(begin, char) <= 0)?.[0] ?? '-';
let text = '';
for (let code = FIRST; code <= LAST; code++) text += initial(String.fromCodePoint(code));
const lines = text.match(new RegExp(`.{1,${WIDTH}}`, 'g')).join('\n') + '\n';
if (process.argv.includes('--check')) process.exitCode = readFileSync(FILE, 'utf8') === lines ? 0 : 1;
else writeFileSync(FILE, lines);
