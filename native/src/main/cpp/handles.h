// Numbers in place of pointers: a number that was given up never finds what has its place now.
#pragma once

#include "fault.h"

#include <cerrno>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace rspy {

template <typename T> class Handles {
public:
  // handle = generation << 8 | place; always above 0.
  int32_t add(std::shared_ptr<T> object) {
    std::lock_guard<std::mutex> lock(mutex_);
    size_t place = 0;
    while (place < slots_.size() && slots_[place].object) {
      place++;
    }
    if (place == kMost) {
      throw Fault(EMFILE, "more cameras are open than handles exist");
    }
    if (place == slots_.size()) {
      slots_.emplace_back();
    }
    slots_[place].object = std::move(object);
    return handle(place);
  }

  // Who calls holds what it gets for as long as it works with it, whoever closes it meanwhile.
  std::shared_ptr<T> get(int32_t handle) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return slots_[checked(handle)].object;
  }

  std::shared_ptr<T> remove(int32_t handle) {
    std::lock_guard<std::mutex> lock(mutex_);
    Slot &slot = slots_[checked(handle)];
    slot.generation = slot.generation % kGenerations + 1;
    return std::move(slot.object);
  }

private:
  static constexpr size_t kMost = 256;
  static constexpr int32_t kGenerations = 0x7ffffe;

  struct Slot {
    std::shared_ptr<T> object;
    int32_t generation = 1;
  };

  int32_t handle(size_t place) const {
    return slots_[place].generation << 8 | static_cast<int32_t>(place);
  }

  size_t checked(int32_t number) const {
    size_t place = number & 0xff;
    if (number <= 0 || place >= slots_.size() || !slots_[place].object || handle(place) != number) {
      throw Fault(EBADF, "camera handle " + std::to_string(number) + " is closed");
    }
    return place;
  }

  mutable std::mutex mutex_;
  std::vector<Slot> slots_;
};

} // namespace rspy
