# Shared by the scripts of this folder: where things are kept, and how packages are fetched. Sourced, never run.
# shellcheck shell=bash

# The folder of these scripts, and the project's.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$(cd "$here/../.." && pwd)
# Kernels and trees, made once. Nothing in it is precious.
state=${RASPBERRYSPY_VM_HOME:-$HOME/.cache/raspberryspy-vm}

say() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }

# Ends the script: says why, exits with 2 for wrong use and 1 otherwise.
wrong() { say "$*"; exit 2; }
fail() { say "$*"; exit 1; }

# What a thing is made of, as one word: the files and strings given.
fingerprint() {
  local input
  for input in "$@"; do
    if [ -f "$input" ]; then cat "$input"; else printf '%s\n' "$input"; fi
  done | sha256sum | cut -c1-16
}

# True when the folder was made from just these inputs; "made" leaves that mark once it is whole.
is_made() { [ "$(cat "$1/.made-from" 2>/dev/null)" = "$2" ]; }
made() { printf '%s\n' "$2" >"$1/.made-from"; }

# Runs a command and, only when it fails, shows the end of what it printed.
quietly() {
  local log=$1
  shift
  if ! "$@" >"$log" 2>&1; then
    tail -30 "$log" >&2
    fail "failed: $* (all of it in $log)"
  fi
}

# Installs the packages that are not there. Only root may, or who has sudo.
need_packages() {
  local package missing=() sudo=()
  for package in "$@"; do
    dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "needs these packages, which only root can install: ${missing[*]}"
    sudo=(sudo)
  fi
  say "installing ${missing[*]}"
  "${sudo[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# The version that apt would fetch of a package for this machine; nothing when it knows none.
candidate() { apt-cache policy "$1" 2>/dev/null | awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }'; }

# Prints the path of a package file for this machine, fetched into $state/debs if it is not there.
fetch_deb() {
  local package=$1 version file
  version=$(candidate "$package")
  [ -n "$version" ] || fail "no package $package: 'apt-get update' first, and this wants Debian 12"
  mkdir -p "$state/debs"
  file=$(find "$state/debs" -name "${package}_${version//:/%3a}_*.deb" | head -1)
  if [ -z "$file" ]; then
    (cd "$state/debs" && apt-get download -qq -o APT::Sandbox::User=root "$package" >&2)
    file=$(find "$state/debs" -name "${package}_${version//:/%3a}_*.deb" | head -1)
  fi
  printf '%s\n' "$file"
}
