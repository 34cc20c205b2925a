# The ground of the benchmarks of signing, sourced by them: a PostgreSQL of our own, a county with its pack, a site to start and stop.
# Takes `root`, `directory` and `program` (empty for a release build), and stands in the repository's root afterwards.
# shellcheck shell=bash

cd -- "$root"
exec </dev/null
mkdir -p "$directory"

say() { printf '== %s\n' "$*" >&2; }

servers=$(dirname -- "$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -rV | head -n 1)")
if [ ! -x "$servers/pgbench" ]; then
  if [ "$(id -u)" -ne 0 ]; then
    echo 'benches/signing: missing: postgresql postgresql-contrib (Debian'"'"'s names)' >&2
    exit 1
  fi
  apt-get -qq update >&2
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends postgresql postgresql-contrib >&2
  servers=$(dirname -- "$(find /usr/lib/postgresql -path '*/bin/initdb' | sort -rV | head -n 1)")
fi
if [ -z "$program" ]; then
  say 'building the program'
  SQLX_OFFLINE=true cargo build --release -p redress >&2
  program=${CARGO_TARGET_DIR:-$root/target}/release/redress
fi

# The server refuses to run as root.
as_server() {
  if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

cluster=$(mktemp -d "$directory/cluster.XXXXXX")
site=
finish() {
  if [ -n "$site" ]; then kill "$site" 2>/dev/null || true; fi
  if [ -e "$cluster/pages/postmaster.pid" ]; then
    as_server "$servers/pg_ctl" --pgdata="$cluster/pages" --mode=immediate --wait --silent stop || true
  fi
  rm -rf "$cluster"
}
trap finish EXIT

if [ "$(id -u)" -eq 0 ]; then chown postgres: "$cluster"; fi
as_server "$servers/initdb" --pgdata="$cluster/pages" --username=signing --auth=trust --encoding=UTF8 --locale=C.UTF-8 >"$directory/initdb.log"
port=54329
as_server "$servers/pg_ctl" --pgdata="$cluster/pages" --log="$cluster/log" --wait --silent start \
  --options="-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories='$cluster' -c shared_buffers=256MB -c max_connections=200"
export PGHOST=127.0.0.1 PGPORT=$port PGUSER=signing PGDATABASE=signing
"$servers/createdb" signing

county=$directory/county
if [ ! -e "$county/truth.csv" ]; then
  say 'writing the sample county and its pack'
  "$program" --quiet civics sample --out "$county" --scale 1 --seed 1
fi
"$program" --quiet civics build "$county/sources.toml" --out "$directory/county.pack"

start_site() {
  REDRESS_LIMITS__ENABLED=false "$program" serve --database "$1" --key-file "$directory/key" --pack "$directory/county.pack" \
    --listen 127.0.0.1:18089 >"$directory/serve.log" 2>&1 &
  site=$!
  for _ in $(seq 100); do
    if curl --silent --fail --output /dev/null http://127.0.0.1:18089/health/ready; then return 0; fi
    sleep 0.1
  done
  echo 'benches/signing: the site does not start:' >&2
  tail "$directory/serve.log" >&2
  return 1
}

stop_site() {
  kill "$site"
  wait "$site" || true
  site=
}

postgres=postgres://signing@127.0.0.1:$port/signing
sqlite=sqlite:$directory/bench.db
rm -f "$directory/key" "$directory"/bench.db*
"$program" --quiet keys create "$directory/key"
for database in "$postgres" "$sqlite"; do
  "$program" --quiet petition create --database "$database" --key-file "$directory/key" --slug bench --title Bench --confirmation none --open
done

field() { python3 -c 'import json,sys; value=json.load(sys.stdin)
for key in sys.argv[1].split("/"): value=value[key]
print(value)' "$1"; }
