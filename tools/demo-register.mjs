// Writes src/Hub/Register/Demo/register.csv: the register of the fictitious demo street, from its communities and grids. Everybody in it is invented, by counting.
// Usage: node tools/demo-register.mjs [--check]
import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';

const ROOT = new URL('../', import.meta.url);
const FILE = new URL('src/Hub/Register/Demo/register.csv', ROOT);
const rows = (/** @type {string} */ name) => {
  const [head, ...lines] = readFileSync(new URL(`src/Hub/Street/Demo/${name}`, ROOT), 'utf8').replace(/^\ufeff/, '').trim().split(/\r?\n/);
  const columns = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [columns[i], cell])));
};
const [communities, grids] = [rows('communities.csv'), rows('grids.csv')];
const COLUMNS = ['code', 'kind', 'name', 'name_en', 'place', 'from', 'until', 'holds', 'person', 'phone', 'mobile', 'hours', 'use', 'members', 'steps', 'licence', 'licenceUntil', 'firm', 'supervision', 'term', 'offers', 'tile', 'scope', 'does', 'address', 'about', 'office', 'side', 'team', 'skills', 'households', 'floors', 'lifts', 'household', 'people', 'keyHousehold', 'partyHousehold', 'emptyHousehold', 'care'];
/** @type {string[][]} */
const made = [];
const add = (/** @type {Record<string, string|number>} */ entry) => made.push(COLUMNS.map((column) => String(entry[column] ?? '')));
const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
const FAMILY = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜';
const GIVEN = ['安宁', '伯言', '承志', '丹青', '尔雅', '方圆', '广平', '海清', '敬之', '克勤', '乐山', '明远', '念慈', '平川', '其琛', '若水', '思齐', '廷玉', '文渊', '希贤', '亦诚', '致远'];
let counted = 0;
const person = () => FAMILY[counted % FAMILY.length] + GIVEN[counted++ % GIVEN.length];
// 1990000xxxx is given to nobody; 555 numbers neither.
let numbered = 0;
const mobile = () => `1990000${String(++numbered).padStart(4, '0')}`;
const duty = () => `0632-555${String(2000 + ++numbered).slice(-4)}`;
const gridsOf = (/** @type {string} */ community) => grids.filter((grid) => grid.community === community);
const short = (/** @type {string} */ name) => name.replace(/社区$/, '');

// Parties of the policy, as departments and units that hold their roles for the whole street.
for (const [code, name, en, kind] of [['enforcement', '综合执法中队', 'Enforcement squad', 'department'], ['housing', '住建所', 'Housing office', 'department'], ['market', '市场监管所', 'Market office', 'department'], ['police', '派出所', 'Police station', 'department'], ['fire', '消防救援站', 'Fire station', 'department'], ['water', '供水公司', 'Water company', 'partner'], ['gas', '燃气公司', 'Gas company', 'partner'], ['power', '供电所', 'Power company', 'partner'], ['heating', '供热公司', 'Heating company', 'partner'], ['lift', '电梯维保站', 'Lift maintenance', 'partner']]) add({ code: `d-${code}`, kind, name, name_en: en, place: 'street', holds: `${code}@street`, phone: duty() });

// 37 branches: each grid has exactly one.
let branch = 0;
const spare = 37 - 2 * communities.length;
communities.forEach((community, i) => {
  const own = gridsOf(community.code);
  const count = Math.min(own.length, 2 + (i < spare ? 1 : 0));
  for (let n = 0; n < count; n++) {
    const held = own.filter((_, at) => at % count === n);
    add({ code: `branch-${two(++branch)}`, kind: 'branch', name: `${short(community.name)}第${'一二三四'[n]}网格党支部`, name_en: `${community.name_en} branch ${n + 1}`, place: `community:${community.code}`, holds: held.map((grid) => `branch@grid:${grid.code}`).join(';'), person: person(), phone: duty() });
  }
});

