#!/bin/sh
# The first process of the guest: runs each module's script and writes what came of it to the second serial port, for
# the host to read. The folders of /plan are in the order of the run; each has the module, `script` and `seconds`.
export PATH=/tools:/bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t debugfs debug /sys/kernel/debug
mount -t tmpfs tmp /tmp
ulimit -c 0
/tools/insmod /tools/lines.ko
stty -F /dev/ttyS1 raw -echo
exec >/dev/ttyS1 2>&1 </dev/null
echo "@@booted $(uname -r)"

unload_all() {
    for module in /sys/module/*/taint; do
        grep -q O "$module" 2>/dev/null || continue
        module=${module%/taint}
        module=${module##*/}
        [ "$module" = lines ] || /tools/rmmod "$module" 2>/dev/null
    done
}

cd /plan || exit 1
for folder in *; do
    cd "/plan/$folder" || continue
    dmesg -c >/dev/null
    echo "@@begin $folder"
    timeout "$(cat seconds)" /tools/sh ./script >/run/output 2>&1
    echo "@@status $?"
    unload_all
    echo "@@output"
    cat /run/output
    echo
    echo "@@log"
    dmesg -c
    echo "@@end $folder"
    (cd /tmp && rm -rf ./*)
done
echo "@@done"
sync
reboot -f
