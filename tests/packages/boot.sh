#!/usr/bin/env bash
# tests/packages/boot.sh ROOT GROUP: becomes the parent of a systemd that is process 1 of ROOT, in namespaces of its own; the
# network is this machine's. GROUP is an empty control group (cgroup2) for it. Ends with it, and it with this. Needs root.
set -euo pipefail
if [ "${3:-}" != inside ]; then
  echo $$ >"${2:?name a root and a group}/cgroup.procs"
  exec unshare --mount --propagation private --cgroup --pid --uts --ipc --fork --kill-child=KILL "$0" "$1" "$2" inside
fi

root=$1
mount --bind "$root" "$root"
cd "$root"
mount -t proc proc proc
mount --bind -o ro proc/sys proc/sys  # the machine's own settings are not this system's to make
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o nosuid,mode=755 tmpfs dev
for device in null zero full random urandom tty; do touch "dev/$device" && mount --bind "/dev/$device" "dev/$device"; done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
mount -t tmpfs -o nosuid,nodev,mode=755 tmpfs run
mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs tmp
mkdir -p run/outside
pivot_root . run/outside
umount --lazy /run/outside
mount --make-rshared /  # systemd leaves this to whoever made the container; credentials come by it
# The kernel is the machine's.
exec env -i container=gantry-test PATH=/usr/sbin:/usr/bin:/sbin:/bin setpriv --bounding-set -sys_module,-sys_rawio,-sys_time,-sys_boot \
  /lib/systemd/systemd --system --unit=multi-user.target </dev/null
