#!/bin/bash
# Run once, when the database is made: its replica may copy it. The image itself lets nobody replicate over the network.
set -euo pipefail
echo "host replication $POSTGRES_USER all scram-sha-256" >> "$PGDATA/pg_hba.conf"
