#include "session.h"

#include "compat.h"
#include "control_text.h"
#include "fault.h"
#include "layout.h"
#include "manager.h"
#include "presence.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace rspy {

using namespace libcamera;

namespace {

void check(int result, const std::string &what) {
  if (result < 0) {
    throw Fault(-result, what + ": " + strerror(-result));
  }
}

std::string fourccText(uint32_t fourcc) { return PixelFormat(fourcc).toString(); }

void ask(StreamConfiguration &config, int width, int height, uint32_t fourcc, int buffers) {
  config.size = Size(width, height);
  config.pixelFormat = PixelFormat(fourcc);
  config.bufferCount = buffers;
}

// The largest side that libcamera's own formats know, and more buffers than any driver grants.
constexpr int kMostPixels = 65536;
constexpr int kMostBuffers = 64;

bool isSize(int width, int height) {
  return width > 0 && height > 0 && width <= kMostPixels && height <= kMostPixels;
}

// Numbers that libcamera would take as unsigned.
void requireSane(const rspy_ask &wanted) {
  bool isLoresSane = (wanted.lores_width == 0 && wanted.lores_height == 0) ||
                     isSize(wanted.lores_width, wanted.lores_height);
  if (!isSize(wanted.width, wanted.height) || !isLoresSane) {
    throw Fault(EINVAL, "sizes " + std::to_string(wanted.width) + "x" +
                            std::to_string(wanted.height) + " and " +
                            std::to_string(wanted.lores_width) + "x" +
                            std::to_string(wanted.lores_height) + "; allowed is 1 to " +
                            std::to_string(kMostPixels) + ", and 0x0 for no second stream");
  }
  if (wanted.buffers < 1 || wanted.buffers > kMostBuffers) {
    throw Fault(EINVAL, std::to_string(wanted.buffers) + " buffers; allowed is 1 to " +
                            std::to_string(kMostBuffers));
  }
}

} // namespace

Session::Session(const std::string &which) : manager_(manager()), camera_(find(*manager_, which)) {
  id_ = camera_->id();
  nodes_ = deviceNodes(*camera_);
  int result = camera_->acquire();
  if (result == -EBUSY) {
    throw Fault(EBUSY, "camera " + id_ + " is in use");
  }
  check(result, "camera " + id_ + " cannot be had");
  camera_->requestCompleted.connect(this, &Session::onCompleted);
  camera_->disconnected.connect(this, &Session::onDisconnected);
}

Session::~Session() {
  try {
    release();
  } catch (const std::exception &) {
    // What can be given back is; nobody is left to tell.
  }
}

std::string Session::id() const { return id_; }

const ControlInfoMap &Session::infos() const {
  if (state_ == State::Released) {
    throw Fault(ESHUTDOWN, "camera " + id_ + " is released");
  }
  return camera_->controls();
}

std::string Session::controls() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return describe(infos());
}

void Session::require(State state, const char *what) const {
  if (state_ != state) {
    throw Fault(EPERM, "camera " + id_ + " cannot be " + what + " now");
  }
}

std::vector<rspy_stream> Session::configure(const rspy_ask &wanted) {
  std::lock_guard<std::mutex> lock(mutex_);
  require(State::Open, "configured");
  requests_.clear(); // of an attempt that failed halfway
  streams_.clear();
  pictures_.clear();
  mappings_.clear();
  allocator_.reset(); // a camera takes no other format while its buffers are out
  requireSane(wanted);
  bool hasLores = wanted.lores_width > 0;
  std::vector<StreamRole> roles{StreamRole::VideoRecording};
  if (hasLores) {
    roles.push_back(StreamRole::Viewfinder);
  }
  config_ = camera_->generateConfiguration(roles);
  if (!config_ || config_->size() != roles.size()) {
    throw Fault(EINVAL, "camera " + id_ + " does not give " + std::to_string(roles.size()) +
                            (hasLores ? " streams at a time" : " stream"));
  }
  ask(config_->at(0), wanted.width, wanted.height, wanted.fourcc, wanted.buffers);
  if (hasLores) {
    ask(config_->at(1), wanted.lores_width, wanted.lores_height, wanted.lores_fourcc,
        wanted.buffers);
  }
  rotate(*config_, wanted.rotation);
  if (config_->validate() == CameraConfiguration::Invalid) {
    throw Fault(EINVAL, "camera " + id_ + " gives nothing like " + config_->at(0).toString());
  }
  // A camera that hangs upside down and cannot flip is taken as it is, unless it was asked to.
  if (wanted.rotation != 0 && !isRotated(*config_, wanted.rotation)) {
    throw Fault(EINVAL, "camera " + id_ + " cannot rotate by " + std::to_string(wanted.rotation));
  }
  for (size_t i = 0; i < config_->size(); i++) {
    uint32_t format = i == 0 ? wanted.fourcc : wanted.lores_fourcc;
    if (config_->at(i).pixelFormat.fourcc() != format) {
      throw Fault(EINVAL, "camera " + id_ + " does not give " + fourccText(format) + " but " +
                              config_->at(i).pixelFormat.toString());
    }
  }
  check(camera_->configure(config_.get()), "camera " + id_ + " cannot be configured");
  allocate();
  state_ = State::Configured;
  pending_ = ControlList(camera_->controls());

  std::vector<rspy_stream> granted;
  for (const StreamConfiguration &config : *config_) {
    granted.push_back(granted_stream(config, static_cast<int>(requests_.size())));
  }
  return granted;
}

