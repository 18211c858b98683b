# Builds Linux as a program (User-mode Linux): needs no emulation and no right to virtualise, runs at the machine's own speed.
# Sourced by "prepare".
# shellcheck shell=bash

# The kernel's version is fixed: the drivers' faults and controls, which the tests use, change between versions.
uml_source=linux-source-6.12

prepare_uml() {
  local target=$state/uml build=$state/build/uml inputs
  need_packages gcc make flex bison bc kmod libelf-dev xz-utils busybox-static
  [ -n "$(candidate $uml_source)" ] || need_apt_lists
  inputs=$(fingerprint "$here/uml.config" "$here/prepare-uml.sh" "$(candidate $uml_source)" "$(candidate v4l2loopback-dkms)")
  ! is_made "$target" "$inputs" || return 0
  mkdir -p "$target" "$build"
  uml_unpack "$build"
  uml_compile "$build"
  uml_loopback "$build"
  uml_install "$build" "$target"
  made "$target" "$inputs"
}

# A machine fresh from its image has no lists of packages yet.
need_apt_lists() {
  [ "$(id -u)" = 0 ] || fail "apt knows no $uml_source: run 'apt-get update' as root"
  apt-get update -qq
}

# The source without what only other processors use.
uml_unpack() {
  local build=$1 deb
  [ ! -e "$build/src/Makefile" ] || return 0
  deb=$(fetch_deb $uml_source)
  say "unpacking $uml_source"
  rm -rf "$build/unpacking" && mkdir "$build/unpacking"
  dpkg-deb --fsys-tarfile "$deb" | tar -xO ./usr/src/$uml_source.tar.xz | xz -dc |
    tar -x --strip-components=1 -C "$build/unpacking" \
      --exclude='*/boot/dts' --exclude='*/drm/amd/include' --exclude='*/tools/testing'
  rm -rf "$build/src" && mv "$build/unpacking" "$build/src"
}

uml_make() {
  local build=$1
  shift
  make -s -C "$build/src" ARCH=um O="$build/obj" "$@"
}

uml_compile() {
  local build=$1 option
  say "building User-mode Linux, 3 minutes"
  quietly "$build/config.log" uml_make "$build" KCONFIG_ALLCONFIG="$here/uml.config" allnoconfig
  # An option whose conditions are not met disappears in silence.
  while read -r option; do
    case $option in
      CONFIG_*=n) ;;
      CONFIG_*) grep -qx "$option" "$build/obj/.config" || fail "$option of uml.config is not possible in $uml_source" ;;
    esac
  done <"$here/uml.config"
  quietly "$build/make.log" uml_make "$build" -j"$(nproc)"
}

# The driver that plays what a program feeds it: cameras that encode themselves (MJPEG, H.264) are made of it.
uml_loopback() {
  local build=$1
  rm -rf "$build/loopback" && mkdir "$build/loopback"
  dpkg-deb --fsys-tarfile "$(fetch_deb v4l2loopback-dkms)" |
    tar -x -C "$build/loopback" --strip-components=4 --wildcards './usr/src/v4l2loopback-*'
  # Its version is older than the kernel, from which strlcpy has gone since.
  printf 'obj-m := v4l2loopback.o\nccflags-y := -Dstrlcpy=strscpy\n' >"$build/loopback/Kbuild"
  quietly "$build/loopback.log" uml_make "$build" M="$build/loopback" modules
}

uml_install() {
  local build=$1 target=$2 version
  rm -rf "${target:?}/lib"
  quietly "$build/install.log" uml_make "$build" INSTALL_MOD_PATH="$target" INSTALL_MOD_STRIP=1 modules_install
  version=$(ls "$target/lib/modules")
  mkdir -p "$target/lib/modules/$version/extra"
  strip -g -o "$target/lib/modules/$version/extra/v4l2loopback.ko" "$build/loopback/v4l2loopback.ko"
  rm -f "$target/lib/modules/$version"/{build,source}
  depmod -b "$target" "$version"
  # Whoever runs the old one keeps it.
  strip -g -o "$target/linux.new" "$build/obj/linux"
  mv "$target/linux.new" "$target/linux"
}
