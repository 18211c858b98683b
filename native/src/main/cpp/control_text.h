// libcamera's control values as text, both ways.
#pragma once

#include <libcamera/controls.h>

#include <string>

namespace rspy {

// A line for each control: name, type, least, most, default.
std::string describe(const libcamera::ControlInfoMap &controls);

// The control of this name.
const libcamera::ControlId &find(const libcamera::ControlInfoMap &controls,
                                 const std::string &name);

// Reads a value as the control wants it: "true", "2.5", "33333,33333", "0,0,640,480".
libcamera::ControlValue parse(const libcamera::ControlId &id, const std::string &text);

} // namespace rspy
