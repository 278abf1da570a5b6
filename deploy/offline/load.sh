#!/bin/sh
# Checks what was carried here and loads its images into this machine's Docker engine. Safe to run twice.
set -eu
cd "$(dirname "$0")"
stop() { echo "load.sh: $1" >&2; exit 1; }

sha256sum --quiet --strict --check SHA256SUMS >&2 || stop "a file is damaged or missing: carry the archive anew"
command -v docker >/dev/null || stop "there is no docker here: install Docker, and docker compose or docker-compose"
docker version >/dev/null 2>&1 || stop "no Docker engine answers, or this user may not ask it: start it, or use sudo"
docker load --quiet --input images.tar.gz
cat <<'NEXT'

The images are there. Start the suite in compose/ (settings are described in example.env):

  cp example.env .env        # and say in it who signs the tokens: JIEBANG_ISSUER
  sh secrets.sh              # makes the passwords, each in a file of its own
  docker compose up -d       # or: docker-compose up -d
NEXT
