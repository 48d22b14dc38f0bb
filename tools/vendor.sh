#!/bin/sh
# Renews the JavaScript libraries under src/Web/wwwroot/lib. Needs Node and the npm registry; running the server needs neither.
# To move to another version, change the numbers here, run it, try the pages and commit what it wrote.
set -eu

signalr=10.0.11
lit=3.3.3
echarts=6.1.0
esbuild=0.28.2

root=$(cd "$(dirname "$0")/.." && pwd)
lib="$root/src/Web/wwwroot/lib"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts "@microsoft/signalr@$signalr" "lit@$lit" "echarts@$echarts"
npm install --silent --no-audit --no-fund "esbuild@$esbuild"

# NAME PACKAGE VERSION LICENCE ENTRY: one minified ES module that imports nothing, its version, and its types for tools/check-js.sh.
vendor() {
  out="$lib/$1"
  mkdir -p "$out"
  npx esbuild "$5" --bundle --format=esm --platform=browser --target=es2022 --minify --legal-comments=none --outfile="$out/$1.js"
  # Stop if the licence changes: the text in the tree is the old one's.
  licence=$(node -p "JSON.parse(fs.readFileSync('node_modules/$2/package.json')).license")
  test "$licence" = "$4" || { echo "The licence of $2 is now $licence: replace $out/LICENSE." >&2; exit 1; }
  printf '%s %s\nbundled with esbuild %s\n' "$2" "$3" "$esbuild" > "$out/VERSION"
}

# The package's "browser" field leaves the Node transports out. It brings no licence file; the one in the tree is dotnet/aspnetcore's.
vendor signalr @microsoft/signalr "$signalr" MIT node_modules/@microsoft/signalr/dist/esm/index.js
echo "export * from '@microsoft/signalr';" > "$lib/signalr/signalr.d.ts"

# Without the warnings of its development build.
vendor lit lit "$lit" BSD-3-Clause node_modules/lit/index.js
cp node_modules/lit/LICENSE "$lib/lit/LICENSE"
echo "export * from 'lit';" > "$lib/lit/lit.d.ts"

# Only what /stats draws.
cat > echarts.js <<'JS'
import { init, use } from 'echarts/core';
import { BarChart, CustomChart, HeatmapChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent } from 'echarts/components';
import { CanvasRenderer } from 'echarts/renderers';
use([BarChart, CustomChart, HeatmapChart, LineChart, AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent, CanvasRenderer]);
export { init };
JS
vendor echarts echarts "$echarts" Apache-2.0 echarts.js
cp node_modules/echarts/LICENSE node_modules/echarts/NOTICE "$lib/echarts/"
echo "export { init } from 'echarts';" > "$lib/echarts/echarts.d.ts"
ls -l "$lib"/*
