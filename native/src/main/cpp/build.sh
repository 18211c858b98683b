#!/bin/sh
# Builds libraspberryspy_camera.so into a folder: build.sh FOLDER PLATFORM. Without a compiler, or for another
# platform than this machine's, it says so and is content: the program runs without.
set -e
here=$(dirname "$0")
folder=$1
case "$(uname -m)" in
  aarch64) own=linux-arm64 ;;
  x86_64) own=linux-x86_64 ;;
  *) own="linux-$(uname -m)" ;;
esac
if [ "$2" != "$own" ]; then
  rm -f "$folder/libraspberryspy_camera.so" # an earlier one is not for that platform either
  echo "libcamera: not built for $2 on a machine of $own"
  exit 0
fi
for tool in cmake c++ pkg-config; do
  if ! command -v "$tool" > /dev/null; then
    echo "libcamera: not built, for $tool is not installed"
    exit 0
  fi
done
cmake -S "$here" -B "$folder/cmake" -DCMAKE_LIBRARY_OUTPUT_DIRECTORY="$folder" > "$folder/cmake.log"
cmake --build "$folder/cmake" >> "$folder/cmake.log"
