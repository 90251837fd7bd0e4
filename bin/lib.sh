# What the commands of this folder share; sourced, never run.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export ROOT
VENV=$ROOT/.venv

say() { printf '%s\n' "$*"; }

die() {
  printf '%s\n' "$*" >&2
  exit 1
}

# Let one command at a time work on what all of them share in this checkout (.venv, build/, node_modules/).
# A command that is called by one that holds the lock goes on; `unlock` lets the next one in.
lock() {
  if [ -n "${PORTAL_LOCKED:-}" ] || ! command -v flock >/dev/null; then return; fi
  mkdir -p "$ROOT/build"
  exec 9>"$ROOT/build/.lock"
  flock 9
  export PORTAL_LOCKED=yes
}
unlock() {
  if [ -n "${PORTAL_LOCKED:-}" ]; then exec 9>&-; fi
  unset PORTAL_LOCKED
}

# One hash over the names and contents of the given files and folders; those that do not exist are left out.
hash_of() {
  local path present=()
  for path in "$@"; do
    if [ -e "$path" ]; then present+=("$path"); fi
  done
  if [ ${#present[@]} -eq 0 ]; then
    echo none
    return
  fi
  find "${present[@]}" -type f ! -name '*.pyc' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-64
}

# Is the stamp file there, and does it hold this text?
stamped() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }
