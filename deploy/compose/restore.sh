#!/bin/sh
# All data as they were: sh restore.sh ['2026-03-01 12:00:00+08:00']. Without a moment as late as the archive goes.
# Everything is stopped meanwhile. Kafka's topics are made anew, since they tell of what came after the moment.
set -eu
cd "$(dirname "$0")"
stop() { echo "restore.sh: $1" >&2; exit 1; }
if [ -z "${COMPOSE:-}" ]; then
  if docker compose version >/dev/null 2>&1; then COMPOSE='docker compose'; else COMPOSE=docker-compose; fi
fi

shut="the services stay shut out of their databases until this succeeds: $COMPOSE up -d anew"
$COMPOSE stop
$COMPOSE run --rm -T restore "$@" || stop "nothing is changed; start it again with: $COMPOSE up -d"
$COMPOSE up -d anew || stop "$shut"
anew=$($COMPOSE ps -a -q anew)
code=$(docker wait "$anew")
docker logs "$anew"
docker rm "$anew" >/dev/null
[ "$code" = 0 ] || stop "$shut"
$COMPOSE up -d
