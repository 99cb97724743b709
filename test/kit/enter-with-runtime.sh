#!/bin/bash
# Runs a container runtime with a network of its own and loopback alone. Words: SERVER-or-empty, then the runtime's command. Runtimes
# ask of which kind the control groups are, although none is made: a mount of their own answers, since crun refuses the hybrid kind.
set -euo pipefail
server=$1
shift
ip link set lo up
umount -R /sys/fs/cgroup 2>/dev/null || true
mount -t cgroup2 none /sys/fs/cgroup
if [ -n "$server" ]; then
  bash -c "exec $server" >/dev/null 2>&1 &
  trap 'kill $!' EXIT
  for _ in $(seq 400); do
    (exec 3<>/dev/tcp/127.0.0.1/8080) 2>/dev/null && break
    sleep 0.05
  done
fi
status=0
"$@" || status=$?
exit "$status"
