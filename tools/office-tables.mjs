// Has spreadsheet programs save tables as offices do, for tests/data/tables. Needs LibreOffice Calc (soffice) and Gnumeric (ssconvert); tests need neither, for what they save is
// committed. What each table is for, and what is expected of it, stands in tests/data/tables/tables.csv. With a name, such as own-street/, only what begins with it is saved anew.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folder = path.join(root, 'tests/data/tables');
const only = process.argv[2] ?? '';
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'office-tables-'));

const XLSX = 'xlsx:Calc MS Excel 2007 XML', TEXT = 'Text - txt - csv (StarCalc)';
const Encodings = { utf8: 76, gb18030: 85, utf16: 65535, ascii: 11 };
const Chinese = 2052;

/** How a program opens a text: UTF-8, in a language, with every column guessed or taken as text. */
const open = (language, columns = 0) => `CSV:44,34,76,1,${Array.from({ length: columns }, (_, i) => `${i + 1}/2`).join('/')},${language},false,${columns === 0}`;
/** How it saves one: as it shows the cells, or in its own language. */
const csv = (encoding = 'utf8', separator = ',', shown = true) => `csv:${TEXT}:${separator.charCodeAt(0)},34,${Encodings[encoding]},1,,0,false,${shown ? 'true' : 'false,false'}`;

/** Has LibreOffice open a file and save it under a name. */
function save(source, name, to, from) {
  if (!name.startsWith(only)) return;
  const out = path.join(work, 'out');
  fs.rmSync(out, { recursive: true, force: true });
  execFileSync('soffice', [`-env:UserInstallation=file://${work}/profile`, '--headless', ...(from ? [`--infilter=${from}`] : []), '--convert-to', to, '--outdir', out, source], { stdio: 'pipe' });
  const target = path.join(folder, name);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.copyFileSync(path.join(out, fs.readdirSync(out)[0]), target);
}

const text = (name, content) => {
  const file = path.join(work, name);
  fs.writeFileSync(file, content);
  return file;
};

const xml = (value) => String(value).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;').replace(/\n/g, '</text:p><text:p>');

/** A cell: a text, or {number}, {date}, {formula, result}, {error}, each with style, down (rows merged) and across. */
function cell(said) {
  const of = typeof said === 'object' && said !== null ? said : { text: said };
  const merged = (of.down ? ` table:number-rows-spanned="${of.down}" table:number-columns-spanned="1"` : '') + (of.across ? ` table:number-columns-spanned="${of.across}" table:number-rows-spanned="1"` : '');
  const style = of.style ? ` table:style-name="${of.style}"` : '';
  const formula = of.formula ? ` table:formula="of:=${xml(of.formula)}"` : '';
  if (of.number !== undefined) return `<table:table-cell${style}${formula}${merged} office:value-type="float" office:value="${of.number}"/>`;
  if (of.date) return `<table:table-cell${style}${merged} office:value-type="date" office:date-value="${of.date}"/>`;
  return `<table:table-cell${style}${formula}${merged} office:value-type="string"><text:p>${xml(of.text ?? '')}</text:p></table:table-cell>`;
}

/** A workbook with styles for numbers: two and three zeros, day and time. A sheet is {name, rows}; a row is an array, or {hidden, cells}. */
function book(name, sheets, since = 1899) {
  const rows = (sheet) => sheet.rows.map((row) => `<table:table-row${row.hidden ? ' table:visibility="collapse"' : ''}>${(row.cells ?? row).map(cell).join('')}</table:table-row>`).join('');
  const parts = ['year', 'month', 'day'].map((part) => `<number:${part} number:style="long"/>`).join('<number:text>/</number:text>');
  const time = '<number:text> </number:text><number:hours/><number:text>:</number:text><number:minutes number:style="long"/>';
  return text(`${name}.fods`, `<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:automatic-styles>
<number:number-style style:name="n2"><number:number number:decimal-places="0" number:min-integer-digits="2"/></number:number-style><number:number-style style:name="n3"><number:number number:decimal-places="0" number:min-integer-digits="3"/></number:number-style>
<number:date-style style:name="nd">${parts}</number:date-style><number:date-style style:name="nt">${parts}${time}</number:date-style>
${['2', '3', 'd', 't'].map((one) => `<style:style style:name="c${one}" style:family="table-cell" style:data-style-name="n${one}"/>`).join('')}
</office:automatic-styles><office:body><office:spreadsheet>${since === 1904 ? '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/></table:calculation-settings>' : ''}
${sheets.map((sheet) => `<table:table table:name="${xml(sheet.name)}">${rows(sheet)}</table:table>`).join('')}
</office:spreadsheet></office:body></office:document>`);
}

