// The one camera manager that a process may have, alive while somebody uses it.
#pragma once

#include <libcamera/libcamera.h>

#include <memory>
#include <string>

namespace rspy {

// The running manager; it stops when the last holder lets go.
std::shared_ptr<libcamera::CameraManager> manager();

// A line for each camera: id, tab, model.
std::string describe(const libcamera::CameraManager &manager);

// A camera by number, id, or a part of id or model that only it has.
std::shared_ptr<libcamera::Camera> find(const libcamera::CameraManager &manager,
                                        const std::string &which);

} // namespace rspy
