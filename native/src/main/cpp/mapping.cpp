#include "mapping.h"

#include "fault.h"

#include <cerrno>
#include <cstring>
#include <linux/dma-buf.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <utility>

namespace rspy {

Mapping::Mapping(int fd, size_t length) : fd_(fd), length_(length) {
  void *address = mmap(nullptr, length, PROT_READ, MAP_SHARED, fd, 0);
  if (address == MAP_FAILED) {
    int error = errno;
    throw Fault(error, "mmap of a picture of " + std::to_string(length) +
                           " bytes: " + strerror(error));
  }
  data_ = static_cast<uint8_t *>(address);
}

Mapping::Mapping(Mapping &&other) noexcept
    : fd_(other.fd_), length_(other.length_), data_(std::exchange(other.data_, nullptr)) {}

Mapping::~Mapping() {
  if (data_ != nullptr) {
    munmap(data_, length_);
  }
}

void Mapping::beginRead() const { sync(DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ); }

void Mapping::endRead() const { sync(DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ); }

// Not every exporter has something to do here, and none can do more about a failure than go on.
void Mapping::sync(uint64_t flags) const {
  dma_buf_sync request{};
  request.flags = flags;
  int result;
  do {
    result = ioctl(fd_, DMA_BUF_IOCTL_SYNC, &request);
  } while (result < 0 && (errno == EINTR || errno == EAGAIN));
}

} // namespace rspy
