package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.Counters;
import io.github.raspberryspy.daemon.config.CameraConfig;
import io.github.raspberryspy.daemon.config.CameraKeys;
import io.github.raspberryspy.segments.wire.LinkMessage.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Films by the camera's own configuration and the master's settings, and changes that while it goes
 * on: what only concerns motion without losing a frame, all else by filming anew. Settings with
 * which nothing is recorded within {@link #PATIENCE} are taken back. One change at a time.
 * Thread-safe.
 */
final class FilmingControl implements AutoCloseable {

  /** How long new settings may take until something of them is on disk. */
  static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final Logger log = LoggerFactory.getLogger(FilmingControl.class);
  private static final long LOOK_MILLIS = 20;

  private final Adjustable adjustable;
  private final Filming.Ears ears;
  private final Path folder;
  private final Counters before = new Counters(); // of what was filmed by earlier configs
  private final Object changes = new Object(); // held for as long as a change takes
  private volatile RemoteSettings remote; // changed by whoever changes
  private volatile CameraConfig config;
  private volatile Filming filming; // never null once started
  private volatile boolean held; // nothing is filmed, as the master wants it
  private volatile boolean changing;
  private volatile boolean closed;

  private FilmingControl(Adjustable adjustable, Filming.Ears ears, Path folder) {
    this.adjustable = adjustable;
    this.ears = ears;
    this.folder = folder;
    this.remote = RemoteSettings.in(folder);
  }

  /**
   * Begins to film, by the settings that the master gave last.
   *
   * @param folder where these are kept
   */
  static FilmingControl start(Adjustable adjustable, Filming.Ears ears, Path folder) {
    FilmingControl control = new FilmingControl(adjustable, ears, folder);
    control.config = control.usable();
    control.filming = Filming.start(control.config, ears);
    return control;
  }

  /** Another version of the program may have other keys and ranges than when they were taken. */
  private CameraConfig usable() {
    try {
      return adjustable.with(remote.values());
    } catch (RuntimeException e) {
      log.warn("the master's settings cannot be used any more: {}", e.getMessage());
      remote = new RemoteSettings(0, Map.of(), remote.version());
      return adjustable.with(Map.of());
    }
  }

  CameraPipeline pipeline() {
    return filming.pipeline();
  }

  /** What all pipelines have counted since the start. */
  Counters counters() {
    Counters all = new Counters();
    all.add(before);
    all.add(filming.pipeline().counters());
    return all;
  }

  /** What the camera goes by. */
  Settings settings() {
    return new Settings(remote.version(), Optional.empty(), adjustable.describe(remote.values()));
  }

  /** Waits as {@link CameraPipeline#awaitStop(Duration)} does, for an end that nobody asked for. */
  boolean awaitStop(Duration timeout) throws InterruptedException {
    if (isOnPurpose()) {
      long end = System.nanoTime() + timeout.toNanos();
      synchronized (this) {
        for (long left = timeout.toMillis(); left > 0 && isOnPurpose(); ) {
          wait(left);
          left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        }
      }
      return false;
    }
    Filming current = filming;
    try {
      return current.pipeline().awaitStop(timeout) && isOver(current);
    } catch (CameraException e) {
      if (isOver(current)) {
        throw e;
      }
      return false;
    }
  }

  private boolean isOver(Filming ended) {
    return ended == filming && !isOnPurpose();
  }

  /** Whether nothing is filmed now because somebody wants it so. */
  private boolean isOnPurpose() {
    return !closed && (changing || held);
  }

  /** Records nothing from now on. */
  void hold() throws IOException {
    change(
        () -> {
          held = true;
          filming.close();
        });
  }

  /** Records again, if it does not. */
  void resume() throws IOException {
    change(
        () -> {
          if (held) {
            film(config);
            held = false;
          }
        });
  }

  /** Closes the source and opens it again. */
  void restart() throws IOException {
    change(
        () -> {
          filming.close();
          film(config);
          held = false;
        });
  }

  /**
   * Goes by other settings of the master.
   *
   * @throws RuntimeException in one sentence, if they cannot be
   * @throws IOException in one sentence, if nothing was recorded with them, so that the camera went
   *     back, or if they cannot be kept
   */
  void configure(long version, Map<String, String> values) throws IOException {
    change(
        () -> {
          if (version == remote.tried()) {
            throw new IOException("the camera's program ended when it tried these settings");
          }
          adjustable.requireWeak(values);
          CameraConfig next = adjustable.with(values);
          boolean isLive =
              CameraKeys.isTakenLive(adjustable.changed(remote.values(), values))
                  && config.overlay().equals(next.overlay()); // privacy zones are burnt in
          if (!held && !(isLive && next.motion().map(filming::retune).orElse(true))) {
            attempt(version, next);
          }
          config = next;
          remote = new RemoteSettings(version, values, 0);
          remote.save(folder);
        });
  }

  private void attempt(long version, CameraConfig next) throws IOException {
    remote.trying(version).save(folder);
    String problem;
    try {
      filming.close();
      film(next);
      problem = awaitRecording(next);
    } catch (RuntimeException e) {
      problem = String.valueOf(e.getMessage());
    }
    if (!problem.isEmpty()) {
      log.warn("the camera goes back to its settings before: {}", problem);
      filming.close();
      film(config);
      remote.save(folder);
      throw new IOException(
          "nothing was recorded with these settings, so the camera went back: " + problem);
    }
  }

  /**
   * Waits until something is durable, or filmed where only events are; returns what is wrong, or
   * nothing.
   */
  private String awaitRecording(CameraConfig next) {
    boolean isContinuous = next.recorder().events().isEmpty();
    Counter sign = isContinuous ? Counter.BYTES_RECORDED : Counter.FRAMES_CAPTURED;
    long end = System.nanoTime() + PATIENCE.toNanos();
    CameraPipeline pipeline = filming.pipeline();
    while (System.nanoTime() - end < 0 && !closed) {
      if (pipeline.counters().get(sign) > 0) {
        return "";
      }
      try {
        if (pipeline.awaitStop(Duration.ofMillis(LOOK_MILLIS))) {
          return "it stopped";
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return "the program is stopping";
      } catch (CameraException e) {
        return e.getMessage();
      }
    }
    return "nothing was on disk within " + PATIENCE.toSeconds() + " s";
  }

  private void film(CameraConfig by) throws IOException {
    if (closed) {
      throw new IOException("the camera is stopping");
    }
    before.add(filming.pipeline().counters());
    filming = Filming.start(by, ears);
  }

  /** One change. */
  private interface Change {
    void make() throws IOException;
  }

  private void change(Change change) throws IOException {
    synchronized (changes) {
      if (closed) {
        throw new IOException("the camera is stopping");
      }
      changing = true;
      try {
        change.make();
      } finally {
        changing = false;
        synchronized (this) {
          notifyAll();
        }
      }
    }
  }

  /** Stops filming, for good. */
  @Override
  public void close() {
    closed = true;
    synchronized (this) {
      notifyAll();
    }
    synchronized (changes) {
      filming.close();
    }
  }
}
