// What must hold with no camera at all: nothing crosses the border but numbers and sentences.
#include "rspy_camera.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <initializer_list>
#include <unistd.h>

namespace {

int failures = 0;

void expect(bool holds, const char *what) {
  if (!holds) {
    failures++;
    fprintf(stderr, "FAILED: %s (last error: %s)\n", what, rspy_camera_last_error());
  }
}

int highestFd() {
  int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  close(fd);
  return fd;
}

void staleHandlesAreErrors() {
  for (int32_t handle : {0, -1, 1, 256, 0x7fffffff}) {
    rspy_frame frame{};
    rspy_ask ask{640, 480, 0, 0, 0, 0, 4, 0};
    rspy_stream granted[RSPY_MAX_STREAMS];
    rspy_plane planes[RSPY_MAX_PLANES];
    char text[8];
    expect(rspy_camera_id(handle, text, sizeof text) == -EBADF, "id of no handle");
    expect(rspy_camera_configure(handle, &ask, granted) == -EBADF, "configure of no handle");
    expect(rspy_camera_buffer(handle, 0, 0, planes) == -EBADF, "buffer of no handle");
    expect(rspy_camera_controls(handle, text, sizeof text) == -EBADF, "controls of no handle");
    expect(rspy_camera_set_control(handle, "Contrast", "1") == -EBADF, "set of no handle");
    expect(rspy_camera_start(handle) == -EBADF, "start of no handle");
    expect(rspy_camera_wait(handle, 0) == -EBADF, "wait of no handle");
    expect(rspy_camera_wake(handle) == -EBADF, "wake of no handle");
    expect(rspy_camera_next(handle, &frame) == -EBADF, "next of no handle");
    expect(rspy_camera_requeue(handle, 0) == -EBADF, "requeue of no handle");
    expect(rspy_camera_stop(handle) == -EBADF, "stop of no handle");
    expect(rspy_camera_release(handle) == -EBADF, "release of no handle");
    expect(rspy_camera_close(handle) == -EBADF, "close of no handle");
    expect(strstr(rspy_camera_last_error(), "is closed") != nullptr, "the sentence");
  }
}

void unknownCamerasAreAbsent() {
  expect(rspy_camera_open("no such camera") == -ENODEV, "open of no camera");
  expect(strlen(rspy_camera_last_error()) > 0, "the sentence");
  expect(rspy_camera_open(nullptr) == -EFAULT, "open of null");
}

void listingLeavesNothingOpen() {
  char small[1];
  int needed = rspy_camera_list(small, 0);
  expect(needed >= 1, "length of the list");
  expect(rspy_camera_list(small, sizeof small) == needed && small[0] == 0, "list cut short");
  int before = highestFd();
  for (int i = 0; i < 20; i++) {
    expect(rspy_camera_list(small, sizeof small) == needed, "list again");
  }
  expect(highestFd() == before, "descriptors after 20 lists");
}

} // namespace

int main() {
  expect(rspy_camera_abi() == RSPY_CAMERA_ABI, "abi");
  expect(strlen(rspy_camera_version()) > 0, "version");
  staleHandlesAreErrors();
  unknownCamerasAreAbsent();
  listingLeavesNothingOpen();
  return failures == 0 ? 0 : 1;
}