/** Changes the parts of a saved workbook in place, for what LibreOffice cannot save itself. */
function rewrite(name, change) {
  if (!name.startsWith(only)) return;
  const [file, inside] = [path.join(folder, name), fs.mkdtempSync(path.join(work, 'zip-'))];
  execFileSync('unzip', ['-q', file, '-d', inside]);
  for (const part of execFileSync('find', [inside, '-type', 'f'], { encoding: 'utf8' }).trim().split('\n'))
    if (/\.(xml|rels)$/.test(part)) fs.writeFileSync(part, change(fs.readFileSync(part, 'utf8'), path.basename(part)));
  fs.rmSync(file);
  execFileSync('zip', ['-q', '-r', '-X', file, '.'], { cwd: inside });
}

const staff = ['account', 'kind', 'place'];
const sheet = (rows, more) => ({ name: '人员', rows: [staff, ...rows], ...more });
const people = (mark) => `account,kind,place\n${mark}.one,网格员,001\n${mark}.two,物业,02\n${mark}.three,社区值班,03\n`;

// Accounts, as they come out of both programs.
for (const [name, to] of [['staff-numbers.xlsx', XLSX], ['staff-numbers.csv', csv()], ['staff-gb18030.csv', csv('gb18030', ';')], ['staff-utf16.csv', csv('utf16', '\t')], ['staff-ascii.csv', csv('ascii')], ['staff.xls', 'xls:MS Excel 97'], ['staff.ods', 'ods'], ['staff-web.xls', 'html']])
  save(text('staff.csv', people(name.replace(/\W/g, ''))), name, to, open(Chinese));
save(text('staff.csv', people('textcolumns')), 'staff-text.xlsx', XLSX, open(Chinese, 3));
if (!only) execFileSync('ssconvert', [text('staff.csv', people('gnumeric')), path.join(folder, 'staff-gnumeric.xlsx')], { stdio: 'pipe' });

