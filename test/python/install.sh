#!/usr/bin/env bash
# Installs the Python libraries that read our files in tests (requirements.txt), and prints where that Python is. Once a machine
# (a minute, 500 MB), into a cache folder outside the checkout; a change of the list makes a new one.
#
#   export LAMPPOST_TEST_PYTHON="$(test/python/install.sh)"
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

cache="${XDG_CACHE_HOME:-$HOME/.cache}/lamppost"
folder="$cache/python-$(sha256sum requirements.txt | cut -c 1-12)"
python="$folder/bin/python"

if [[ -x "$python" && -e "$folder/whole" ]]; then
  printf '%s\n' "$python"
  exit 0
fi

# Two at once would only take twice as long: the second waits, and finds what the first one made.
mkdir -p "$cache"
exec 9>"$folder.lock"
flock 9
if [[ ! -e "$folder/whole" ]]; then
  rm -rf "$folder"
  # Debian's own: one that a user installed may be of any version.
  /usr/bin/python3 -m venv "$folder" >&2 || { echo 'Install python3-venv (sudo apt-get install python3-venv) and run this again.' >&2; exit 1; }
  "$python" -m pip install --quiet --disable-pip-version-check --no-input -r requirements.txt >&2
  touch "$folder/whole"
fi
printf '%s\n' "$python"
