// Where the planes of a picture lie, for the formats that callers may ask for.
#pragma once

#include "rspy_camera.h"

#include <libcamera/libcamera.h>

#include <vector>

namespace rspy {

struct PlaneSpan {
  int fd;
  size_t offset; // from the dmabuf's start
  size_t length;
  int stride;
};

// What a stream was granted, with so many buffers.
rspy_stream granted_stream(const libcamera::StreamConfiguration &config, int buffers);

// The planes of a buffer; EINVAL where they would not hold the picture.
std::vector<PlaneSpan> plane_spans(const libcamera::FrameBuffer &buffer,
                                   const libcamera::StreamConfiguration &config);

// How much of a dmabuf the planes in it need.
size_t mapped_length(const std::vector<PlaneSpan> &spans, int fd);

} // namespace rspy
