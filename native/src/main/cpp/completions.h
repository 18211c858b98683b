// What libcamera's thread has completed and nobody has taken yet, and an eventfd that says so.
#pragma once

#include "rspy_camera.h"

#include <deque>
#include <mutex>
#include <optional>

namespace rspy {

class Completions {
public:
  Completions();
  ~Completions();
  Completions(const Completions &) = delete;
  Completions &operator=(const Completions &) = delete;

  // Called on libcamera's thread: never waits for a reader, throws nothing.
  void push(const rspy_frame &frame) noexcept;
  void lose() noexcept; // the camera is gone

  // 1: there may be something; 0: nothing in this time.
  int wait(int timeoutMs);
  void wake() noexcept;

  // The oldest, if there is one. Fault ENODEV where there is none and the camera is gone.
  std::optional<rspy_frame> take();
  void clear();

private:
  void signal() noexcept;

  const int event_;
  std::mutex mutex_;
  std::deque<rspy_frame> frames_;
  bool isLost_ = false;
};

} // namespace rspy
