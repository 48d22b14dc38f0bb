#!/bin/sh
# Checks the JSDoc types of the pages' scripts. Needs what `npm ci` puts into tests/Browser/npm; the scripts themselves need nothing.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
npm="$root/tests/Browser/npm"
[ -x "$npm/node_modules/.bin/tsc" ] || { echo "Run npm ci in tests/Browser/npm first." >&2; exit 1; }

# Types of another version than what is served would prove nothing.
for lib in signalr lit echarts; do
  read -r package version < "$root/src/Web/wwwroot/lib/$lib/VERSION"
  installed=$(node -p "JSON.parse(fs.readFileSync('$npm/node_modules/$package/package.json')).version")
  test "$installed" = "$version" || { echo "$package is served in $version and checked in $installed: make tests/Browser/npm/package.json agree with tools/vendor.sh." >&2; exit 1; }
done

"$npm/node_modules/.bin/tsc" -p "$root/jsconfig.json"
echo "Types of $(find "$root/src/Web/wwwroot/js" "$root/src/Web/Features" -name '*.js' | wc -l) scripts are in order."
