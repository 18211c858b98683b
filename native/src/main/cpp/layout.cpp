#include "layout.h"

#include "fault.h"

#include <algorithm>
#include <cerrno>

namespace rspy {

using namespace libcamera;

namespace {

// How chroma planes relate to the first one.
struct Shape {
  int planes;
  int strideDivisor;
  int rowDivisor;
};

Shape shape(const PixelFormat &format) {
  if (format == formats::YUV420 || format == formats::YVU420) {
    return {3, 2, 2};
  }
  if (format == formats::NV12 || format == formats::NV21) {
    return {2, 1, 2};
  }
  return {1, 1, 1};
}

} // namespace

rspy_stream granted_stream(const StreamConfiguration &config, int buffers) {
  int range = RSPY_RANGE_UNKNOWN;
  if (config.colorSpace) {
    range = config.colorSpace->range == ColorSpace::Range::Full ? RSPY_RANGE_FULL
                                                                 : RSPY_RANGE_LIMITED;
  }
  return {static_cast<int32_t>(config.size.width),
          static_cast<int32_t>(config.size.height),
          config.pixelFormat.fourcc(),
          shape(config.pixelFormat).planes,
          buffers,
          range};
}

std::vector<PlaneSpan> plane_spans(const FrameBuffer &buffer, const StreamConfiguration &config) {
  Shape planes = shape(config.pixelFormat);
  const auto &given = buffer.planes();
  std::vector<PlaneSpan> spans;
  if (given.empty()) {
    throw Fault(EINVAL, "a buffer of " + config.toString() + " has no memory");
  }
  for (int i = 0; i < planes.planes; i++) {
    size_t stride = i == 0 ? config.stride : config.stride / planes.strideDivisor;
    size_t rows = i == 0 ? config.size.height
                         : (config.size.height + planes.rowDivisor - 1) / planes.rowDivisor;
    PlaneSpan span{-1, 0, stride * rows, static_cast<int>(stride)};
    size_t room;
    if (given.size() == static_cast<size_t>(planes.planes)) {
      const FrameBuffer::Plane &plane = given[i];
      span.fd = plane.fd.get();
      span.offset = plane.offset == FrameBuffer::Plane::kInvalidOffset ? 0 : plane.offset;
      room = plane.length;
    } else {
      // All planes in one piece of memory, one behind the other.
      const FrameBuffer::Plane &whole = given[0];
      size_t start = whole.offset == FrameBuffer::Plane::kInvalidOffset ? 0 : whole.offset;
      span.fd = whole.fd.get();
      span.offset = i == 0 ? start : spans.back().offset + spans.back().length;
      room = start + whole.length - std::min<size_t>(span.offset, start + whole.length);
    }
    if (span.length == 0 || room < span.length) {
      throw Fault(EINVAL, "plane " + std::to_string(i) + " of " + config.toString() + " has " +
                              std::to_string(room) + " bytes, not " + std::to_string(span.length));
    }
    spans.push_back(span);
  }
  return spans;
}

size_t mapped_length(const std::vector<PlaneSpan> &spans, int fd) {
  size_t length = 0;
  for (const PlaneSpan &span : spans) {
    if (span.fd == fd) {
      length = std::max(length, span.offset + span.length);
    }
  }
  return length;
}

} // namespace rspy
