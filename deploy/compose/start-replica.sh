#!/bin/bash
# A replica of the PostgreSQL at $PRIMARY, in $PGDATA. A copy that was broken off is begun anew: the real folder appears only once it is whole.
set -euo pipefail
copy="$PGDATA/whole"
if [ ! -d "$copy" ]; then
  rm -rf "$PGDATA/copying"
  # -R: the copy knows whose it is. A slot keeps what it has yet to hear of while it is away; how much of that the primary keeps is bounded below.
  psql --no-psqlrc --quiet --dbname "$PRIMARY" --command "alter system set max_slot_wal_keep_size = '2GB'" --command "select pg_reload_conf()"
  slot=$(psql --no-psqlrc --tuples-only --no-align --dbname "$PRIMARY" --command "select count(*) from pg_replication_slots where slot_name = 'satchel'")
  create=()
  [ "$slot" -gt 0 ] || create=(--create-slot)
  pg_basebackup --dbname "$PRIMARY" --pgdata "$PGDATA/copying" --write-recovery-conf --wal-method stream --checkpoint fast --slot satchel "${create[@]}"
  mv "$PGDATA/copying" "$copy"
fi
chmod 700 "$copy"
exec postgres -D "$copy" -c listen_addresses='*'
