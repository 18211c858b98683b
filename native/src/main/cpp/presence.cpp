#include "presence.h"

#include <cstdlib>
#include <dirent.h>
#include <memory>
#include <string>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace rspy {

namespace {

constexpr unsigned int kVideoMajor = 81; // Source: the kernel's admin-guide/devices.txt

bool isPresent(dev_t node) {
  std::string path =
      "/sys/dev/char/" + std::to_string(major(node)) + ":" + std::to_string(minor(node));
  return access(path.c_str(), F_OK) == 0;
}

struct CloseFolder {
  void operator()(DIR *folder) const { closedir(folder); }
};

// The video devices that this process has open.
std::vector<dev_t> opened() {
  std::vector<dev_t> nodes;
  std::unique_ptr<DIR, CloseFolder> folder(opendir("/proc/self/fd"));
  if (!folder) {
    return nodes;
  }
  while (const dirent *entry = readdir(folder.get())) {
    struct stat status {};
    if (fstat(atoi(entry->d_name), &status) == 0 && S_ISCHR(status.st_mode) &&
        major(status.st_rdev) == kVideoMajor) {
      nodes.push_back(status.st_rdev);
    }
  }
  return nodes;
}

} // namespace

bool is_gone(const std::vector<dev_t> &nodes) {
  // Without a /sys nothing is known, and nothing is missed.
  if (access("/sys/dev/char", F_OK) != 0) {
    return false;
  }
  for (dev_t node : nodes.empty() ? opened() : nodes) {
    if (!isPresent(node)) {
      return true;
    }
  }
  return false;
}

} // namespace rspy
