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

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/tsconfig.json" <<JSON
{
  "compilerOptions": {
    "allowJs": true, "checkJs": true, "noEmit": true, "strict": true, "skipLibCheck": true,
    "target": "es2022", "module": "esnext", "moduleResolution": "bundler", "moduleDetection": "force", "lib": ["es2022", "dom", "dom.iterable"], "typeRoots": [],
    "paths": { "*": ["$npm/node_modules/*"] }
  },
  "include": ["$root/src/Web/wwwroot/js/*.js"]
}
JSON
"$npm/node_modules/.bin/tsc" -p "$work/tsconfig.json"
echo "Types of $(ls "$root"/src/Web/wwwroot/js/*.js | wc -l) scripts are in order."
