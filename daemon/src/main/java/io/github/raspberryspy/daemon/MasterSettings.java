package io.github.raspberryspy.daemon;

import io.github.raspberryspy.daemon.config.CameraConfig;
import io.github.raspberryspy.daemon.config.CameraKeys;
import io.github.raspberryspy.segments.wire.LinkMessage.Other;
import io.github.raspberryspy.segments.wire.LinkMessage.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the master has set of a camera, kept beside its footage, and what became of it: the camera
 * goes by it, will try it, or refuses it. Changed by one thread at a time, read by any.
 */
final class MasterSettings {

  private static final Logger log = LoggerFactory.getLogger(MasterSettings.class);

  /** Settings, and the camera that they make. */
  record Course(RemoteSettings remote, CameraConfig config) {
    long version() {
      return remote.version();
    }
  }

  private final Adjustable adjustable;
  private final Path folder;
  private volatile Course course;
  private volatile Optional<Course> untried = Optional.empty();
  private volatile Optional<Other> other = Optional.empty();

  /**
   * What was kept, or none.
   *
   * @throws RuntimeException in one sentence, if there is no such camera
   */
  MasterSettings(Adjustable adjustable, Path folder, RemoteSettings kept) {
    this.adjustable = adjustable;
    this.folder = folder;
    this.course = new Course(kept, adjustable.with(kept.values()));
    if (kept.tried() > 0) {
      refused(kept.tried(), "the camera's program ended when it tried these settings");
    }
  }

  /** What the camera goes by. */
  Course course() {
    return course;
  }

  /** What it has not tried yet. */
  Optional<Course> untried() {
    return untried;
  }

  /** What the master is told. */
  Settings report() {
    Course now = course;
    return new Settings(now.version(), other, adjustable.describe(now.remote().values()));
  }

  /**
   * What these settings make of the camera; empty where it has just these already.
   *
   * @throws RuntimeException in one sentence, if they cannot be
   * @throws IOException in one sentence, if it has later ones, or has tried them in vain
   */
  Optional<Course> next(long version, Map<String, String> values) throws IOException {
    RemoteSettings last = untried.orElse(course).remote();
    if (version == last.version() && values.equals(last.values())) {
      return Optional.empty();
    }
    if (version <= last.version()) {
      throw new IOException(
          "the camera has version " + last.version() + " of its settings already");
    }
    adjustable.requireWeak(values);
    Course next = new Course(new RemoteSettings(version, values, 0), adjustable.with(values));
    Optional<Other> earlier = other.filter(o -> o.refused() && o.version() == version);
    if (earlier.isPresent()) {
      throw new IOException(earlier.get().sentence());
    }
    return Optional.of(next);
  }

  /** Whether no more changes by these than what a camera mostly takes without a gap. */
  boolean areGapless(Course next) {
    return CameraKeys.areGapless(
        adjustable.changed(course.remote().values(), next.remote().values()));
  }

  /** The camera films nothing now, and tries them when it does. */
  void later(Course next) {
    untried = Optional.of(next);
    other =
        Optional.of(
            new Other(
                next.version(),
                false,
                "the camera is stopped; it tries them when it records again"));
  }

  /**
   * Remembers that they are being tried, should the program end by it.
   *
   * @throws IOException in one sentence, if that cannot be kept: they are refused
   */
  void trying(Course next) throws IOException {
    keep(course.remote().trying(next.version()), next);
  }

  /**
   * Goes by them from now on.
   *
   * @throws IOException in one sentence, if they cannot be kept: they are refused
   */
  void goBy(Course next) throws IOException {
    keep(next.remote(), next);
    course = next;
    untried = Optional.empty();
    other = Optional.empty();
  }

  /** Remembers no more that they are being tried. */
  void wentBack() {
    try {
      course.remote().save(folder);
    } catch (IOException e) {
      log.warn("what was tried is not tried again after a restart: {}", e.getMessage());
    }
  }

  /** The camera does not go by these. */
  void refused(long version, String sentence) {
    untried = Optional.empty();
    other = Optional.of(new Other(version, true, String.valueOf(sentence)));
  }

  private void keep(RemoteSettings remote, Course next) throws IOException {
    try {
      remote.save(folder);
    } catch (IOException e) {
      String sentence = "the settings cannot be kept: " + e.getMessage();
      refused(next.version(), sentence);
      throw new IOException(sentence, e);
    }
  }
}
