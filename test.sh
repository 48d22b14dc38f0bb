#!/usr/bin/env bash
# Builds everything and runs all tests. Installs test dependencies (Debian packages, npm, NuGet), or says what is missing.
# With CI=true no test may be skipped. The last line counts the tests that ran.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
say() { printf '\n== %s\n' "$*"; }
missing() { printf 'test.sh: %s\n' "$*" >&2; exit 1; }

command -v dotnet >/dev/null || missing "the .NET 10 SDK is missing: put dotnet on the path (https://dotnet.microsoft.com/download)."
dotnet --list-sdks | grep -q '^10\.' || missing "the .NET 10 SDK is missing; found: $(dotnet --list-sdks | tr '\n' ' ')"

# Dependencies besides the SDK: a real browser with Chinese fonts, Node for the npm clients, and the servers that nodes share.
want=()
command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || want+=(postgresql)
command -v redis-server >/dev/null || want+=(redis-server)
command -v haproxy >/dev/null || [ -x /usr/sbin/haproxy ] || want+=(haproxy)
command -v promtool >/dev/null || want+=(prometheus)
command -v chromium-headless-shell >/dev/null || want+=(chromium-headless-shell)
fc-list 2>/dev/null | grep -qi 'noto.*cjk' || want+=(fontconfig fonts-noto-cjk)
command -v node >/dev/null || want+=(nodejs)
command -v npm >/dev/null || want+=(npm)
command -v curl >/dev/null || want+=(curl)
if ((${#want[@]})); then
  command -v apt-get >/dev/null || missing "needed and not installable here without apt-get: ${want[*]}"
  [ "$(id -u)" = 0 ] || missing "needed: ${want[*]}. Install them (apt-get install ${want[*]}) or run test.sh as root."
  say "installing ${want[*]}"
  export DEBIAN_FRONTEND=noninteractive
  log=$(mktemp)
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${want[@]}"; } >"$log" 2>&1 || { tail -20 "$log" >&2; missing "apt-get could not install ${want[*]}"; }
fi

say "npm"
(cd tests/Browser/npm && npm ci --no-audit --no-fund --loglevel=error) || missing "npm could not install the client packages of tests/Browser/npm"

say "types of the pages' scripts"
tools/check-js.sh

say "build"
dotnet build DispatchCenter.sln -c Release -v quiet --nologo -p:RestoreLockedMode=true
node tools/notices.mjs --check

say "test"
export DOTNET_TieredPGO=0 # profiling does not pay off in processes that live for seconds
results=$(mktemp -d)
TIMEFORMAT='processor %U + %S s'
run() { # PROJECT NAME [ARGUMENT...]
  local project=$1 name=$2 began=$SECONDS
  shift 2
  { time dotnet test "$project" -c Release --no-build --nologo --logger "console;verbosity=minimal" "$@" >"$results/$name.txt" 2>&1 || echo "$name" >>"$results/failed"; } 2>"$results/$name.time"
  printf '\n-- %s, %d s (%s)\n' "$name" $((SECONDS - began)) "$(tail -1 "$results/$name.time")"
  grep -v '^\(Test run for\|VSTest version\|A total of\|Starting test execution\|$\)' "$results/$name.txt" || true
}
# Sequential, because two at a time starve each other on two cores and take longer in total. On both databases; tests of only one of
# them, or with several nodes, run once.
run tests/Unit unit
run tests/Integration integration-sqlite --filter "Database!=PostgreSQL&Alone!=true"
DISPATCH_TESTS_DATABASE=postgresql run tests/Integration integration-postgresql --filter "Database!=SQLite&Alone!=true"
run tests/Crash crash
run tests/Browser browser
run tests/Integration alone --filter "Alone=true"

counts=$(cat "$results"/*.txt | awk '
  /(Passed!|Failed!|Skipped!) +- Failed:/ { gsub(/,/, ""); for (i = 1; i <= NF; i++) { if ($i == "Failed:") f += $(i + 1); if ($i == "Passed:") p += $(i + 1); if ($i == "Skipped:") s += $(i + 1) } }
  END { printf "%d %d %d", p, f, s }')
read -r passed failed skipped <<<"$counts"
say "done in ${SECONDS} s"
for text in "$results"/*.txt; do sed -nE "s/^ +Failed ([^ ].*)/failed in $(basename "$text" .txt): \1/p" "$text"; done # again, by name, where it is seen first
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$passed" -gt 0 ] || missing "no test ran"
[ "$(grep -lE '(Passed|Failed)! +- Failed:' "$results"/*.txt | wc -l)" -eq 6 ] || missing "a part of the tests did not come to its end; see $results"
[ "$failed" -eq 0 ] && [ ! -e "$results/failed" ] || exit 1
if [ "${CI:-}" = true ] && [ "$skipped" -ne 0 ]; then missing "$skipped tests were skipped, and with CI=true none may be"; fi
