#!/bin/sh
# The first process of the guest: makes it usable, has the plan run with the second serial port as its output, where the
# host reads it (plan.c), and ends.
export PATH=/tools:/bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t debugfs debug /sys/kernel/debug
mount -t tmpfs tmp /tmp
ulimit -c 0
/tools/insmod /tools/lines.ko
# The kernel measures its clock once more a second after its start, and says so: that is not to be a module's line.
clock=/sys/devices/system/clocksource/clocksource0/current_clocksource
for try in $(seq 100); do
    grep -qx tsc "$clock" && break
    usleep 20000
done
stty -F /dev/ttyS1 raw -echo
exec >/dev/ttyS1 2>&1 </dev/null
echo "@@booted $(uname -r)"

/tools/plan
sync
reboot -f
