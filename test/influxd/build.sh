#!/usr/bin/env bash
# Builds the InfluxDB server that the tests run against, from the Go modules named in go.mod, and prints where it is.
# It is built once a machine (about five minutes on two cores), into a cache folder outside the checkout:
#
#   export LAMPPOST_TEST_INFLUXD="$(test/influxd/build.sh)"
#
# The web interface is left out; the tests do not need it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

version="$(sed -n 's|^require github.com/influxdata/influxdb/v2 v||p' go.mod)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/lamppost"
server="$cache/influxd-$version"

if [[ -x "$server" ]]; then
  printf '%s\n' "$server"
  exit 0
fi

# Where the installers of Go and Rust put them when they have changed no profile yet.
export PATH="$PATH:/usr/local/go/bin:$HOME/.cargo/bin"

missing=()
command -v go >/dev/null || missing+=("Go 1.25 or newer (https://go.dev/dl)")
command -v cargo >/dev/null || missing+=("Rust's cargo 1.83 or newer (https://rustup.rs)")
command -v gcc >/dev/null || command -v cc >/dev/null || missing+=("a C compiler (sudo apt-get install gcc libc6-dev)")
command -v pkg-config >/dev/null || missing+=("pkg-config (sudo apt-get install pkg-config)")
if [[ ${#missing[@]} -gt 0 ]]; then
  {
    printf 'InfluxDB %s cannot be built here. Missing:\n' "$version"
    printf -- '- %s\n' "${missing[@]}"
    printf 'Install them and run this again.\n'
  } >&2
  exit 1
fi

# Two builds at once would only take twice as long: the second waits, and finds what the first one made.
mkdir -p "$cache"
exec 9>"$cache/influxd-$version.lock"
flock 9
if [[ -x "$server" ]]; then
  printf '%s\n' "$server"
  exit 0
fi

printf 'Building InfluxDB %s into %s (once a machine, about five minutes) …\n' "$version" "$cache" >&2
scratch="$(mktemp -d "$cache/building.XXXXXX")"
trap 'rm -rf "$scratch"' EXIT

# Parts of Flux, its query language, are in Rust. This tool stands in for pkg-config and has cargo compile them. The
# toolchain is named because Flux's sources ask rustup for a version of their own, which need not be installed.
export GOFLAGS=-buildvcs=false
go build -o "$scratch/pkg-config" github.com/influxdata/pkg-config
PKG_CONFIG="$scratch/pkg-config" RUSTUP_TOOLCHAIN="${RUSTUP_TOOLCHAIN:-stable}" CGO_ENABLED=1 \
  go build -tags sqlite_foreign_keys,sqlite_json -ldflags "-s -w -X main.version=v$version" \
  -o "$scratch/influxd" github.com/influxdata/influxdb/v2/cmd/influxd

# Nobody ever finds half a server under this name.
mv "$scratch/influxd" "$server"
printf '%s\n' "$server"
