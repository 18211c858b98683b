// A dmabuf in this process's memory.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rspy {

class Mapping {
public:
  // For reading. It keeps a descriptor of its own: whoever still reads may close the other one.
  Mapping(int fd, size_t length);
  ~Mapping();
  Mapping(Mapping &&other) noexcept;
  Mapping(const Mapping &) = delete;
  Mapping &operator=(const Mapping &) = delete;
  Mapping &operator=(Mapping &&) = delete;

  uint8_t *data() const { return data_; }
  // Its own, open for as long as it is.
  int fd() const { return fd_; }

  // Brackets what the processor reads: its caches may hold an older picture.
  void beginRead() const;
  void endRead() const;

private:
  void sync(uint64_t flags) const;

  int fd_;
  size_t length_;
  uint8_t *data_;
};

} // namespace rspy
