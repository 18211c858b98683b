# Unpacks a Debian 12 for arm64 into a folder: a Java runtime, what FFmpeg's natives link to, a kernel, and the camera drivers
# which Debian's kernel leaves out. The machine's own packages are not touched. Sourced by "prepare".
# shellcheck shell=bash

arm64_packages=(
  bash dash coreutils grep sed findutils procps kmod busybox-static
  linux-image-arm64
  openjdk-17-jre-headless
  # avutil, and with it everything else of FFmpeg's natives, is linked to these three; avdevice to the four after them
  libva2 libva-drm2 libdrm2
  libxcb1 libxcb-shm0 libasound2 libpulse0
  v4l-utils gpiod
)

prepare_arm64() {
  local target=$state/arm64 build=$state/build/arm64 inputs
  need_packages qemu-system-arm qemu-user-static gcc gcc-aarch64-linux-gnu make cpio kmod xz-utils
  inputs=$(fingerprint "$here/prepare-arm64.sh" "$here/prepare-arm64-modules.sh")
  ! is_made "$target" "$inputs" || return 0
  rm -rf "$target" "$state/work" && mkdir -p "$target" "$build"
  arm64_fetch "$build" "${arm64_packages[@]}"
  arm64_unpack "$build" "$target"
  arm64_modules "$build" "$target"
  made "$target" "$inputs"
}

# Downloads packages and all they depend on. Apt runs with a state of its own that knows of nothing installed.
arm64_fetch() {
  local build=$1
  shift
  mkdir -p "$build"/apt/{state/lists/partial,cache/archives/partial}
  : >"$build/apt/status"
  # The archives that this machine uses itself, with Debian's own keys.
  # shellcheck disable=SC2016 # apt replaces these
  apt-get indextargets --format '$(ORIGIN) $(CREATED_BY) $(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
    awk '$1 == "Debian" && $4 !~ /backports/ { print $3, $4 }' | sort -u | while read -r uri suite; do
    echo "deb [arch=arm64 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $suite main"
  done >"$build/apt/sources.list"
  [ -s "$build/apt/sources.list" ] || fail "apt uses no archive of Debian: this wants Debian 12"
  quietly "$build/update.log" arm64_apt "$build" update
  say "fetching $(arm64_apt "$build" install --print-uris -qq -y "$@" | wc -l) arm64 packages"
  quietly "$build/fetch.log" arm64_apt "$build" install -y --download-only "$@"
}

arm64_apt() {
  local apt=$1/apt
  shift
  apt-get -q -o APT::Architecture=arm64 -o APT::Architectures::=arm64 -o APT::Install-Recommends=0 -o APT::Sandbox::User=root \
    -o Dir::State="$apt/state" -o Dir::State::status="$apt/status" -o Dir::Cache="$apt/cache" \
    -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
    -o Debug::NoLocking=1 -o Acquire::Languages=none "$@"
}

# Files only: no script of a package is run, so what those would have set up is done here.
arm64_unpack() {
  local build=$1 target=$2 directory deb java
  for directory in bin sbin lib; do
    mkdir -p "$target/usr/$directory"
    ln -sfn "usr/$directory" "$target/$directory"
  done
  for deb in "$build"/apt/cache/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C "$target"
  done
  mkdir -p "$target"/{proc,sys,dev,tmp,vm,host,run,root}
  chmod 1777 "$target/tmp"
  echo 'root:x:0:0:root:/root:/bin/bash' >"$target/etc/passwd"
  echo 'root:x:0:' >"$target/etc/group"
  java=$(find "$target/usr/lib/jvm" -maxdepth 1 -type d -name 'java-*-openjdk-arm64' | head -1)
  ln -sfn "${java#"$target"}/bin/java" "$target/usr/bin/java"
}
