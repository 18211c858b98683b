#include "completions.h"

#include "fault.h"

#include <cerrno>
#include <cstring>
#include <new>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace rspy {

Completions::Completions() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (event_ < 0) {
    int error = errno;
    throw Fault(error, std::string("eventfd: ") + strerror(error));
  }
}

Completions::~Completions() { close(event_); }

void Completions::push(const rspy_frame &frame) noexcept {
  try {
    std::lock_guard<std::mutex> lock(mutex_);
    frames_.push_back(frame);
  } catch (const std::bad_alloc &) {
    // The reader misses this picture, and its own watch notices if no other comes.
  }
  signal();
}

void Completions::lose() noexcept {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    isLost_ = true;
  }
  signal();
}

int Completions::wait(int timeoutMs) {
  pollfd poll{event_, POLLIN, 0};
  int result = ::poll(&poll, 1, timeoutMs);
  if (result < 0 && errno != EINTR) {
    int error = errno;
    throw Fault(error, std::string("poll: ") + strerror(error));
  }
  if (result <= 0) {
    return 0;
  }
  uint64_t count;
  // Reset before the queue is looked at: what is pushed meanwhile signals anew.
  return read(event_, &count, sizeof count) == sizeof count ? 1 : 0;
}

void Completions::wake() noexcept { signal(); }

std::optional<rspy_frame> Completions::take() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (frames_.empty()) {
    if (isLost_) {
      throw Fault(ENODEV, "the camera was taken away");
    }
    return std::nullopt;
  }
  rspy_frame frame = frames_.front();
  frames_.pop_front();
  return frame;
}

void Completions::clear() {
  std::lock_guard<std::mutex> lock(mutex_);
  frames_.clear();
}

void Completions::signal() noexcept {
  uint64_t one = 1;
  // Fails only where the count is full already: the reader wakes either way.
  [[maybe_unused]] ssize_t written = write(event_, &one, sizeof one);
}

} // namespace rspy