void Session::allocate() {
  allocator_ = std::make_unique<FrameBufferAllocator>(camera_);
  for (const StreamConfiguration &config : *config_) {
    Stream *stream = config.stream();
    check(allocator_->allocate(stream), "memory for pictures of camera " + id_);
    streams_.push_back(stream);
    std::vector<Picture> &pictures = pictures_.emplace_back();
    for (const std::unique_ptr<FrameBuffer> &buffer : allocator_->buffers(stream)) {
      pictures.push_back(map(*buffer, config));
    }
  }
  createRequests();
}

Session::Picture Session::map(const FrameBuffer &buffer, const StreamConfiguration &config) {
  Picture picture;
  std::vector<PlaneSpan> spans = plane_spans(buffer, config);
  for (size_t i = 0; i < spans.size(); i++) {
    const PlaneSpan &span = spans[i];
    size_t earlier = 0;
    while (earlier < i && spans[earlier].fd != span.fd) {
      earlier++;
    }
    size_t mapping = mappings_.size();
    if (earlier < i) {
      mapping = picture.planes[earlier].mapping;
    } else {
      mappings_.emplace_back(span.fd, mapped_length(spans, span.fd));
      picture.mappings.push_back(mapping);
    }
    picture.planes.push_back({mapping, span.offset, span.length, span.stride});
  }
  return picture;
}

void Session::createRequests() {
  size_t count = pictures_[0].size();
  for (const std::vector<Picture> &pictures : pictures_) {
    count = std::min(count, pictures.size());
  }
  for (size_t i = 0; i < count; i++) {
    std::unique_ptr<Request> request = camera_->createRequest(i);
    if (!request) {
      throw Fault(ENOMEM, "camera " + id_ + " makes no request");
    }
    for (Stream *stream : streams_) {
      check(request->addBuffer(stream, allocator_->buffers(stream)[i].get()),
            "a buffer of camera " + id_);
    }
    requests_.push_back(std::move(request));
  }
  holders_.assign(count, Holder::Reader);
}

std::vector<rspy_plane> Session::planes(int stream, int buffer) const {
  std::lock_guard<std::mutex> lock(mutex_);
  if (stream < 0 || static_cast<size_t>(stream) >= pictures_.size() || buffer < 0 ||
      static_cast<size_t>(buffer) >= holders_.size()) {
    throw Fault(EINVAL, "camera " + id_ + " has no buffer " + std::to_string(buffer) +
                            " of stream " + std::to_string(stream));
  }
  std::vector<rspy_plane> planes;
  for (const Place &place : pictures_[stream][buffer].planes) {
    const Mapping &mapping = mappings_[place.mapping];
    planes.push_back({static_cast<int64_t>(reinterpret_cast<intptr_t>(mapping.data())) +
                          static_cast<int64_t>(place.offset),
                      static_cast<int64_t>(place.length), static_cast<int64_t>(place.offset),
                      place.stride, mapping.fd()});
  }
  return planes;
}

void Session::setControl(const std::string &name, const std::string &value) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (state_ == State::Open) {
    throw Fault(EPERM, "camera " + id_ + " is not configured, so it takes no controls");
  }
  const ControlId &id = rspy::find(infos(), name);
  pending_.set(id.id(), parse(id, value));
}

void Session::start() {
  std::lock_guard<std::mutex> lock(mutex_);
  require(State::Configured, "started");
  completions_.clear();
  ControlList first = std::move(pending_);
  pending_ = ControlList(camera_->controls());
  check(camera_->start(&first), "camera " + id_ + " cannot be started");
  state_ = State::Running;
  try {
    for (size_t i = 0; i < requests_.size(); i++) {
      queue(i);
    }
  } catch (...) {
    doStop();
    throw;
  }
}

