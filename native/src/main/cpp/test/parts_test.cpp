// The parts behind the border: handles, completions, layouts and control values, with whatever may be thrown at them.
#include "completions.h"
#include "control_text.h"
#include "fault.h"
#include "handles.h"
#include "layout.h"
#include "mapping.h"

#include <libcamera/control_ids.h>
#include <libcamera/libcamera.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <functional>
#include <random>
#include <set>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>

using namespace rspy;

namespace {

int failures = 0;

void expect(bool holds, const char *what) {
  if (!holds) {
    failures++;
    fprintf(stderr, "FAILED: %s\n", what);
  }
}

int faultOf(const std::function<void()> &work) {
  try {
    work();
    return 0;
  } catch (const Fault &fault) {
    return fault.error();
  }
}

void aHandleThatWasGivenUpFindsNothing() {
  Handles<int> handles;
  std::set<int32_t> given;
  for (int i = 0; i < 300; i++) {
    int32_t handle = handles.add(std::make_shared<int>(i));
    expect(handle > 0, "handles are above 0");
    expect(given.insert(handle).second, "no handle is given twice");
    expect(*handles.get(handle) == i, "a handle finds its own");
    expect(*handles.remove(handle) == i, "and gives it up");
    for (int32_t old : given) {
      expect(faultOf([&] { handles.get(old); }) == EBADF, "a stale handle is closed");
      expect(faultOf([&] { handles.remove(old); }) == EBADF, "and cannot be closed again");
    }
  }
  std::mt19937 random(5);
  int32_t one = handles.add(std::make_shared<int>(1));
  for (int i = 0; i < 100000; i++) {
    int32_t forged = static_cast<int32_t>(random());
    expect(forged == one || faultOf([&] { handles.get(forged); }) == EBADF, "a forged handle");
  }
}

void thereIsRoomForSoManyHandles() {
  Handles<int> handles;
  std::vector<int32_t> given;
  for (int i = 0; i < 256; i++) {
    given.push_back(handles.add(std::make_shared<int>(i)));
  }
  expect(faultOf([&] { handles.add(std::make_shared<int>(0)); }) == EMFILE, "the 257th");
  for (int i = 0; i < 256; i++) {
    expect(*handles.get(given[i]) == i, "each of 256 finds its own");
    handles.remove(given[i]);
  }
}

void threadsOpenAndCloseBesideEachOther() {
  Handles<int> handles;
  std::atomic<int32_t> latest{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; t++) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 5000; i++) {
        int32_t own = handles.add(std::make_shared<int>(t));
        latest = own;
        if (*handles.get(own) != t) {
          abort();
        }
        faultOf([&] { (void)*handles.get(latest); }); // another's, perhaps closed by now
        handles.remove(own);
      }
    });
  }
  for (std::thread &thread : threads) {
    thread.join();
  }
}

// What one thread pushes comes out once and in order, and a wake or the camera's loss ends every wait.
void completionsComeOnceAndInOrder() {
  Completions completions;
  constexpr int kFrames = 20000;
  std::thread camera([&] {
    for (int i = 0; i < kFrames; i++) {
      rspy_frame frame{};
      frame.sequence = i;
      completions.push(frame);
    }
    completions.lose();
  });
  std::thread waker([&] {
    for (int i = 0; i < 300; i++) {
      completions.wake();
    }
  });
  int64_t next = 0;
  int lost = faultOf([&] {
    while (true) {
      completions.wait(1000);
      while (auto frame = completions.take()) {
        expect(frame->sequence == next, "in order");
        next++;
      }
    }
  });
  camera.join();
  waker.join();
  expect(lost == ENODEV, "the loss is told last");
  expect(next == kFrames, "every completion came");
}

libcamera::StreamConfiguration configuration(libcamera::PixelFormat format, unsigned int width,
                                             unsigned int height, unsigned int stride) {
  libcamera::StreamConfiguration config;
  config.pixelFormat = format;
  config.size = libcamera::Size(width, height);
  config.stride = stride;
  return config;
}

libcamera::FrameBuffer::Plane plane(const libcamera::SharedFD &fd, unsigned int offset,
                                    unsigned int length) {
  libcamera::FrameBuffer::Plane plane;
  plane.fd = fd;
  plane.offset = offset;
  plane.length = length;
  return plane;
}