// Accounts, as people lay them out.
const one = (name, sheets, to = XLSX) => save(book('book', sheets), name, to);
one('staff-title.xlsx', [{ name: '人员', rows: [[{ text: '睦邻街道人员名单', across: 4 }], [''], ['制表：', '办公室'], ['account', 'kind', '备注', 'place'], ['title.one', '网格员', '白班', { number: 1, style: 'c3' }], ['title.two', '物业', '', { number: 2, style: 'c2' }]] }]);
one('staff-title.csv', [{ name: '人员', rows: [[{ text: '睦邻街道人员名单', across: 3 }], staff, ['titlecsv.one', '网格员', '002'], ['titlecsv.two', '物业', '02']] }], csv('gb18030'));
one('staff-merged.xlsx', [sheet([['merged.one', { text: '物业', down: 2 }, { text: '03', down: 3 }], ['merged.two'], ['merged.three', '楼长'], ['merged.four', '网格员', '003']])]);
one('staff-merged.csv', [sheet([['mergedcsv.one', '物业', { text: '03', down: 2 }], ['mergedcsv.two', '楼长']])], csv());
one('staff-hidden.xlsx', [{ ...sheet([['nobody', '网格员', '001']]), name: '旧表' }, sheet([['hidden.one', '网格员', '004'], { hidden: true, cells: ['hidden.two', '物业', '04'] }, ['hidden.three', '门卫', '04']])]);
rewrite('staff-hidden.xlsx', (part, name) => (name === 'workbook.xml' ? part.replace('state="visible"', 'state="hidden"') : part));
one('staff-second-sheet.xlsx', [{ name: '说明', rows: [['填写说明'], ['岗位', '地点']] }, sheet([['second.one', '网格员', '005']]), { name: '空', rows: [['']] }]);
one('staff-two-sheets.xlsx', [sheet([['never.one', '网格员', '005']]), { ...sheet([['never.two', '网格员', '005']]), name: '补充' }]);
one('staff-no-header.xlsx', [{ name: '一', rows: [['账号', 'kind', 'place'], ['never', '物业', '01']] }, { name: '二', rows: [['x']] }]);
one('staff-formulas.xlsx', [sheet([[{ formula: '"formula"&"."&"one"', text: 'formula.one' }, '网格员', { formula: 'TEXT(3*2;"000")', text: '006' }], ['formula.two', '物业', { formula: '[.Z99]+4', number: 4, style: 'c2' }]])]);
one('staff-uncalculated.xlsx', [sheet([['uncalculated.one', '网格员', { formula: 'TEXT(7;"000")', text: '007' }], ['uncalculated.two', '物业', '04']])]);
rewrite('staff-uncalculated.xlsx', (part, name) => (name === 'sheet1.xml' ? part.replace(/(<\/f>)<v>[^<]*<\/v>/g, '$1') : part));
one('staff-errors.xlsx', [sheet([['errors.one', '网格员', { formula: 'NA()', text: '#N/A' }], ['errors.two', { formula: '1/0', number: 0 }, '04'], ['errors.three', '物业', '05', { formula: 'NA()', text: '#N/A' }]])]);
one('staff-errors.csv', [sheet([['errorscsv.one', '网格员', { formula: 'NA()', text: '#N/A' }], ['errorscsv.two', '物业', '05']])], csv());
one('staff-strict.xlsx', [sheet([['strict.one', '网格员', { number: 8, style: 'c3' }], ['strict.two', '物业', '04']])]);
rewrite('staff-strict.xlsx', (part) => part.replaceAll('http://schemas.openxmlformats.org/spreadsheetml/2006/main', 'http://purl.oclc.org/ooxml/spreadsheetml/main').replaceAll('http://schemas.openxmlformats.org/officeDocument/2006/', 'http://purl.oclc.org/ooxml/officeDocument/'));
one('staff-wide.csv', [sheet([['wide.one ', ' 网格员', '００９'], ['　wide.two', '物业\u00a0', ' ０４'], ['', '', ''], ['wide.four', '物业，保安', '04'], ['', '', '', '']])], csv());
one('staff-wrapped.csv', [{ name: '人员', rows: [['account', '备注', 'kind', 'place'], ['wrapped.one', '白班\n“早”8点', '网格员', '010'], ['wrapped.two', '', '网\n格员', '011'], ['wrapped.three', '', '物业', '99']] }], csv());
if (!only) fs.writeFileSync(path.join(folder, 'staff-wide-commas.csv'), 'account，kind，place\nnever，网格员，001\n');
if (!only) fs.writeFileSync(path.join(folder, 'staff-sep.csv'), 'sep=;\r\naccount;kind;place\r\nsep.one;网格员;012\r\n');

// A roster as the program writes it, saved again.
const roster = path.join(folder, 'roster-exported.csv');
save(roster, 'roster-saved.xlsx', XLSX, open(Chinese));
save(roster, 'roster-saved.csv', csv(), open(Chinese));
save(roster, 'roster-saved-gb18030.csv', csv('gb18030', '\t'), open(Chinese));
if (!only) execFileSync('ssconvert', [roster, path.join(folder, 'roster-saved-gnumeric.xlsx')], { stdio: 'pipe' });
const at = (date) => ({ date, style: 'ct' });
const shifts = [['who', 'from', 'until', 'standby'], ['grid031', at('2026-12-01T08:00:00'), at('2026-12-01T20:00:00'), ''], ['grid031', at('2026-12-02T16:00:00'), at('2026-12-03T00:00:00'), { formula: 'TRUE()', number: 1 }], ['grid031', '2026-12-04 16:00', '2026-12-04 24:00', '否'], ['grid031', at('2026-12-05T08:00:00'), { number: 0.8333, style: 'c2' }, '']];
save(book('roster', [{ name: '值班', rows: shifts }]), 'roster-shown.csv', csv());
save(book('roster', [{ name: '值班', rows: shifts }], 1904), 'roster-1904.xlsx', XLSX);
save(book('roster', [{ name: '值班', rows: shifts }]), 'roster-american.csv', csv('utf8', ',', false));

