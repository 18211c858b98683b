// One open camera: its configuration, buffers and requests.
#pragma once

#include "completions.h"
#include "mapping.h"
#include "rspy_camera.h"

#include <libcamera/libcamera.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace rspy {

class Session : public std::enable_shared_from_this<Session> {
public:
  explicit Session(const std::string &which);
  ~Session();
  Session(const Session &) = delete;
  Session &operator=(const Session &) = delete;

  std::string id() const;
  std::string controls() const;
  std::vector<rspy_stream> configure(const rspy_ask &ask);
  std::vector<rspy_plane> planes(int stream, int buffer) const;
  void setControl(const std::string &name, const std::string &value);
  void start();
  void stop();
  void release();
  void requeue(int buffer);
  bool next(rspy_frame &frame);

  // Without the lock: a reader may wait here while others work.
  int wait(int timeoutMs);
  void wake() { completions_.wake(); }

private:
  enum class State { Open, Configured, Running, Released };
  // Who has a buffer.
  enum class Holder { Camera, Reader };

  // A plane of a picture: which mapping, and where in it.
  struct Place {
    size_t mapping;
    size_t offset;
    size_t length;
    int stride;
  };
  // The picture of one stream in one buffer.
  struct Picture {
    std::vector<size_t> mappings;
    std::vector<Place> planes;
  };

  void require(State state, const char *what) const;
  void allocate();
  Picture map(const libcamera::FrameBuffer &buffer, const libcamera::StreamConfiguration &config);
  void createRequests();
  void queue(size_t buffer);
  void doStop();
  void abandon();
  void onCompleted(libcamera::Request *request);
  void onDisconnected();
  const libcamera::ControlInfoMap &infos() const;

  /*
   * mutex_ guards all but completions_, id_ and nodes_. libcamera's thread, in onCompleted, must never take it: stop()
   * holds it while it waits for that thread.
   */
  mutable std::mutex mutex_;
  std::string id_;
  State state_ = State::Open;
  bool isAbandoned_ = false;
  std::shared_ptr<libcamera::CameraManager> manager_; // outlives camera_
  std::shared_ptr<libcamera::Camera> camera_;
  std::unique_ptr<libcamera::CameraConfiguration> config_;
  std::unique_ptr<libcamera::FrameBufferAllocator> allocator_;
  std::vector<Mapping> mappings_;
  std::vector<std::vector<Picture>> pictures_; // by stream, by buffer
  std::vector<std::unique_ptr<libcamera::Request>> requests_;
  std::vector<Holder> holders_;
  std::vector<libcamera::Stream *> streams_;
  std::vector<dev_t> nodes_; // set once
  libcamera::ControlList pending_;
  Completions completions_;
};

} // namespace rspy
