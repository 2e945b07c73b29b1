#!/bin/bash
# What the MySQL containers start with, before the image's own entry point: a data folder that is half made because of a
# password is not made anew by itself. Passwords stand within quotes in SQL, so nothing in them may need escaping.
set -eo pipefail

for name in $(compgen -e | grep PASSWORD); do
  if [[ ! "${!name}" =~ ^[A-Za-z0-9_-]+$ ]]; then
    echo "$name must consist of letters, digits, _ and -" >&2
    exit 1
  fi
done

exec docker-entrypoint.sh "$@"
