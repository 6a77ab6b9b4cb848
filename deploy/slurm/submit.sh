#!/bin/bash
# Spreads a plan over a Slurm cluster: deploy/slurm/submit.sh PLAN [sbatch options]
#   STREAMGAUGE_TASKS    tasks at most (one a run)
#   STREAMGAUGE_AT_ONCE  tasks at the same time (8)
#   STREAMGAUGE_COMMAND  how streamgauge is called (npx streamgauge)
#   DATABASE_URL         PostgreSQL that every node reaches
set -euo pipefail

plan="$(realpath "${1:?Usage: submit.sh PLAN [sbatch options]}")"
shift
: "${DATABASE_URL:?names the PostgreSQL that all tasks store in: postgres://user:password@host/database}"
export STREAMGAUGE_PLAN="$plan"
export STREAMGAUGE_COMMAND="${STREAMGAUGE_COMMAND:-npx streamgauge}"

runs="$($STREAMGAUGE_COMMAND compare "$plan" --list | wc -l)"
tasks="$runs"
if [ "${STREAMGAUGE_TASKS:-$runs}" -lt "$runs" ]; then tasks="$STREAMGAUGE_TASKS"; fi

# The environment goes with the job, so that secrets stand in no command line and no script.
exec sbatch --export=ALL --array="1-$tasks%${STREAMGAUGE_AT_ONCE:-8}" "$@" "$(dirname "$(realpath "$0")")/compare.sbatch"