// Days off and the city's standards.
const days = fs.readFileSync(path.join(root, 'src/Hub/Street/cn-holidays.csv'), 'utf8').split('\n').filter((line) => /^(date|2026)/.test(line)).join('\n') + '\n';
for (const [name, to] of [['holidays-saved.xlsx', XLSX], ['holidays-saved.csv', csv()]]) save(text('holidays.csv', days), name, to, open(Chinese));
if (!only) fs.writeFileSync(path.join(folder, 'holidays-american.csv'), 'date,kind,name\r\n2027-01-01,holiday,元旦\r\n1/2/2027,holiday,元旦\r\n');
const standards = path.join(root, 'tests/data/case-standards-events.csv');
save(standards, 'standards-saved.xlsx', XLSX, open(Chinese));
save(standards, 'standards-saved.csv', csv('gb18030'), open(Chinese, 7));
one('standards-wrapped.xlsx', [{ name: '标准', rows: [['class_code', 'class_name', 'item_code', 'item_name', 'filing_condition', 'closing_condition', 'time_limit', 'category'], ['01', '市容', '01', '乱堆', '堆放\n超过一天', '清除', '1天', { number: 2 }], ['01', '市容', '01', '乱堆', '不足一天', '清除', { number: 5 }, ''], ['01', '市容', '01', '乱堆', '占道', '清除', '4小时', '99']] }]);

// The street: the program's own tables opened by a click and saved, with columns as text, and with codes that a spreadsheet cannot keep.
const demo = path.join(root, 'src/Hub/Street/Demo');
for (const name of fs.readdirSync(demo)) {
  save(path.join(demo, name), `street-saved/${name.replace('.csv', '.xlsx')}`, XLSX, open(Chinese));
  save(path.join(demo, name), `street-text/${name}`, csv('gb18030'), open(Chinese, 6));
}
const small = (name, communities, to = XLSX) => {
  const area = (lat) => `${lat} 121.0;${lat} 121.01;${(lat + 0.01).toFixed(2)} 121.01;${(lat + 0.01).toFixed(2)} 121.0`;
  const tables = { street: [['name', 'name_en'], ['小街道', 'Small']], communities, grids: [['code', 'name', 'name_en', 'community', 'outline'], ['001', '甲', 'A', '01', area(35)]], teams: [['code', 'name', 'name_en', 'community', 'grids'], ['01', '一队', 'One', '01', '001']], stations: [['code', 'name', 'name_en', 'grid'], ['01', '站', 'S', '001']] };
  for (const [table, rows] of Object.entries(tables)) save(book(table, [{ name: table, rows }]), `${name}/${table}.${to === XLSX ? 'xlsx' : 'csv'}`, to);
};
const head = ['code', 'name', 'name_en'];
small('street-codes', [head, ['01', '东', 'East'], [{ date: '2026-03-02', style: 'cd' }, '西', 'West'], [{ number: 370403001001001000 }, '南', 'South'], [{ number: 4, style: 'c2' }, '北', 'North']]);