communities.forEach((community, i) => {
  const place = `community:${community.code}`;
  const [name, en] = [short(community.name), community.name_en];
  const own = gridsOf(community.code);
  add({ code: `committee-${community.code}`, kind: 'committee', name: `${name}社区大党委`, name_en: `${en} joint committee`, place, hours: '每月第一个周五 15:00' });
  add({ code: `adviser-${community.code}`, kind: 'adviser', name: `${name}社区法律顾问`, name_en: `Legal adviser of ${en}`, place, person: person(), firm: `演示第${1 + (i % 4)}律师事务所`, licence: `13704DEMO${two(i + 1)}`, licenceUntil: `${2028 + (i % 3)}-06-30`, supervision: '0632-5552900', hours: '周二、周四 09:00–11:30', mobile: mobile() });
  add({ code: `venue-${community.code}`, kind: 'venue', name: `${name}社区党群服务中心`, name_en: `${en} service centre`, place, hours: '08:30–17:30', use: '办事、议事、调解' });
  add({ code: `brand-${community.code}`, kind: 'brand', name: ['事事如意', '四个一', '暖心365', '一呼三应', '智慧社区'][i % 5], name_en: ['All well', 'Four ones', 'Warm 365', 'One call three answers', 'Smart community'][i % 5], place, about: '演示街道的社区品牌' });
  add({ code: `property-${community.code}`, kind: 'property', name: `${name}物业服务公司`, name_en: `${en} property company`, place, holds: `property@${place}`, phone: duty(), licence: '演示物业备案' });
  add({ code: `seconded-${community.code}`, kind: 'seconded', name: `${name}下沉干部`, name_en: `Seconded official of ${en}`, place, person: person(), mobile: mobile(), office: '街道办事处' });
  // The chain: 社区党委 – 网格支部 – 网格员 – 信息员.
  const first = own[0];
  const estate = `estate-${first.code}`;
  add({ code: estate, kind: 'estate', name: `${name}小区`, name_en: `${en} estate`, place: `grid:${first.code}`, households: 24 });
  add({ code: `owners-${first.code}`, kind: 'owners', name: `${name}小区业主委员会`, name_en: `Owners' committee of ${en} estate`, place: estate, term: `${2027 + (i % 3)}-12-31` });
  for (let b = 1; b <= 3; b++) {
    const building = `building-${first.code}-${b}`;
    add({ code: building, kind: 'building', name: `${name}小区${b}号楼`, name_en: `${en} estate, building ${b}`, place: estate, floors: 6, lifts: b === 3 ? 1 : 0 });
    add({ code: `head-${first.code}-${b}`, kind: 'building-head', name: `${b}号楼楼长`, name_en: `Head of building ${b}`, place: building, person: person(), mobile: mobile() });
    if (b === 1) add({ code: `informant-${first.code}`, kind: 'informant', name: `${name}信息员`, name_en: `Informant of ${en}`, place: building, person: person(), mobile: mobile() });
    const unit = `${building}-1`;
    add({ code: unit, kind: 'unit', name: `${b}号楼1单元`, name_en: `Building ${b}, unit 1`, place: building });
    for (let floor = 1; floor <= 4; floor++)
      for (const side of ['01', '02']) {
        const n = counted;
        add({ code: `${unit}-${floor}${side}`, kind: 'door', name: `${b}号楼1单元${floor}${side}`, name_en: `Building ${b}, unit 1, ${floor}${side}`, place: unit, household: person(), people: 1 + (n % 5), keyHousehold: n % 11 === 0 ? 'yes' : 'no', partyHousehold: n % 7 === 0 ? 'yes' : 'no', emptyHousehold: n % 13 === 0 ? 'yes' : 'no', care: n % 11 === 0 ? '行动不便，敲门后等两分钟' : '' });
      }
  }
});

