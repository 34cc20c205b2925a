# Sourced by `run`: a PostgreSQL cluster in a temporary directory, reached by a socket alone, gone when the run ends.

cluster=

# The server refuses to run as root.
as_server() {
  if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

# Makes and starts the cluster below the directory named, and points psql's environment at it.
create_cluster() {
  local programs
  programs=$(geocoder_programs)
  cluster=$(mktemp -d "$1/cluster.XXXXXX")
  if [ "$(id -u)" -eq 0 ]; then chown postgres: "$cluster"; fi
  if ! as_server test -w "$cluster" || [ "${#cluster}" -gt 85 ]; then
    echo "benches/peers/run: $cluster is too long for a socket or out of reach for the user postgres; set PEERS_DIRECTORY to another place" >&2
    return 1
  fi
  as_server "$programs/initdb" --pgdata="$cluster/pages" --username=peers --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$1/initdb.log"
  # Nothing here has to outlive a crash, and everything fits into memory. Compiling statements costs more than it saves on answers of
  # milliseconds, and a second process for one query would make the comparison one of two cores.
  as_server "$programs/pg_ctl" --pgdata="$cluster/pages" --log="$cluster/log" --wait --silent start \
    --options="-c listen_addresses='' -c unix_socket_directories='$cluster' -c fsync=off -c full_page_writes=off -c synchronous_commit=off \
      -c shared_buffers=256MB -c work_mem=64MB -c random_page_cost=1.1 -c jit=off -c max_parallel_workers_per_gather=0"
  export PGHOST=$cluster PGUSER=peers PGDATABASE=peers PGCLIENTENCODING=UTF8
  createdb peers
}

# Stops the cluster and removes it, however the run ended.
remove_cluster() {
  local status=$?
  drop_policy
  if [ -n "$cluster" ]; then
    if [ -e "$cluster/pages/postmaster.pid" ]; then
      as_server "$(geocoder_programs)/pg_ctl" --pgdata="$cluster/pages" --mode=immediate --wait --silent stop || true
    fi
    if [ "$status" -ne 0 ] && [ -e "$cluster/log" ]; then cp "$cluster/log" "$directory/postgresql.log"; fi
    rm -rf "$cluster"
  fi
  return "$status"
}