// A street of its own: 10 communities, 100 grids, and a register of 2,000 entries as somebody types it, with a mistake in one line of a hundred.
const two = (n) => String(n).padStart(2, '0'), three = (n) => String(n).padStart(3, '0');
const each = (count) => Array.from({ length: count }, (_, i) => i + 1);
const square = (n) => {
  const [lat, lng] = [35 + Math.floor((n - 1) / 10) * 0.01, 122 + ((n - 1) % 10) * 0.01].map((x) => x + 0);
  return [[lat, lng], [lat, lng + 0.01], [lat + 0.01, lng + 0.01], [lat + 0.01, lng]].map(([a, b]) => `${a.toFixed(2)} ${b.toFixed(2)}`).join(';');
};
const street = {
  street: [['name', 'name_en'], ['榆钱街道', 'Elm Street Office']],
  communities: [[...head, 'duty_phone'], ...each(10).map((c) => [two(c), `榆钱第${c}社区`, `Elm Community ${c}`, `0632-55561${two(c)}`])],
  grids: [[...head, 'community', 'outline'], ...each(100).map((g) => [three(g), `榆钱${g}号网格`, `Elm Grid ${g}`, two(Math.ceil(g / 10)), square(g)])],
  teams: [[...head, 'community', 'grids'], ...each(10).map((c) => [two(c), `第${c}管家队`, `Team ${c}`, two(c), each(10).map((g) => three((c - 1) * 10 + g)).join(';')])],
  stations: [[...head, 'grid'], ...each(10).map((c) => [two(c), `第${c}驿站`, `Station ${c}`, three(c * 10)])],
};
for (const [table, rows] of Object.entries(street)) save(book(table, [{ name: table, rows }]), `own-street/${table}.xlsx`, XLSX);

const columns = ['code', 'kind', 'name', 'name_en', 'place', 'from', 'until', 'holds', 'person', 'phone', 'mobile', 'hours', 'licenceUntil', 'tile', 'scope', 'floors', 'household', 'people', 'keyHousehold', '备注'];
const entries = [];
const entry = (code, kind, name, place, more = {}) => entries.push({ code, kind, name, name_en: code, place, ...more });
let counted = 0;
const mobile = () => `1990000${String(++counted).padStart(4, '0')}`;
for (const c of each(10)) {
  const place = `community:${two(c)}`;
  entry(`committee-${c}`, '社区大党委', `第${c}社区大党委`, place, { hours: '每月第一个周五' });
  entry(`adviser-${c}`, 'adviser', `第${c}社区法律顾问`, place, { person: `律师${c}`, licenceUntil: { date: `2029-0${1 + (c % 9)}-28`, style: 'cd' }, mobile: mobile() });
  entry(`property-${c}`, 'property', `第${c}物业公司`, place, { holds: `property@${place}`, phone: `0632-55562${two(c)}` });
  entry(`room-${c}`, 'mediation', `第${c}调解室`, place, { phone: `0632-55563${two(c)}`, hours: '09:00-17:00' });
  for (const b of each(2)) entry(`branch-${c}-${b}`, 'branch', `第${c}社区第${b}网格党支部`, place, { holds: each(5).map((g) => `branch@grid:${three((c - 1) * 10 + (b - 1) * 5 + g)}`).join(';'), phone: `0632-5557${c - 1}${two(b)}` });
}
for (const g of each(100)) {
  const grid = { number: g, style: 'c3' };
  entry(`estate-${g}`, 'estate', `${g}号小区`, grid);
  entry(`shop-${g}`, 'merchant', `${g}号便民店`, `grid:${three(g)}`, { tile: ['食', '衣', '住', '行'][g % 4], scope: '日用百货' });
  entry(`vol-${g}`, 'volunteer', `${g}号志愿者`, `grid:${three(g)}`, { person: `志愿者${g}`, mobile: mobile() });
  for (const b of each(2)) {
    const building = `building-${g}.${b}`;
    entry(building, 'building', `${b}号楼`, `estate-${g}`, { floors: { number: 6 } });
    entry(`head-${g}.${b}`, 'building-head', `${g}号小区${b}号楼楼长`, building, { person: `楼长${g}-${b}`, mobile: { number: Number(mobile()) } });
    for (const d of each(b === 1 ? 6 : 5)) entry(`door-${g}.${b}.${d}`, 'door', `${d}01室`, building, { household: `住户${g}-${b}-${d}`, people: { number: 1 + (d % 4) }, keyHousehold: d === 3 ? '是' : '否' });
  }
}
for (const c of each(10)) for (const n of each(14)) if (entries.length < 2000) entry(`informant-${c}.${n}`, 'informant', `第${c}社区信息员${n}`, `grid:${three((c - 1) * 10 + (n % 10) + 1)}`, { person: `信息员${c}-${n}`, mobile: mobile() });
if (entries.length !== 2000) throw new Error(`${entries.length} entries`);

