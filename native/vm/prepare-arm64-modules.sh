# Compiles, for the arm64 tree's kernel, the camera drivers and the simulated GPIO chip that Debian builds for no kernel, out of
# Debian's own source of that kernel. Sourced by "prepare".
# shellcheck shell=bash


arm64_modules() {
  local build=$1 target=$2 version series
  version=$(ls "$target/lib/modules")
  series=$(cut -d. -f1,2 <<<"$version")
  depmod -b "$target" "$version"
  arm64_headers "$build" "$version" "$series"
  arm64_driver_sources "$build" "$series"
  say "building drivers for $version"
  quietly "$build/modules.log" make -j"$(nproc)" -C "$build/headers/usr/src/linux-headers-$version" M="$build/drivers" \
    ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- modules
  mkdir -p "$target/lib/modules/$version/extra"
  find "$build/drivers" -name '*.ko' -exec aarch64-linux-gnu-strip -g {} + -exec cp -t "$target/lib/modules/$version/extra" {} +
  depmod -b "$target" "$version"
}

# The kernel's headers, unpacked; their build programs are those for this machine, so that they run here.
arm64_headers() {
  local build=$1 version=$2 series=$3 deb
  rm -rf "$build/headers" && mkdir "$build/headers"
  (cd "$build" && arm64_apt "$build" download "linux-headers-$version" "linux-headers-${version%-arm64}-common" >/dev/null)
  for deb in "$build"/linux-headers-*.deb "$(fetch_deb "linux-kbuild-$series")"; do
    dpkg -x "$deb" "$build/headers"
  done
  grep -rl --include=Makefile '/usr/src/linux-headers' "$build/headers/usr/src/linux-headers-$version" |
    xargs -r sed -i "s#\([^.]\)/usr/src/linux-headers#\1$build/headers/usr/src/linux-headers#"
}

arm64_driver_sources() {
  local build=$1 series=$2 source=linux-source-$2 drivers=$1/drivers test=drivers/media/test-drivers
  rm -rf "$drivers" && mkdir -p "$drivers"/{mem2mem,loopback,simulated}
  dpkg-deb --fsys-tarfile "$(fetch_deb "$source")" | tar -xO "./usr/src/$source.tar.xz" | xz -dc |
    tar -x --strip-components=1 -C "$drivers" "$source/$test/vimc" "$source/$test/vicodec" "$source/$test/vim2m.c" \
      "$source/drivers/media/v4l2-core/v4l2-mem2mem.c" "$source/drivers/gpio/gpio-sim.c" "$source/drivers/gpio/gpiolib.h" \
      "$source/kernel/irq/irq_sim.c"
  mv "$drivers/$test/vim2m.c" "$drivers/drivers/media/v4l2-core/v4l2-mem2mem.c" "$drivers/mem2mem"
  mv "$drivers"/drivers/gpio/* "$drivers/kernel/irq/irq_sim.c" "$drivers/simulated"
  # Core code, which is no module anywhere: it needs a licence and a way to a descriptor that modules may go.
  sed -i 's/irq_to_desc(irqnum)/irq_data_to_desc(irq_get_irq_data(irqnum))/
    s/#include <linux\/irq.h>/&\n#include <linux\/irqdesc.h>\n#include <linux\/module.h>/' "$drivers/simulated/irq_sim.c"
  echo 'MODULE_LICENSE("GPL");' >>"$drivers/simulated/irq_sim.c"
  dpkg-deb --fsys-tarfile "$(fetch_deb v4l2loopback-dkms)" |
    tar -x -C "$drivers/loopback" --strip-components=4 --wildcards './usr/src/v4l2loopback-*'
  # Their makefiles ask a configuration which Debian has switched off.
  sed -i 's/obj-$(CONFIG_[A-Z_0-9]*)/obj-m/' "$drivers/$test"/{vimc,vicodec}/Makefile
  echo 'obj-m := vim2m.o v4l2-mem2mem.o' >"$drivers/mem2mem/Kbuild"
  echo 'obj-m := v4l2loopback.o' >"$drivers/loopback/Kbuild"
  echo 'obj-m := irq_sim.o gpio-sim.o' >"$drivers/simulated/Kbuild"
  echo "obj-m := mem2mem/ loopback/ simulated/ $test/vimc/ $test/vicodec/" >"$drivers/Kbuild"
}
