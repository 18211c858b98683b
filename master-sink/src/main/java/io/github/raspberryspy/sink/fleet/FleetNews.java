package io.github.raspberryspy.sink.fleet;

import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import io.github.raspberryspy.segments.wire.LinkMessage.Hello;
import io.github.raspberryspy.segments.wire.LinkMessage.Settings;
import io.github.raspberryspy.sink.event.CameraStatus;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.event.MasterEvent.CameraReported;
import io.github.raspberryspy.sink.event.MasterEvent.FaultReported;
import io.github.raspberryspy.sink.event.MasterEvent.MotionReported;
import io.github.raspberryspy.sink.event.Seldom;
import io.github.raspberryspy.sink.index.CameraLog;
import io.github.raspberryspy.sink.index.KnownCamera;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to cameras, as others hear of it: watchers at once, then the index, then whoever
 * listens to events. Called without the fleet's lock. Thread-safe.
 */
final class FleetNews implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(FleetNews.class);

  private final Seldom seldom;
  private final CameraLog cameraLog;
  private final Events events;
  private final Notebook notes = new Notebook();
  private final HeardMotion heardMotion;
  private final List<FleetWatcher> watchers = new CopyOnWriteArrayList<>();

  FleetNews(CameraLog cameraLog, Events events, LongSupplier nanos) {
    this.seldom = new Seldom(nanos);
    this.cameraLog = cameraLog;
    this.events = events;
    this.heardMotion = new HeardMotion(cameraLog.motion(), notes);
  }

  void watch(FleetWatcher watcher) {
    watchers.add(watcher);
  }

  void forget(FleetWatcher watcher) {
    watchers.remove(watcher);
  }

  private void tell(Consumer<FleetWatcher> news) {
    watchers.forEach(news);
  }

  /** Says in the log what a camera does, which it may do without end. */
  void say(String camera, String what) {
    seldom.say(camera, what, "camera " + camera + " " + what, log::info);
  }

  /** A camera said hello. */
  void greeted(Hello hello, Instant now) {
    tell(w -> w.greeted(hello.camera()));
    KnownCamera known =
        new KnownCamera(
            hello.camera(), hello.key(), hello.software(), hello.source(), now, CameraStatus.LOST);
    notes.note(() -> cameraLog.heard(known));
  }

  /** It says again what is still wrong: what was wrong until then is over. */
  void faultsOver(String camera, Instant at) {
    notes.note(() -> cameraLog.faults().over(camera, at));
  }

  /** A camera said how it fares, and whether that is another state than before. */
  void reported(CameraStatus status, boolean changed) {
    events.publish(new CameraReported(status, changed));
  }

  /** A camera is heard again that was away. */
  void back(String camera, Optional<Boolean> startedAnew, Instant now) {
    say(camera, "is back");
    tell(w -> w.back(camera, startedAnew));
    notes.note(() -> cameraLog.back(camera, now));
  }

  void moved(MotionReported motion, Instant now, long nanos) {
    heardMotion.heard(motion, now, nanos);
    events.publish(motion);
  }

  /** A camera says that something is wrong with it, or is so no longer. */
  void fault(String camera, Fault fault, Instant now) {
    tell(w -> w.fault(camera, fault));
    notes.note(() -> cameraLog.faults().noted(camera, fault, now));
    if (!fault.ended()) {
      log.warn("camera {}: {}", camera, fault.sentence());
    }
    events.publish(new FaultReported(camera, fault));
  }

  /** The master itself found something wrong with a camera, or that it is so no longer. */
  void found(String camera, Fault fault, String sentence) {
    log.warn("camera {}: {}", camera, sentence);
    tell(w -> w.fault(camera, fault));
    notes.note(() -> cameraLog.faults().noted(camera, fault, fault.at()));
    events.publish(new FaultReported(camera, fault));
  }

  void settings(String camera, Settings said) {
    tell(w -> w.settings(camera, said));
  }

  /** A connection ended; a camera that has left by that is away from now on. */
  void disconnected(String camera, Optional<CameraStatus> left, Instant now) {
    heardMotion.over(camera);
    left.ifPresent(status -> notes.note(() -> away(status, now)));
  }

  /** A camera is away for a reason that is known. */
  void left(CameraStatus status, Instant now) {
    String camera = status.camera();
    tell(w -> w.left(camera));
    notes.note(() -> away(status, now));
    notes.note(() -> cameraLog.faults().over(camera, now));
    events.publish(new CameraReported(status, true));
  }

  /** Cameras were silent too long. Footage depends on it: it is told before all else. */
  void lost(List<FleetWatcher.Loss> losses) {
    losses.forEach(loss -> heardMotion.over(loss.camera()));
    losses.forEach(loss -> tell(w -> w.lost(loss)));
  }

  /** Such a camera is known to be lost. */
  void lost(CameraStatus status, Instant now) {
    log.warn(
        "camera {} is lost: it was last heard at {}",
        status.camera(),
        status.lastHeartbeat().map(Instant::toString).orElse("no time"));
    notes.note(() -> away(status, now));
    events.publish(new CameraReported(status, true));
  }

  /** When cameras were heard, for a later process. */
  void heard(Map<String, Instant> heard) {
    var unused = notes.later(() -> cameraLog.heard(heard)); // a minute later there are others
  }

  private void away(CameraStatus status, Instant now) {
    Instant since = status.lastHeartbeat().orElse(now);
    cameraLog.away(status.camera(), status.state(), since);
  }

  /** Makes the notes that wait. */
  @Override
  public void close() {
    heardMotion.flush();
    notes.close();
  }
}
