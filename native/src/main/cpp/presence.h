// Whether the kernel still has the devices behind a camera.
#pragma once

#include <sys/types.h>
#include <vector>

namespace rspy {

// Whether one of these device nodes is gone. Where none is known: whether any camera device that this process
// holds open is.
bool is_gone(const std::vector<dev_t> &nodes);

} // namespace rspy