// 60 councils, 241 deliberation lines, 120 merchants, 190 volunteers over the grids.
for (let n = 0; n < 60; n++) {
  const grid = grids[(n * 2) % grids.length];
  add({ code: `council-${two(n + 1)}`, kind: 'council', name: `${grid.name}议事会`, name_en: `Council of ${grid.name_en}`, place: `grid:${grid.code}`, members: '居委会、业委会、物业、驻区单位、商圈市场、商务楼宇' });
}
for (let n = 0; n < 241; n++) {
  const grid = grids[n % grids.length];
  add({ code: `line-${String(n + 1).padStart(3, '0')}`, kind: 'line', name: `${grid.name}协商链${1 + Math.floor(n / grids.length)}`, name_en: `Deliberation line ${1 + Math.floor(n / grids.length)} of ${grid.name_en}`, place: `grid:${grid.code}`, steps: '楼栋—网格—社区' });
}
const TILES = ['oil', 'wear', 'eat', 'live', 'move', 'rest'];
const SHOPS = { oil: '便民超市', wear: '裁缝铺', eat: '早餐店', live: '五金修理', move: '电动车修理', rest: '茶室' };
const SHOPS_EN = { oil: 'Grocer', wear: 'Tailor', eat: 'Breakfast', live: 'Repairs', move: 'Scooter repairs', rest: 'Tea room' };
for (let n = 0; n < 120; n++) {
  const [grid, tile] = [grids[(n * 7) % grids.length], TILES[n % TILES.length]];
  add({ code: `merchant-${String(n + 1).padStart(3, '0')}`, kind: 'merchant', name: `${grid.name}${SHOPS[tile]}`, name_en: `${SHOPS_EN[tile]}, ${grid.name_en}`, place: `grid:${grid.code}`, tile, scope: SHOPS[tile], hours: '08:00–20:00' });
}
const SKILLS = ['急救', '法律', '水电', '助教', '心理', '应急'];
for (let n = 0; n < 190; n++) {
  const grid = grids[(n * 11) % grids.length];
  add({ code: `volunteer-${String(n + 1).padStart(3, '0')}`, kind: 'volunteer', name: `${grid.name}志愿者`, name_en: `Volunteer of ${grid.name_en}`, place: `grid:${grid.code}`, person: person(), mobile: mobile(), team: ['red', 'blue', 'white'][n % 3], skills: SKILLS[n % SKILLS.length], hours: '周末' });
}
for (let n = 0; n < 30 - 5; n++) add({ code: `partner-${two(n + 1)}`, kind: 'partner', name: `演示双报到单位${n + 1}`, name_en: `Partner unit ${n + 1}`, place: 'street', holds: `member>committee-${communities[n % communities.length].code}@community:${communities[n % communities.length].code}`, phone: duty(), offers: '认领两件实事' });
['老贾工作室', '和合调解室', '黄金警务室', '君雅说法'].forEach((name, n) => add({ code: `room-${n + 1}`, kind: 'mediation', name, name_en: ["Lao Jia's studio", 'Hehe mediation room', 'Golden police room', 'Junya on the law'][n], place: n === 0 ? 'street' : `community:${communities[n].code}`, phone: duty(), hours: '周一至周五 09:00–17:00', does: ['邻里、家庭', '物业、相邻', '治安、债务', '合同、劳动'][n] }));
for (let n = 0; n < 4; n++) add({ code: `firm-${n + 1}`, kind: 'law-firm', name: `演示第${n + 1}律师事务所`, name_en: `Demo law firm ${n + 1}`, place: 'street', address: '演示路' });
for (const [n, name] of ['孝文化长廊', '书法展厅', '国学长廊', '小红船书屋', '党史展馆'].entries()) add({ code: `hall-${n + 1}`, kind: 'venue', name, name_en: ['Filial piety gallery', 'Calligraphy hall', 'Classics gallery', 'Little red boat library', 'Party history hall'][n], place: 'street', hours: '09:00–17:00', use: '参观' });
for (const [n, name] of ['工会', '共青团', '妇联'].entries()) add({ code: `group-${n + 1}`, kind: 'group', name: `街道${name}`, name_en: ['Trade union', 'Youth league', "Women's federation"][n], place: 'street', phone: duty() });

const text = [COLUMNS, ...made].map((row) => row.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')).join('\n') + '\n';
if (process.argv.includes('--check')) process.exitCode = readFileSync(FILE, 'utf8') === text ? 0 : 1;
else {
  mkdirSync(new URL('.', FILE), { recursive: true });
  writeFileSync(FILE, text);
  console.log(`${made.length} entries`);
}
