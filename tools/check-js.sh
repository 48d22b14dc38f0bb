#!/bin/sh
# Checks the JSDoc types of the pages' scripts. Needs Node and the npm registry; the scripts themselves need neither.
set -eu

typescript=5.9.3
signalr=$(sed -n 's/^@microsoft\/signalr //p' "$(dirname "$0")/../src/Web/wwwroot/lib/signalr/VERSION")

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts "typescript@$typescript" "@microsoft/signalr@$signalr"
cat > tsconfig.json <<JSON
{
  "compilerOptions": {
    "allowJs": true, "checkJs": true, "noEmit": true, "strict": true, "skipLibCheck": true,
    "target": "es2022", "module": "esnext", "moduleResolution": "bundler", "lib": ["es2022", "dom", "dom.iterable"],
    "paths": { "@microsoft/signalr": ["./node_modules/@microsoft/signalr"] }
  },
  "include": ["$root/src/Web/wwwroot/js/*.js"]
}
JSON
npx tsc -p tsconfig.json
echo "Types of $(ls "$root"/src/Web/wwwroot/js/*.js | wc -l) scripts are in order."
