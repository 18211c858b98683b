#include "manager.h"

#include "fault.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <mutex>
#include <vector>

namespace rspy {

using namespace libcamera;

namespace {

std::string model(const Camera &camera) {
  auto model = camera.properties().get(properties::Model); // a string, or since 0.6 a view of one
  return model ? std::string(*model) : std::string();
}

// libcamera ends the process where a second manager is made, so a weak pointer will not do: it says "gone"
// before the old one is. Here the count changes under the mutex that making and ending it take.
class Users {
public:
  CameraManager *enter() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!running_) {
      auto fresh = std::make_unique<CameraManager>();
      int result = fresh->start();
      if (result < 0) {
        throw Fault(-result,
                    std::string("libcamera cannot look for cameras: ") + strerror(-result));
      }
      running_ = std::move(fresh);
    }
    count_++;
    return running_.get();
  }

  void leave() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (--count_ == 0) {
      running_->stop();
      running_.reset();
    }
  }

private:
  std::mutex mutex_;
  int count_ = 0;
  std::unique_ptr<CameraManager> running_;
};

// Never destroyed: at the process's end other threads may still be here.
Users &users() {
  static auto *users = new Users;
  return *users;
}

[[noreturn]] void absent(const std::string &what) { throw Fault(ENODEV, what); }

} // namespace

std::shared_ptr<CameraManager> manager() {
  return {users().enter(), [](CameraManager *) { users().leave(); }};
}

std::string describe(const CameraManager &manager) {
  std::string text;
  for (const std::shared_ptr<Camera> &camera : manager.cameras()) {
    text += camera->id() + "\t" + model(*camera) + "\n";
  }
  return text;
}

std::shared_ptr<Camera> find(const CameraManager &manager, const std::string &which) {
  std::vector<std::shared_ptr<Camera>> cameras = manager.cameras();
  if (cameras.empty()) {
    absent("libcamera finds no camera on this machine");
  }
  size_t number = 0;
  auto [end, error] = std::from_chars(which.data(), which.data() + which.size(), number);
  if (error == std::errc() && end == which.data() + which.size()) {
    if (number >= cameras.size()) {
      absent("there is no camera " + which + "; libcamera finds " + std::to_string(cameras.size()) +
             ", counted from 0");
    }
    return cameras[number];
  }
  std::shared_ptr<Camera> found;
  for (const std::shared_ptr<Camera> &camera : cameras) {
    if (camera->id() == which) {
      return camera;
    }
    if (camera->id().find(which) != std::string::npos ||
        model(*camera).find(which) != std::string::npos) {
      if (found) {
        throw Fault(EINVAL, "\"" + which + "\" means more than one camera: " + found->id() +
                                " and " + camera->id());
      }
      found = camera;
    }
  }
  if (!found) {
    absent("there is no camera \"" + which + "\"; libcamera finds " + cameras[0]->id() +
           (cameras.size() > 1 ? " and others" : ""));
  }
  return found;
}

} // namespace rspy
