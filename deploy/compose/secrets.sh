#!/bin/sh
# Makes the secrets that are missing, one random file each: sh secrets.sh [folder]. What is there stays as it is.
# The folder is closed to other users of the host; inside a container, as whatever user it runs, its files are readable.
set -eu
folder=${1:-secrets}
mkdir -p -m 0700 "$folder"
names="postgres_password kafka_admin_password"
for service in bulletin application review funding oversight; do
  names="$names ${service}_database_password ${service}_relay_database_password ${service}_kafka_password"
done
for name in $names; do
  [ -s "$folder/$name" ] && continue
  head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$folder/.$name"
  chmod 0444 "$folder/.$name"
  mv "$folder/.$name" "$folder/$name"
done
