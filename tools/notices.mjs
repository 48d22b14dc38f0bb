// Writes THIRD-PARTY-NOTICES.md: every library that the programs ship, from NuGet's own restore and from wwwroot/lib. Needs a restored
// solution. With --check it writes nothing and fails where the file is stale.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const shipped = ['src/Web', 'src/Simulator'];
const packages = process.env.NUGET_PACKAGES ?? path.join(os.homedir(), '.nuget', 'packages');

const element = (xml, name) => xml.match(new RegExp(`<${name}(?:\\s[^>]*)?>([^<]*)</${name}>`))?.[1]?.trim();
const unescape = (text) => text?.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&apos;/g, "'").replace(/&amp;/g, '&');

function libraries() {
  const found = new Map();
  for (const project of shipped) {
    const assets = JSON.parse(fs.readFileSync(path.join(root, project, 'obj/project.assets.json'), 'utf8'));
    const target = Object.values(assets.targets)[0];
    for (const [key, library] of Object.entries(target)) {
      if (library.type !== 'package' || !(library.runtime || library.runtimeTargets || library.dependencies)) continue; // analyzers are not shipped
      const [id, version] = key.split('/');
      const folder = [packages, ...Object.keys(assets.packageFolders)].map((f) => path.join(f, id.toLowerCase(), version.toLowerCase())).find((f) => fs.existsSync(f));
      if (!folder) throw new Error(`${key} is not restored.`);
      const nuspec = fs.readFileSync(path.join(folder, fs.readdirSync(folder).find((f) => f.endsWith('.nuspec'))), 'utf8');
      const kind = nuspec.match(/<license\s+type="(\w+)"/)?.[1];
      const licence = kind === 'expression' ? element(nuspec, 'license') : kind === 'file' ? `see ${element(nuspec, 'license')} in the package` : element(nuspec, 'licenseUrl') ?? 'not named';
      found.set(id, { id, version, licence, by: unescape(element(nuspec, 'copyright') || element(nuspec, 'authors')), url: element(nuspec, 'projectUrl') ?? '' });
    }
  }

  return [...found.values()].sort((a, b) => (a.id.toLowerCase() < b.id.toLowerCase() ? -1 : 1));
}

function scripts() {
  const lib = path.join(root, 'src/Web/wwwroot/lib');
  return fs.readdirSync(lib).sort().map((name) => {
    const read = (file) => (fs.existsSync(path.join(lib, name, file)) ? fs.readFileSync(path.join(lib, name, file), 'utf8').trim() : '');
    const [id, version] = read('VERSION').split(/\s+/);
    return { id, version, text: [read('LICENSE'), read('NOTICE')].filter(Boolean) };
  });
}

const cell = (text) => (text ?? '').replace(/\s+/g, ' ').replace(/\|/g, '\\|');
const lines = [
  '# Third-party notices', '',
  'What the server and the simulator ship beside their own code. Written by `tools/notices.mjs`; not edited by hand.', '',
  '## .NET libraries', '', '| library | version | licence | copyright or authors | project |', '|---|---|---|---|---|',
  ...libraries().map((l) => `| ${l.id} | ${l.version} | ${cell(l.licence)} | ${cell(l.by)} | ${l.url} |`),
];
for (const script of scripts()) lines.push('', `## ${script.id} ${script.version}`, '', ...script.text.flatMap((text) => ['```', text, '```']));
const text = `${lines.join('\n')}\n`;
const file = path.join(root, 'THIRD-PARTY-NOTICES.md');
if (!process.argv.includes('--check')) fs.writeFileSync(file, text);
else if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text) {
  console.error('THIRD-PARTY-NOTICES.md is stale: run node tools/notices.mjs.');
  process.exit(1);
}