void Session::queue(size_t buffer) {
  Request &request = *requests_[buffer];
  request.reuse(Request::ReuseBuffers);
  for (const auto &[id, value] : pending_) {
    request.controls().set(id, value);
  }
  holders_[buffer] = Holder::Camera;
  int result = camera_->queueRequest(&request);
  if (result < 0) {
    holders_[buffer] = Holder::Reader;
    check(result, "buffer " + std::to_string(buffer) + " of camera " + id_);
  }
  pending_.clear();
}

void Session::requeue(int buffer) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (buffer < 0 || static_cast<size_t>(buffer) >= holders_.size()) {
    throw Fault(EINVAL, "camera " + id_ + " has no buffer " + std::to_string(buffer));
  }
  if (state_ != State::Running) {
    return; // the next start queues all
  }
  if (holders_[buffer] == Holder::Camera) {
    throw Fault(EALREADY, "camera " + id_ + " has buffer " + std::to_string(buffer) + " already");
  }
  for (const std::vector<Picture> &pictures : pictures_) {
    for (size_t mapping : pictures[buffer].mappings) {
      mappings_[mapping].endRead();
    }
  }
  queue(buffer);
}

bool Session::next(rspy_frame &frame) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (state_ != State::Running) {
    throw Fault(EPERM, "camera " + id_ + " is not running");
  }
  std::optional<rspy_frame> taken = completions_.take();
  if (!taken) {
    return false;
  }
  frame = *taken;
  holders_[frame.buffer] = Holder::Reader;
  for (const std::vector<Picture> &pictures : pictures_) {
    for (size_t mapping : pictures[frame.buffer].mappings) {
      mappings_[mapping].beginRead();
    }
  }
  return true;
}

void Session::stop() {
  std::lock_guard<std::mutex> lock(mutex_);
  doStop();
}

// Not every pipeline of libcamera notices that its driver is gone. Silence is a reason to look.
int Session::wait(int timeoutMs) {
  int result = completions_.wait(timeoutMs);
  if (result == 0 && is_gone(nodes_)) {
    completions_.lose();
    return 1;
  }
  return result;
}

void Session::doStop() {
  if (state_ != State::Running) {
    return;
  }
  if (is_gone(nodes_)) {
    abandon();
    throw Fault(ENODEV, "camera " + id_ + " was taken away");
  }
  state_ = State::Configured;
  int result = camera_->stop();
  completions_.clear();
  std::fill(holders_.begin(), holders_.end(), Holder::Reader);
  check(result, "camera " + id_ + " cannot be stopped");
}

/*
 * A driver that is gone gives no buffer back, and libcamera ends the whole process where it stops such a camera
 * ("queuedRequests_.empty()"). So it is left as it is, with this session that its thread may still call: a leak,
 * once for each camera that is torn out, instead of a crash.
 */
void Session::abandon() {
  [[maybe_unused]] auto *left = new std::shared_ptr<Session>(shared_from_this());
  state_ = State::Released;
  isAbandoned_ = true;
  completions_.lose();
}

void Session::release() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (state_ == State::Released) {
    return;
  }
  std::exception_ptr failure;
  try {
    doStop();
  } catch (...) {
    failure = std::current_exception(); // told once the rest is given back
  }
  if (isAbandoned_) {
    std::rethrow_exception(failure);
  }
  state_ = State::Released;
  camera_->requestCompleted.disconnect(this);
  camera_->disconnected.disconnect(this);
  requests_.clear();
  allocator_.reset();
  config_.reset();
  pending_ = ControlList();
  camera_->release();
  camera_.reset();
  manager_.reset();
  completions_.wake();
  if (failure) {
    std::rethrow_exception(failure);
  }
}

void Session::onCompleted(Request *request) {
  rspy_frame frame{};
  frame.buffer = static_cast<int32_t>(request->cookie());
  frame.status =
      request->status() == Request::RequestCancelled ? RSPY_FRAME_CANCELLED : RSPY_FRAME_GOOD;
  int stream = 0;
  for (Stream *const &of : streams_) {
    const FrameMetadata &metadata = request->findBuffer(of)->metadata();
    if (stream == 0) {
      frame.sequence = metadata.sequence;
      frame.timestamp_ns = static_cast<int64_t>(metadata.timestamp);
    }
    if (frame.status == RSPY_FRAME_GOOD) {
      frame.status = isStartup(metadata)                               ? RSPY_FRAME_STARTUP
                     : metadata.status == FrameMetadata::FrameSuccess ? RSPY_FRAME_GOOD
                                                                       : RSPY_FRAME_DAMAGED;
    }
    for (const FrameMetadata::Plane &plane : metadata.planes()) {
      frame.bytes_used[stream] += static_cast<int32_t>(plane.bytesused);
    }
    stream++;
  }
  completions_.push(frame);
}

void Session::onDisconnected() { completions_.lose(); }

} // namespace rspy
