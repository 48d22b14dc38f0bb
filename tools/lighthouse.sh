#!/bin/sh
# Prints what Lighthouse says of the resident's pages and of the team's phone, signed in, with Debian's Chromium. Fails where a figure is below 98.
# Needs Node, the npm registry, and src/Web built in Release. Takes about two minutes; a busy machine lowers the performance figures.
set -eu

lighthouse=12.8.2

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts "lighthouse@$lighthouse"
cp "$root/tools/lighthouse.mjs" .

mkdir data
(cd "$root/src/Web" && ASPNETCORE_ENVIRONMENT=Development ReloadStaticAssetsAtRuntime=false Dispatch__DataPath="$work/data" Dispatch__Keys="$work/keys" exec dotnet bin/Release/net10.0/DispatchCenter.Web.dll --urls http://127.0.0.1:0) >server.log 2>&1 &
server=$!
for _ in $(seq 180); do
  url=$(sed -n 's/.*Now listening on: //p' server.log | head -1)
  [ -z "$url" ] || break
  sleep 0.5
done
[ -n "$url" ] || { cat server.log >&2; exit 1; }
node lighthouse.mjs "$url"