void noPlaneReachesBehindItsMemory() {
  int number = memfd_create("planes", MFD_CLOEXEC);
  libcamera::SharedFD fd(number);
  close(number);
  std::mt19937 random(7);
  int taken = 0;
  for (int i = 0; i < 50000; i++) {
    const libcamera::PixelFormat formats[] = {libcamera::formats::YUV420, libcamera::formats::NV12,
                                              libcamera::formats::YUYV, libcamera::formats::R8};
    unsigned int width = 1 + random() % 70;
    unsigned int height = 1 + random() % 70;
    unsigned int stride = random() % 3 == 0 ? random() : random() % 200;
    auto config = configuration(formats[random() % 4], width, height, stride);
    std::vector<libcamera::FrameBuffer::Plane> given;
    unsigned int at = 0;
    for (unsigned int planes = 1 + random() % 3; planes > 0; planes--) {
      given.push_back(plane(fd, at, random() % 4 == 0 ? random() % 100 : 14000));
      at += given.back().length;
    }
    libcamera::FrameBuffer buffer(given);
    try {
      auto spans = plane_spans(buffer, config);
      for (const PlaneSpan &span : spans) {
        expect(span.length > 0, "a plane holds something");
        expect(span.offset + span.length <= at, "a plane ends where the memory does");
        expect(span.offset + span.length <= mapped_length(spans, span.fd), "all is mapped");
      }
      taken++;
    } catch (const Fault &fault) {
      expect(fault.error() == EINVAL, "what does not fit is EINVAL");
    }
  }
  expect(taken > 1000, "some fit");
  expect(faultOf([&] {
           libcamera::FrameBuffer none(std::vector<libcamera::FrameBuffer::Plane>{});
           plane_spans(none, configuration(libcamera::formats::NV12, 64, 48, 64));
         }) == EINVAL,
         "a buffer without memory");
}

void controlsTakeWhatTheyAreAndNothingElse() {
  const libcamera::ControlId &brightness = libcamera::controls::Brightness;
  expect(parse(brightness, "0.5").get<float>() == 0.5F, "a number");
  for (const char *text : {"nan", "-nan", "inf", "-inf", "infinity", "", " ", "1 ", "0x1", "1e99",
                           "0.5,", ",", "true", "1;2"}) {
    expect(faultOf([&] { parse(brightness, text); }) == EINVAL, text);
  }
  const libcamera::ControlId &exposure = libcamera::controls::ExposureTime;
  expect(parse(exposure, "-2147483648").get<int32_t>() == INT32_MIN, "the least");
  for (const char *text : {"2147483648", "1.5", "", "+1", "99999999999999999999"}) {
    expect(faultOf([&] { parse(exposure, text); }) == EINVAL, text);
  }
  for (const char *text : {"1,2,3", "1,2,3,4,5", "0,0,0,5", "0,0,5,-1", "a,b,c,d", ""}) {
    expect(faultOf([&] { parse(libcamera::controls::ScalerCrop, text); }) == EINVAL, text);
  }
  const libcamera::ControlId *ids[] = {&brightness, &exposure, &libcamera::controls::ScalerCrop,
                                       &libcamera::controls::AeEnable,
                                       &libcamera::controls::FrameDurationLimits};
  std::mt19937 random(9);
  const std::string letters = "0123456789,.-+eEnaifxtru \t\xff";
  for (int i = 0; i < 50000; i++) {
    std::string text;
    for (unsigned int n = random() % 12; n > 0; n--) {
      text += letters[random() % letters.size()];
    }
    int error = faultOf([&] { parse(*ids[random() % 5], text); });
    expect(error == 0 || error == EINVAL, "taken or refused");
  }
}

void aMappingOutlivesTheDescriptorItWasMadeOf() {
  int given = memfd_create("picture", MFD_CLOEXEC);
  expect(given >= 0 && write(given, "picture", 8) == 8, "memory");
  int own;
  {
    Mapping first(given, 8);
    close(given);
    Mapping mapping(std::move(first));
    own = mapping.fd();
    char byte = 0;
    expect(mapping.data()[0] == 'p', "the picture is there");
    expect(pread(own, &byte, 1, 1) == 1 && byte == 'i', "so is its descriptor");
  }
  expect(fcntl(own, F_GETFD) < 0, "and goes with it");
  expect(faultOf([] { Mapping none(-1, 8); }) == EBADF, "no descriptor, no mapping");
}

} // namespace

int main() {
  aMappingOutlivesTheDescriptorItWasMadeOf();
  aHandleThatWasGivenUpFindsNothing();
  thereIsRoomForSoManyHandles();
  threadsOpenAndCloseBesideEachOther();
  completionsComeOnceAndInOrder();
  noPlaneReachesBehindItsMemory();
  controlsTakeWhatTheyAreAndNothingElse();
  return failures == 0 ? 0 : 1;
}
