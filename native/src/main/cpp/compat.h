// Where libcamera's versions differ: 0.0.3 (Debian 12) to 0.7 (Raspberry Pi OS).
#pragma once

#include "fault.h"

#include <libcamera/libcamera.h>

#include <cerrno>
#include <sys/types.h>
#include <vector>

#define RSPY_LIBCAMERA_SINCE(major, minor, patch)                                                  \
  (LIBCAMERA_VERSION_MAJOR * 1000000 + LIBCAMERA_VERSION_MINOR * 1000 +                            \
       LIBCAMERA_VERSION_PATCH >=                                                                  \
   (major) * 1000000 + (minor) * 1000 + (patch))

namespace rspy {

// Whether a control's value is a list even where it holds one element. Older versions don't say: the only
// such control here is FrameDurationLimits, which is given two.
inline bool isArray([[maybe_unused]] const libcamera::ControlId &id) {
#if RSPY_LIBCAMERA_SINCE(0, 4, 0)
  return id.isArray();
#else
  return false;
#endif
}

// Asks for a rotation, clockwise; checked with isRotated once the configuration is validated.
inline void rotate(libcamera::CameraConfiguration &config, int degrees) {
  bool isKnown = false;
#if RSPY_LIBCAMERA_SINCE(0, 2, 0)
  config.orientation = libcamera::orientationFromRotation(degrees, &isKnown);
#else
  config.transform = libcamera::transformFromRotation(degrees, &isKnown);
#endif
  if (!isKnown) {
    throw Fault(EINVAL, "rotation " + std::to_string(degrees) + "; allowed are 0, 90, 180, 270");
  }
}

// Whether validation left the rotation as it was asked for.
inline bool isRotated(const libcamera::CameraConfiguration &config, int degrees) {
#if RSPY_LIBCAMERA_SINCE(0, 2, 0)
  return config.orientation == libcamera::orientationFromRotation(degrees);
#else
  return config.transform == libcamera::transformFromRotation(degrees);
#endif
}

// Whether a picture was taken before exposure and colours had settled. Older versions keep those to
// themselves.
inline bool isStartup([[maybe_unused]] const libcamera::FrameMetadata &metadata) {
#if RSPY_LIBCAMERA_SINCE(0, 5, 2)
  return metadata.status == libcamera::FrameMetadata::FrameStartup;
#else
  return false;
#endif
}

// The device nodes of a camera, where this version tells; empty otherwise.
inline std::vector<dev_t> deviceNodes([[maybe_unused]] const libcamera::Camera &camera) {
  std::vector<dev_t> nodes;
#if RSPY_LIBCAMERA_SINCE(0, 2, 0)
  auto devices = camera.properties().get(libcamera::properties::SystemDevices);
  if (devices) {
    for (int64_t device : *devices) {
      nodes.push_back(static_cast<dev_t>(device));
    }
  }
#endif
  return nodes;
}

} // namespace rspy
