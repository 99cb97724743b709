#!/bin/bash
# Enters an unpacked image the way a container runtime does, without any daemon: namespaces of its own for network and mounts,
# loopback alone, a root that nobody can write to, /proc, /dev and /etc/hosts from outside, no capabilities. Words: ROOT USER
# OUT-or-empty SERVER-or-empty WORKDIR, then the program and its arguments. SERVER is a command outside of the root, in the same network.
set -euo pipefail
root=$1 user=$2 out=$3 server=$4 workdir=$5
shift 5
ip link set lo up
mkdir -p "$root/proc" "$root/dev" "$root/etc" "$root/out"
[ -e "$root/etc/hosts" ] || touch "$root/etc/hosts"
hosts=$(mktemp)
started=
trap 'rm -f "$hosts"; [ -z "$started" ] || kill "$started"' EXIT
printf '127.0.0.1 localhost\n::1 localhost\n' >"$hosts"
chmod 644 "$hosts"
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755,nosuid tmpfs "$root/dev"
for device in null zero full random urandom; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mount --bind "$hosts" "$root/etc/hosts"
mount -o remount,bind,ro "$root"
[ -z "$out" ] || mount --bind "$out" "$root/out"
if [ -n "$server" ]; then
  # Its output is nobody's business but when it does not start.
  bash -c "exec $server" >"$hosts.log" 2>&1 &
  started=$!
  for _ in $(seq 200); do
    (exec 3<>/dev/tcp/127.0.0.1/8080) 2>/dev/null && break
    sleep 0.05
  done
fi
cd "$root$workdir"
status=0
# chroot needs these three until it has become the user, who has none.
setpriv --inh-caps=-all --bounding-set=-all,+sys_chroot,+setuid,+setgid --no-new-privs \
  /usr/sbin/chroot --userspec="$user" --groups= "$root" "$@" || status=$?
exit "$status"
