#!/bin/sh
# Renews the JavaScript libraries under src/Web/wwwroot/lib. Needs Node and the npm registry; running the server needs neither.
# To move to another version, change the numbers here, run it, try the pages and commit what it wrote.
set -eu

signalr=10.0.11
esbuild=0.28.2

root=$(cd "$(dirname "$0")/.." && pwd)
out="$root/src/Web/wwwroot/lib/signalr"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts "@microsoft/signalr@$signalr"
npm install --silent --no-audit --no-fund "esbuild@$esbuild"

mkdir -p "$out"
# One minified ES module that imports nothing. The package's "browser" field leaves the Node transports out.
npx esbuild node_modules/@microsoft/signalr/dist/esm/index.js \
  --bundle --format=esm --platform=browser --target=es2022 --minify --legal-comments=none --outfile="$out/signalr.js"
# For the type checker, which finds the package itself (tools/check-js.sh).
echo "export * from '@microsoft/signalr';" > "$out/signalr.d.ts"

# The package names its licence but brings no file; the text in the tree is dotnet/aspnetcore's. Stop if the name changes.
licence=$(node -p "require('@microsoft/signalr/package.json').license")
test "$licence" = MIT || { echo "The licence is now $licence: replace $out/LICENSE." >&2; exit 1; }
printf '@microsoft/signalr %s\nbundled with esbuild %s\n' "$signalr" "$esbuild" > "$out/VERSION"
ls -l "$out"
