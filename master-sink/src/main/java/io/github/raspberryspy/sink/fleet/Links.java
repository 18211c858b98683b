package io.github.raspberryspy.sink.fleet;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.sink.event.CameraStatus;
import io.github.raspberryspy.sink.index.CameraLog;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The links of all cameras that have one, or had one, by name. This object is the fleet's lock:
 * whoever changes a link holds it, and tells nobody meanwhile. Thread-safe.
 */
final class Links {

  @GuardedBy("this")
  private final Map<String, Link> links = new TreeMap<>();

  /** Those of cameras that earlier processes knew. */
  Links(CameraLog cameraLog, long nanos) {
    cameraLog.known().forEach(known -> links.put(known.camera(), Link.remembered(known)));
    cameraLog.awaited().forEach(camera -> links.get(camera).await(nanos, Fleet.RETURN));
    cameraLog.settings().names().forEach((camera, name) -> get(camera).name(Optional.of(name)));
  }

  /** The link of a camera; one that is not known becomes so. */
  @GuardedBy("this")
  Link get(String camera) {
    return links.computeIfAbsent(camera, name -> new Link(name, CameraStatus.NEVER));
  }

  /** The link of a camera, where it is known. */
  @GuardedBy("this")
  Optional<Link> find(String camera) {
    return Optional.ofNullable(links.get(camera));
  }

  /** All of them, in the order of their names. */
  @GuardedBy("this")
  Collection<Link> all() {
    return links.values();
  }

  /** What the link of a camera answers; empty where that is nothing, or the camera not known. */
  synchronized <T> Optional<T> ask(String camera, Function<Link, T> question) {
    return find(camera).map(question);
  }

  /** What those links answer that fulfil a condition, in the order of their names. */
  synchronized <T> List<T> list(Predicate<Link> condition, Function<Link, T> question) {
    return links.values().stream().filter(condition).map(question).toList();
  }
}
