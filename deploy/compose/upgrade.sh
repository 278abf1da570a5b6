#!/bin/sh
# One service to the images that JIEBANG_VERSION names, while people work: sh upgrade.sh review
# First its schema, then its APIs one after the other, then its workers: docs/operations/upgrade.md says why.
set -eu
cd "$(dirname "$0")"
stop() { echo "upgrade.sh: $1" >&2; exit 1; }
[ $# = 1 ] || stop "say which service"
service=$1
if [ -z "${COMPOSE:-}" ]; then
  if docker compose version >/dev/null 2>&1; then COMPOSE='docker compose'; else COMPOSE=docker-compose; fi
fi
PATIENCE_SECONDS=120

healthy() {  # returns when the container is; fails when it ends, or is not in time
  waited=0
  while [ "$(docker inspect -f '{{.State.Health.Status}}' "$1")" != healthy ]; do
    [ "$(docker inspect -f '{{.State.Running}}' "$1")" = true ] && [ $waited -lt $PATIENCE_SECONDS ] || return 1
    sleep 1
    waited=$((waited + 1))
  done
}

roll() {  # as many new ones beside the old ones; once they are healthy, the old ones go, one after the other
  old=$($COMPOSE ps -q "$1")
  [ -n "$old" ] || stop "$1 does not run"
  $COMPOSE up -d --no-deps --no-recreate --scale "$1=$(($(echo "$old" | wc -l) * 2))" "$1"
  new=$($COMPOSE ps -q "$1" | grep -vxF "$old")
  for id in $new; do
    healthy "$id" && continue
    docker logs --tail 20 "$id" >&2
    docker rm -f $new >/dev/null
    stop "the new $1 was not well and is gone again; the old one works on"
  done
  for id in $old; do
    docker stop "$id" >/dev/null
    docker rm "$id" >/dev/null
  done
}

$COMPOSE run --rm -T --no-deps migrate python -m chassis.bootstrap "$service"
roll "$service-api"
roll "$service-worker"
