# The three kinds of guest. Sourced by "run", which sets: kind modules out shares virtual_time memory seconds.
# shellcheck shell=bash disable=SC2154

# Prints the shell script that a guest runs: drivers, working folder, command.
write_command() {
  local module parameters
  echo 'export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 RASPBERRYSPY_VM='"$kind"
  for module in $modules; do
    parameters=
    [[ $module != *:* ]] || parameters=${module#*:}
    printf 'modprobe %q' "${module%%:*}"
    [ -z "$parameters" ] || printf ' %q' ${parameters//;/ }
    echo ' || exit 125'
  done
  printf 'cd %q 2>/dev/null\n' "$PWD"
  printf '%q ' "$@"
  echo
}

# The guest's memory is a file which it maps: in RAM where there is room for it.
uml_memory_folder() {
  local free
  free=$(df --output=avail -m /dev/shm 2>/dev/null | tail -1)
  if [ "${free:-0}" -gt "$memory" ]; then echo /dev/shm; else mkdir -p "$state/work" && echo "$state/work"; fi
}

# The command's output comes through the second console, kernel messages through the first.
run_uml() {
  cp "$here/uml-init" "$out/init"
  TMPDIR=$(uml_memory_folder) timeout -k 5 "$seconds" "$state/uml/linux" "mem=${memory}M" "uml_dir=$out/" umid=guest \
    rootfstype=hostfs rootflags=/ ro "init=$out/init" "vm_out=$out" "vm_modules=$state/uml/lib/modules" \
    ${virtual_time:+time-travel=inf-cpu} con=null con0=null,fd:2 con1=null,fd:3 3>&1 >/dev/null 2>"$out/console.log" </dev/null
}

run_arm64() {
  local tree=$state/arm64 version image folder options=security_model=none,multidevs=remap input
  version=$(ls "$tree/lib/modules")
  image=$(arm64_initramfs "$tree" "$version")
  for folder in "$PWD" "$state" "$HOME/.m2" "${shares[@]}"; do
    [ ! -d "$folder" ] || echo "$folder"
  done >"$out/binds"
  # At the end of its input qemu takes the port for disconnected, and the guest's first write would wait for ever:
  # so the input is a pipe that nobody writes to or closes.
  input=$(mktemp -u "$out/in.XXXXXX")
  mkfifo "$input"
  exec 8<>"$input"
  rm "$input"
  timeout -k 5 "$seconds" qemu-system-aarch64 -M virt -cpu cortex-a72 -accel tcg,thread=multi,tb-size=1024 \
    -m "$memory" -smp 2 -nodefaults -display none -no-reboot \
    -kernel "$tree/boot/vmlinuz-$version" -initrd "$image" \
    -append "console=ttyAMA0 panic=-1 loglevel=4 mitigations=off nokaslr audit=0 random.trust_cpu=on" \
    -serial "file:$out/console.log" -chardev stdio,id=output,signal=off \
    -device virtio-serial-pci -device virtserialport,chardev=output,name=output -device virtio-rng-pci \
    -virtfs "local,path=$tree,mount_tag=root,readonly=on,$options" \
    -virtfs "local,path=/,mount_tag=host,readonly=on,$options" \
    -virtfs "local,path=$out,mount_tag=out,$options" <&8
}

# Prints the path of the first file system of the arm64 machine: a shell, and the drivers that reach this machine's files.
arm64_initramfs() {
  local tree=$1 version=$2 image folder module file
  image=$state/work/initramfs-$(fingerprint "$here/arm64-init" "$version" "$tree/.made-from").gz
  if [ ! -s "$image" ]; then
    mkdir -p "$state/work"
    folder=$(mktemp -d "$state/work/initramfs.XXXXXX")
    mkdir -p "$folder/bin" "$folder/drivers"
    cp "$tree/bin/busybox" "$folder/bin"
    cp "$here/arm64-init" "$folder/init"
    for module in virtio_pci virtio_mmio virtio_console 9pnet_virtio 9p overlay configfs; do
      modprobe -n --show-depends -d "$tree" -S "$version" "$module" 2>/dev/null | sed -n 's/^insmod \([^ ]*\).*/\1/p'
    done | awk '!seen[$0]++' | while read -r file; do
      cp "$file" "$folder/drivers"
      basename "$file"
    done >"$folder/drivers/order"
    (cd "$folder" && find . | cpio -o -H newc --quiet -R 0:0 | gzip -1) >"$folder.gz"
    mv "$folder.gz" "$image"
    rm -rf "$folder"
  fi
  printf '%s\n' "$image"
}

# A program is looked for in the arm64 tree first. It may not start others: those would be arm64 programs as well.
run_arm64_user() {
  local tree=$state/arm64 program=$1 directory target
  shift
  if [[ $program != */* ]]; then
    for directory in usr/local/bin usr/bin usr/sbin; do
      if [ -e "$tree/$directory/$program" ] || [ -L "$tree/$directory/$program" ]; then
        program=/$directory/$program
        break
      fi
    done
  fi
  # A Java runtime finds its home from the path of its own file, so links are followed, as seen from inside the tree.
  while [ -L "$tree$program" ]; do
    target=$(readlink "$tree$program")
    case $target in
      /*) program=$target ;;
      *) program=$(dirname "$program")/$target ;;
    esac
  done
  [ ! -e "$tree$program" ] || program=$tree$program
  timeout -k 5 "$seconds" qemu-aarch64-static -L "$tree" -cpu cortex-a72 "$program" "$@"
}
