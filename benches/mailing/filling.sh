# What the benchmarks of mailing share: a program, a sample county with officials, queues of letters, and a server that takes all mail. To be read by a
# script that has set root, program, directory, and seats, the number of seats of each place; domains is set to `seat` where each seat has a domain of its own.
# shellcheck shell=bash

readonly SITE=18091 SINK=18092
export PATH=$PATH:/usr/sbin

say() { printf '== %s\n' "$*" >&2; }

if ! command -v smtp-source >/dev/null; then
  if [ "$(id -u)" -ne 0 ]; then
    echo 'benches/mailing: missing: postfix (Debian'"'"'s name), for smtp-source and smtp-sink' >&2
    exit 1
  fi
  # Its programs are wanted, not its server: a policy forbids starting it while it is installed.
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
  apt-get -qq update >&2
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends postfix >&2 || { rm -f /usr/sbin/policy-rc.d; exit 1; }
  rm -f /usr/sbin/policy-rc.d
fi
if [ -z "$program" ]; then
  say 'building the program'
  SQLX_OFFLINE=true cargo build --release -p redress >&2
  program=${CARGO_TARGET_DIR:-$root/target}/release/redress
fi

site= sink=
finish() {
  if [ -n "$site" ]; then kill "$site" 2>/dev/null || true; fi
  if [ -n "$sink" ]; then kill "$sink" 2>/dev/null || true; fi
}
trap finish EXIT

rm -rf "$directory/keys" "$directory"/letters-* "$directory"/*.db* "$directory/key"
if [ ! -e "$directory/county/truth.csv" ]; then
  say 'writing the sample county and its pack'
  "$program" --quiet civics sample --out "$directory/county" --scale 12 --seed 1
fi
# A mayor and members for each place, and the addresses in no order, so that people of every place sign.
python3 - "$directory/county/truth.csv" "$directory/officials.csv" "$directory/addresses.csv" "$seats" "${domains:-place}" <<'PYTHON'
import csv, random, sys
with open(sys.argv[1], newline="") as file:
    rows = list(csv.DictReader(file))
places = sorted({row["place_geoid"] for row in rows if row["place_geoid"]})
random.Random(1).shuffle(rows)
with open(sys.argv[3], "w", newline="") as file:
    out = csv.DictWriter(file, rows[0].keys())
    out.writeheader()
    out.writerows(rows)
with open(sys.argv[2], "w", newline="") as file:
    out = csv.writer(file)
    out.writerow(["place_geoid", "jurisdiction", "state", "role", "title", "at_large", "name", "email", "as_of", "source"])
    for place in places:
        for seat in range(int(sys.argv[4])):
            role, title = ("mayor", "Mayor") if seat == 0 else ("council_member", "Council Member")
            name = f"{chr(65 + seat // 26)}{chr(97 + seat % 26)}. Official of {place}"
            email = f"seat{seat}@place-{place}.example" if sys.argv[5] == "place" else f"office@seat{seat}.place-{place}.example"
            out.writerow([place, f"Place {place}", "ZZ", role, title, 1, name, email, "2026-01-01", "bench"])
PYTHON
"$program" --quiet civics build "$directory/county/sources.toml" --out "$directory/county.pack"
"$program" --quiet keys dkim --domain petition.example --selector bench --out "$directory/keys" >/dev/null

# A database with approved letters: its name, how many people sign each petition, how many petitions; further words set the environment in which
# letters are frozen.
fill() {
  local name=$1 signers=$2 count=$3 number
  shift 3
  local seconds=$(((signers + 3999) / 4000))
  say "filling the queue: $name lists"
  local at=(--database "sqlite:$directory/$name.db" --key-file "$directory/key")
  if [ ! -e "$directory/key" ]; then "$program" --quiet keys create "$directory/key"; fi
  REDRESS_LIMITS__ENABLED=false "$program" serve "${at[@]}" --pack "$directory/county.pack" --public-url https://petition.example \
    --listen "127.0.0.1:$SITE" >"$directory/serve.log" 2>&1 &
  site=$!
  for _ in $(seq 200); do
    if curl --silent --fail --output /dev/null "http://127.0.0.1:$SITE/health/ready"; then break; fi
    sleep 0.1
  done
  "$program" --quiet officials import --database "sqlite:$directory/$name.db" "$directory/officials.csv" >/dev/null
  for number in $(seq "$count"); do
    "$program" --quiet petition create "${at[@]}" --slug "bench-$number" --title 'Forbid it' --confirmation none --open
    "$program" --quiet --json load --url "http://127.0.0.1:$SITE" --petition "bench-$number" --addresses "$directory/addresses.csv" \
      --clients 64 --rate "$((signers / seconds))" --seconds "$seconds" --warm-up 0 >/dev/null
  done
  kill "$site"
  wait "$site" || true
  site=
  for number in $(seq "$count"); do
    env "$@" "$program" --quiet delivery freeze "${at[@]}" --petition "bench-$number"
    "$program" --quiet delivery approve "${at[@]}" --petition "bench-$number" --all
  done
  env "$@" "$program" --quiet delivery preview "${at[@]}" --petition bench-1 --out "$directory/letters-$name" >/dev/null
}

# The mean size of a letter, in bytes.
size_of() { find "$directory/letters-$1" -name '*.eml' -printf '%s\n' | awk '{ sum += $1 } END { printf "%d", NR ? sum / NR : 0 }'; }

start_sink() {
  if [ "$(id -u)" -eq 0 ]; then smtp-sink -u nobody "127.0.0.1:$SINK" 1000 & else smtp-sink "127.0.0.1:$SINK" 1000 & fi
  sink=$!
  for _ in $(seq 50); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$SINK") 2>/dev/null; then return 0; fi
    sleep 0.1
  done
  echo 'benches/mailing: smtp-sink does not start' >&2
  return 1
}