// What goes wrong, by the code of the line: the cells as typed. A value is what stands there in the end.
const wrong = {
  'estate-7': { place: '7' }, // a grid or a community
  'estate-31': { place: 'grid:310' },
  'building-12.1': { place: 'community:02' }, // with everything that stands in it
  'building-55.2': { floors: '六层' },
  'shop-3': { tile: '' },
  'shop-18': { tile: '吉' },
  'shop-40': { code: 'shop-39' },
  'shop-77': { mobile: '19900009999' },
  'adviser-4': { licenceUntil: '2029-02-30' },
  'adviser-9': { person: '' },
  'branch-2-1': { holds: 'branch@grid:011;branch@grid:012;branch@13' },
  'branch-6-2': { holds: '支部@grid:056;branch@grid:057;branch@grid:058;branch@grid:059;branch@grid:060' },
  'property-3': { holds: 'property:community:03' },
  'room-5': { phone: '0632' },
  'vol-21': { from: '2027-05-01', until: '2026-05-01' },
  'vol-64': { kind: '义工' },
  'vol-90': { code: { date: '2026-03-02', style: 'cd' } },
  'head-30.1': { place: '' },
  'door-45.1.2': { keyHousehold: '大概' },
  'door-61.2.4': { people: { formula: 'NA()', text: '#N/A' } },
  'door-70.1.1': { name: '一'.repeat(61) },
  'informant-8.3': { place: { formula: '1/0', number: 0 } },
};
const typed = (entry) => columns.map((column) => (wrong[entry.code] ?? {})[column] ?? entry[column] ?? '');
save(book('register', [{ name: '名册', rows: [[{ text: '榆钱街道名册', across: 4 }], columns, ...entries.map(typed)] }]), 'own-street/register.xlsx', XLSX);

// The lines that the page refused, as it gives them (register-refused.xlsx), mended in a spreadsheet program by what stands beside each.
const refused = path.join(folder, 'own-street/register-refused.xlsx');
if (fs.existsSync(refused) && 'own-street/register-mended.xlsx'.startsWith(only)) {
  execFileSync('soffice', [`-env:UserInstallation=file://${work}/profile`, '--headless', '--convert-to', 'fods', '--outdir', work, refused], { stdio: 'pipe' });
  const sheetRows = fs.readFileSync(path.join(work, 'register-refused.fods'), 'utf8');
  const cells = (row) => [...row.matchAll(/<table:table-cell\b([^>]*?)(\/>|>([\s\S]*?)<\/table:table-cell>)/g)].flatMap(([, attributes, , inside]) => {
    const said = [...(inside ?? '').matchAll(/<text:p>([\s\S]*?)<\/text:p>/g)].map((p) => p[1].replace(/<[^>]+>/g, '').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&')).join('\n');
    return Array.from({ length: Number(/number-columns-repeated="(\d+)"/.exec(attributes)?.[1] ?? 1) }, () => said);
  }).slice(0, columns.length + 2);
  const rows = [...sheetRows.matchAll(/<table:table-row\b[^>]*>([\s\S]*?)<\/table:table-row>/g)].map((row) => cells(row[1])).filter((row) => row.some(Boolean));
  const mended = rows.slice(1).map((row) => {
    const right = entries[Number(row[0]) - 3]; // the title and the header stand above
    const cured = wrong[right.code] ?? {};
    return [...row.slice(0, 2), ...columns.map((column, i) => (column in cured ? right[column] ?? '' : row[i + 2] ?? ''))];
  });
  save(book('mended', [{ name: '名册', rows: [rows[0], ...mended] }]), 'own-street/register-mended.xlsx', XLSX);
}

fs.rmSync(work, { recursive: true });
