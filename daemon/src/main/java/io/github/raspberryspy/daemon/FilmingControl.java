package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.Counters;
import io.github.raspberryspy.daemon.MasterSettings.Course;
import io.github.raspberryspy.daemon.config.CameraKeys;
import io.github.raspberryspy.segments.Gap;
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
 * on: {@linkplain CameraKeys#areGapless what can be} without losing a frame, all else by filming
 * anew. What its source is known not to do is refused before; settings with which nothing is
 * recorded within {@link Trial#PATIENCE} are taken back. What is set while nothing is to be filmed
 * is tried when it is filmed again. One change at a time. Thread-safe.
 */
final class FilmingControl implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(FilmingControl.class);
  private static final String CHANGED = "settings changed"; // reasons of gaps
  private static final String STOPPED = "stopped";

  /** What it does. */
  private enum Mode {
    FILMING,
    /** Nothing is filmed, as the master wants it. */
    HELD,
    CHANGING,
    CLOSED
  }

  private final Filming.Ears ears;
  private final MasterSettings settings;
  private final Counters before = new Counters(); // of what was filmed by earlier pipelines
  private final Object changes = new Object(); // held for as long as a change takes
  private volatile Mode mode = Mode.FILMING;
  private volatile Filming filming; // written by whoever changes

  private FilmingControl(Filming.Ears ears, MasterSettings settings) {
    this.ears = ears;
    this.settings = settings;
    this.filming = Filming.start(settings.course().config(), ears, Gap.RESTART);
  }

  /**
   * Begins to film by the settings that the master gave last, or, where that cannot be, by the
   * camera's own: another version of the program, or another camera, may have other keys and ranges
   * than when they were taken.
   *
   * @param folder where these are kept
   */
  static FilmingControl start(Adjustable adjustable, Filming.Ears ears, Path folder) {
    RemoteSettings kept = RemoteSettings.in(folder);
    try {
      return new FilmingControl(ears, new MasterSettings(adjustable, folder, kept));
    } catch (RuntimeException e) {
      if (kept.values().isEmpty()) {
        throw e;
      }
      MasterSettings own = new MasterSettings(adjustable, folder, RemoteSettings.NONE);
      FilmingControl control = new FilmingControl(ears, own);
      own.refused(kept.version(), "the camera cannot film by them: " + e.getMessage());
      log.warn("the camera goes by its own settings, not its master's: {}", e.getMessage());
      return control;
    }
  }

  CameraPipeline pipeline() {
    return filming.pipeline();
  }

  /** What all pipelines have counted since the start. */
  synchronized Counters counters() {
    Counters all = new Counters();
    all.add(before);
    all.add(filming.pipeline().counters());
    return all;
  }

  /** What the camera goes by. */
  Settings settings() {
    return settings.report();
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
    Mode now = mode;
    return now == Mode.CHANGING || now == Mode.HELD;
  }

  /** Records nothing from now on. */
  void hold() throws IOException {
    change(
        was -> {
          filming.close();
          return Mode.HELD;
        });
  }

  /** Records again, if it does not, by what was set meanwhile if that can be. */
  void resume() throws IOException {
    change(was -> was == Mode.HELD ? again(was) : was);
  }

  /** Closes the source and opens it again. */
  void restart() throws IOException {
    change(this::again);
  }

  private Mode again(Mode was) throws IOException {
    Optional<Course> untried = settings.untried();
    if (untried.isPresent() && isNoted(untried.get())) {
      attempt(untried.get(), was);
    } else {
      filming.close();
      film(settings.course(), was == Mode.HELD ? STOPPED : Gap.RESTART);
    }
    return Mode.FILMING;
  }

  /**
   * Goes by other settings of the master; where nothing is filmed it tries them once that is to be.
   *
   * @throws RuntimeException in one sentence, if they cannot be
   * @throws IOException in one sentence, if nothing was recorded with them, so that the camera went
   *     back, if they cannot be kept, or if it has later ones
   */
  void configure(long version, Map<String, String> values) throws IOException {
    change(
        was -> {
          Optional<Course> next = settings.next(version, values);
          if (next.isPresent()) {
            configure(next.get(), was);
          }
          return was;
        });
  }

  private void configure(Course next, Mode was) throws IOException {
    if (was == Mode.HELD) {
      Filming.check(next.config());
      settings.later(next);
      return;
    }
    boolean mayGoOn = settings.areGapless(next);
    if (mayGoOn && filming.change(next.config())) {
      try {
        settings.goBy(next);
      } catch (IOException e) {
        filming.change(settings.course().config());
        throw e;
      }
      return;
    }
    try {
      Filming.check(next.config()); // before anything is lost for it
      settings.trying(next);
    } catch (IOException | RuntimeException e) {
      if (mayGoOn) {
        filming.change(settings.course().config()); // as far as it was changed
      }
      throw e;
    }
    String problem = attempt(next, was);
    if (!problem.isEmpty()) {
      throw new IOException(problem);
    }
  }

  private boolean isNoted(Course next) {
    try {
      settings.trying(next);
      return true;
    } catch (IOException e) {
      log.warn("what was set while nothing was filmed is not tried: {}", e.getMessage());
      return false;
    }
  }

  /** Films anew, and goes back where nothing is recorded. Returns why it did; nothing, if not. */
  private String attempt(Course next, Mode was) throws IOException {
    String gapReason = was == Mode.HELD ? STOPPED : CHANGED;
    String problem = trial(next, gapReason);
    if (!problem.isEmpty()) {
      log.warn("the camera goes back to its settings before: {}", problem);
      filming.close();
      film(settings.course(), gapReason);
      settings.wentBack();
      problem = "the camera went back to its settings before: " + problem;
      settings.refused(next.version(), problem);
    }
    return problem;
  }

  private String trial(Course next, String gapReason) {
    try {
      filming.close();
      film(next, gapReason);
      boolean isContinuous = next.config().recorder().events().isEmpty();
      String problem = Trial.problem(filming.pipeline(), isContinuous, () -> mode == Mode.CLOSED);
      if (problem.isEmpty()) {
        settings.goBy(next);
      }
      return problem;
    } catch (IOException | RuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private void film(Course by, String gapReason) throws IOException {
    if (mode == Mode.CLOSED) {
      throw new IOException("the camera is stopping");
    }
    Filming next = Filming.start(by.config(), ears, gapReason);
    synchronized (this) {
      before.add(filming.pipeline().counters());
      filming = next;
    }
  }

  /** One change. */
  private interface Change {
    /** Makes it, and returns what the camera does from then on. */
    Mode make(Mode was) throws IOException;
  }

  private void change(Change change) throws IOException {
    synchronized (changes) {
      Mode next = mode;
      if (next == Mode.CLOSED) {
        throw new IOException("the camera is stopping");
      }
      enter(Mode.CHANGING);
      try {
        next = change.make(next);
      } finally {
        enter(next);
      }
    }
  }

  private synchronized void enter(Mode next) {
    if (mode != Mode.CLOSED) {
      mode = next;
    }
    notifyAll();
  }

  /** Stops filming, for good. */
  @Override
  public void close() {
    enter(Mode.CLOSED);
    synchronized (changes) {
      filming.close();
    }
  }
}
