# Sourced by `run`: what the peers need, installed by name when it is missing.

readonly POLICY=/usr/sbin/policy-rc.d
policy_is_ours=false

has() { command -v "$1" >/dev/null 2>&1; }

# The Debian packages named, without starting what they bring: the bench has a cluster of its own.
install_debian() {
  if ! has apt-get || [ "$(id -u)" -ne 0 ]; then
    echo "benches/peers/run: missing: $* (Debian's names); install them as root, then run this again" >&2
    return 1
  fi
  apt-get -qq -o DPkg::Lock::Timeout=300 update >&2
  if [ ! -e "$POLICY" ]; then
    policy_is_ours=true
    printf '#!/bin/sh\nexit 101\n' >"$POLICY"
    chmod 755 "$POLICY"
  fi
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
    install --no-install-recommends "$@" >&2
  drop_policy
}

drop_policy() {
  if $policy_is_ours; then
    rm -f "$POLICY"
    policy_is_ours=false
  fi
}

# The newest server that has the geocoder, as the folder of its programs; the metapackages' names do not change with the version.
geocoder_programs() {
  local control version
  for control in $(printf '%s\n' /usr/share/postgresql/*/extension/postgis_tiger_geocoder.control | sort -rV); do
    version=${control#/usr/share/postgresql/}
    version=${version%%/*}
    if [ -x "/usr/lib/postgresql/$version/bin/initdb" ]; then
      echo "/usr/lib/postgresql/$version/bin"
      return 0
    fi
  done
  return 1
}

need_geocoder() {
  if geocoder_programs >/dev/null && has shp2pgsql && has psql; then return 0; fi
  say 'installing PostgreSQL with PostGIS'
  install_debian postgresql postgresql-postgis postgresql-postgis-scripts postgis
}

# The standard library's tomllib is there from 3.11 on.
need_python() {
  if python3 -c 'import tomllib, venv, ensurepip' 2>/dev/null; then return 0; fi
  install_debian python3 python3-venv
}

need_usaddress() {
  if "$1/bin/python" -c 'import usaddress' 2>/dev/null; then return 0; fi
  say 'installing usaddress'
  python3 -m venv --clear "$1"
  "$1/bin/pip" install --quiet --disable-pip-version-check usaddress >&2
}

versions() {
  "$1" --version
  "$2/bin/python" -c 'import importlib.metadata as m, platform
print("usaddress", m.version("usaddress"), "on python", platform.python_version())'
  psql -At -c "select 'PostGIS ' || postgis_lib_version() || ' on PostgreSQL ' || current_setting('server_version')"
  echo "processor: $(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1), $(nproc) cores; load $(cut -d ' ' -f 1 /proc/loadavg)"
}
