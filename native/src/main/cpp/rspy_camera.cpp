// The border: every exception becomes a number and a sentence here.
#include "rspy_camera.h"

#include "fault.h"
#include "handles.h"
#include "manager.h"
#include "session.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <new>
#include <system_error>

namespace {

using rspy::Fault;
using rspy::Session;

// The caller reads these by offset.
static_assert(sizeof(rspy_ask) == 32 && offsetof(rspy_ask, lores_fourcc) == 20);
static_assert(sizeof(rspy_stream) == 24 && offsetof(rspy_stream, range) == 20);
static_assert(sizeof(rspy_plane) == 32 && offsetof(rspy_plane, stride) == 24);
static_assert(sizeof(rspy_frame) == 32 && offsetof(rspy_frame, buffer) == 16);

// Never destroyed: at the process's end other threads may still be here.
rspy::Handles<Session> &sessions() {
  static auto *handles = new rspy::Handles<Session>;
  return *handles;
}

// Of fixed size, so that even "no memory" can be said.
thread_local char lastError[512] = "";

int32_t fail(int error, const char *sentence) noexcept {
  strncpy(lastError, sentence, sizeof lastError - 1);
  return -error;
}

template <typename Work> int32_t guard(Work work) noexcept {
  try {
    return work();
  } catch (const Fault &fault) {
    return fail(fault.error(), fault.what());
  } catch (const std::bad_alloc &) {
    return fail(ENOMEM, "no memory");
  } catch (const std::system_error &error) {
    return fail(error.code().value() > 0 ? error.code().value() : EIO, error.what());
  } catch (const std::exception &error) {
    return fail(EIO, error.what());
  } catch (...) {
    return fail(EIO, "libcamera failed and does not say why");
  }
}

template <typename T> T *present(T *pointer) {
  if (pointer == nullptr) {
    throw Fault(EFAULT, "a null pointer was passed");
  }
  return pointer;
}

int32_t give(const std::string &text, char *into, int32_t capacity) {
  if (capacity > 0) {
    size_t count = std::min<size_t>(text.size(), capacity - 1);
    memcpy(present(into), text.data(), count);
    into[count] = 0;
  }
  return static_cast<int32_t>(text.size() + 1);
}

} // namespace

extern "C" {

int32_t rspy_camera_abi(void) { return RSPY_CAMERA_ABI; }

const char *rspy_camera_version(void) {
  return libcamera::CameraManager::version().c_str();
}

const char *rspy_camera_last_error(void) { return lastError; }

int32_t rspy_camera_list(char *into, int32_t capacity) {
  return guard([&] { return give(rspy::describe(*rspy::manager()), into, capacity); });
}

int32_t rspy_camera_open(const char *which) {
  return guard([&] { return sessions().add(std::make_shared<Session>(present(which))); });
}

int32_t rspy_camera_id(int32_t handle, char *into, int32_t capacity) {
  return guard([&] { return give(sessions().get(handle)->id(), into, capacity); });
}

int32_t rspy_camera_configure(int32_t handle, const rspy_ask *ask,
                              rspy_stream granted[RSPY_MAX_STREAMS]) {
  return guard([&] {
    auto streams = sessions().get(handle)->configure(*present(ask));
    std::copy(streams.begin(), streams.end(), present(granted));
    return static_cast<int32_t>(streams.size());
  });
}

int32_t rspy_camera_buffer(int32_t handle, int32_t stream, int32_t buffer,
                           rspy_plane planes[RSPY_MAX_PLANES]) {
  return guard([&] {
    auto found = sessions().get(handle)->planes(stream, buffer);
    std::copy(found.begin(), found.end(), present(planes));
    return static_cast<int32_t>(found.size());
  });
}

int32_t rspy_camera_controls(int32_t handle, char *into, int32_t capacity) {
  return guard([&] { return give(sessions().get(handle)->controls(), into, capacity); });
}

int32_t rspy_camera_set_control(int32_t handle, const char *name, const char *value) {
  return guard([&] {
    sessions().get(handle)->setControl(present(name), present(value));
    return 0;
  });
}

int32_t rspy_camera_start(int32_t handle) {
  return guard([&] {
    sessions().get(handle)->start();
    return 0;
  });
}

int32_t rspy_camera_wait(int32_t handle, int32_t timeout_ms) {
  return guard([&] { return sessions().get(handle)->wait(std::max(0, timeout_ms)); });
}

int32_t rspy_camera_wake(int32_t handle) {
  return guard([&] {
    sessions().get(handle)->wake();
    return 0;
  });
}

int32_t rspy_camera_next(int32_t handle, rspy_frame *frame) {
  return guard([&] { return sessions().get(handle)->next(*present(frame)) ? 1 : 0; });
}

int32_t rspy_camera_requeue(int32_t handle, int32_t buffer) {
  return guard([&] {
    sessions().get(handle)->requeue(buffer);
    return 0;
  });
}

int32_t rspy_camera_stop(int32_t handle) {
  return guard([&] {
    sessions().get(handle)->stop();
    return 0;
  });
}

int32_t rspy_camera_release(int32_t handle) {
  return guard([&] {
    sessions().get(handle)->release();
    return 0;
  });
}

int32_t rspy_camera_close(int32_t handle) {
  return guard([&] {
    // Whoever works with it at this moment unmaps it when done.
    sessions().remove(handle)->release();
    return 0;
  });
}

} // extern "C"
