#!/bin/bash
# Enters an unpacked image the way a container runtime does, without any daemon: namespaces of its own for network and mounts,
# loopback alone, a root that nobody can write to, /proc, /dev and /etc/hosts from outside, no capabilities.
# Words: ROOT USER WORKDIR, then as often as needed `mount FROM TO ro|rw` (a folder at a place in the root) and `server PORT COMMAND`
# (started outside of the root, in the same network), then `--`, the program and its arguments.
set -euo pipefail
root=$1 user=$2 workdir=$3
shift 3
ip link set lo up
hosts=$(mktemp)
servers=()
finish() {
  rm -f "$hosts"
  [ ${#servers[@]} = 0 ] || kill "${servers[@]}" 2>/dev/null || true
}
trap finish EXIT
mkdir -p "$root/proc" "$root/dev" "$root/etc" "$root/out"
[ -e "$root/etc/hosts" ] || touch "$root/etc/hosts"
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
mounts=()
while [ "$1" != "--" ]; do
  case $1 in
    mount)
      mkdir -p "$root$3"
      mounts+=("$2" "$root$3" "$4")
      shift 4
      ;;
    server)
      # Its output is nobody's business.
      bash -c "exec $3" >/dev/null 2>&1 &
      servers+=($!)
      for _ in $(seq 400); do
        (exec 3<>"/dev/tcp/127.0.0.1/$2") 2>/dev/null && break
        sleep 0.05
      done
      shift 3
      ;;
  esac
done
shift
mount -o remount,bind,ro "$root"
for ((i = 0; i < ${#mounts[@]}; i += 3)); do
  mount --bind "${mounts[i]}" "${mounts[i + 1]}"
  [ "${mounts[i + 2]}" = rw ] || mount -o remount,bind,ro "${mounts[i + 1]}"
done
status=0
# It needs these until it is in there and has become the user, who has none.
setpriv --inh-caps=-all --bounding-set=-all,+sys_chroot,+setuid,+setgid,+dac_read_search --no-new-privs \
  unshare --root="$root" --wd="$workdir" --setgid="${user#*:}" --setuid="${user%:*}" -- "$@" || status=$?
exit "$status"
