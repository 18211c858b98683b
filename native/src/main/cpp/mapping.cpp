#include "mapping.h"

#include "fault.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace rspy {

Mapping::Mapping(int fd, size_t length)
    : fd_(fcntl(fd, F_DUPFD_CLOEXEC, 0)), length_(length), data_(nullptr) {
  if (fd_ < 0) {
    int error = errno;
    throw Fault(error, std::string("a descriptor of a picture: ") + strerror(error));
  }
  void *address = mmap(nullptr, length, PROT_READ, MAP_SHARED, fd_, 0);
  if (address == MAP_FAILED) {
    int error = errno;
    close(fd_);
    throw Fault(error, "mmap of a picture of " + std::to_string(length) +
                           " bytes: " + strerror(error));
  }
  data_ = static_cast<uint8_t *>(address);
}

Mapping::Mapping(Mapping &&other) noexcept
    : fd_(std::exchange(other.fd_, -1)), length_(other.length_),
      data_(std::exchange(other.data_, nullptr)) {}

Mapping::~Mapping() {
  if (data_ != nullptr) {
    munmap(data_, length_);
  }
  if (fd_ >= 0) {
    close(fd_);
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
