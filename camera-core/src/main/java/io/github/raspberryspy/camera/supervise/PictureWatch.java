package io.github.raspberryspy.camera.supervise;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.supervise.CameraFault.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * Looks at a few rows of the picture five times a second, and notices when it stands still, is
 * black, or was covered. Time is the frames' own.
 *
 * <p>It lives as long as its pipeline: what it knows of the picture outlasts a run. Thread-safe;
 * neither method waits or calls out.
 */
public final class PictureWatch {

  private static final long INTERVAL_NANOS = 200_000_000;

  /** Black, noise included. On the scale of {@link LumaSample#mean}. */
  private static final double DARK_MEAN = 20;

  private static final double DARK_DEVIATION = 8;

  /** No lens draws a picture as even as this. */
  private static final double EVEN_DEVIATION = 2;

  private final String camera;
  private final SuperviseConfig config;

  @GuardedBy("this")
  private final LumaSample sample = new LumaSample();

  @GuardedBy("this")
  private final UsualPicture usual = new UsualPicture();

  @GuardedBy("this")
  private final ArrayDeque<CameraFault> changes = new ArrayDeque<>();

  @GuardedBy("this")
  private final Lasting frozen;

  @GuardedBy("this")
  private final Lasting dark;

  @GuardedBy("this")
  private final Lasting covered;

  @GuardedBy("this")
  private boolean hasLooked;

  @GuardedBy("this")
  private long lookedNanos;

  @GuardedBy("this")
  private long lastHash;

  @GuardedBy("this")
  private boolean restartWanted;

  /**
   * A watch that has seen nothing yet.
   *
   * @param camera its name, for sentences
   */
  public PictureWatch(String camera, SuperviseConfig config) {
    this.camera = camera;
    this.config = config;
    this.frozen = new Lasting(config.frozenAfter());
    this.dark = new Lasting(config.darkAfter());
    this.covered = new Lasting(config.coveredAfter());
  }

  /** Looks at a frame, which it borrows. Called on the thread that shows it. */
  public synchronized void look(Frame frame) {
    long now = frame.captureNanos();
    long sinceLook = now - lookedNanos;
    if (hasLooked && sinceLook >= 0 && sinceLook < INTERVAL_NANOS) {
      return;
    }
    sample.read(frame.image());
    boolean isSame = hasLooked && sample.hash() == lastHash;
    boolean isDark =
        sample.deviation() <= EVEN_DEVIATION
            || (sample.mean() <= DARK_MEAN && sample.deviation() <= DARK_DEVIATION);
    boolean isCovered = usual.isLost(sample, covered.holds());
    if (!isDark && !isCovered && !isSame) {
      usual.add(sample, now);
    }
    if (frozen.update(isSame, hasLooked ? lookedNanos : now, now)) {
      restartWanted |= frozen.holds() && config.restartsFrozen();
      tell(Kind.PICTURE_FROZEN, frozen, "has stood still", "moves again");
    }
    if (covered.update(isCovered, now, now)) {
      tell(Kind.LENS_COVERED, covered, "has lost its light and detail", "is back");
    }
    if (dark.update(isDark && !covered.holds(), now, now)) {
      tell(Kind.PICTURE_DARK, dark, "has been black or empty", "is back");
    }
    hasLooked = true;
    lookedNanos = now;
    lastHash = sample.hash();
  }

  /** What has begun or ended since, oldest first; empty where nothing has. */
  public synchronized Optional<CameraFault> poll() {
    return Optional.ofNullable(changes.poll());
  }

  /** Whether the source should be opened again because its picture stands still; asked once. */
  public synchronized boolean takeRestart() {
    boolean wanted = restartWanted;
    restartWanted = false;
    return wanted;
  }

  @GuardedBy("this")
  private void tell(Kind kind, Lasting fault, String begun, String over) {
    String subject = "the picture of camera " + camera + " ";
    String sentence = fault.holds() ? begun + " for " + seconds(fault.after()) : over;
    changes.add(new CameraFault(kind, !fault.holds(), fault.holds(), subject + sentence));
  }

  private static String seconds(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }
}
