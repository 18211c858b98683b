package io.github.raspberryspy.motion;

import io.github.raspberryspy.camera.supervise.CameraFault;
import io.github.raspberryspy.camera.supervise.CameraFault.Kind;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a camera was turned away or put out of focus: the edges that were there for minutes
 * are no longer, while others stand still in their place, or none do. A lens that was covered is
 * noticed by the pipeline itself, by its light, and not told here again.
 *
 * <p>It is given the detector's small grid once a second. It outlasts the detectors of its camera,
 * so that one that was turned while it was unplugged is noticed too; a detector that hung and comes
 * back beside its successor brings a picture that is too old, which is passed over. Thread-safe; no
 * lock is held while its listener is called.
 */
public final class TamperWatch {

  private static final Logger log = LoggerFactory.getLogger(TamperWatch.class);

  private static final long SECOND = 1_000_000_000L;
  private static final long INTERVAL = 9 * SECOND / 10;
  private static final double LONGEST_STEP = 5;

  /** So long a view must have been learnt to be missed. */
  private static final double ENOUGH_SECONDS = 30;

  private static final int ENOUGH_BLOCKS = 6;

  /** Edges are lost in a block where less than this of them is left, and there where more is. */
  private static final double LOST = 0.35;

  private static final double WEAK = 0.65;

  /** Of so many blocks they must be lost. A lorry before the camera leaves some of them. */
  private static final double NEARLY_ALL = 0.85;

  private static final double MOST = 0.7;

  private static final double STEADY = 0.6;

  /** A view is elsewhere where it is so alike, and by so much more than in its place. */
  private static final double FOUND = 0.35;

  private static final double RATHER = 0.2;

  /** A view that is so alike in its place is still there, whatever light falls on it. */
  private static final double STILL_HERE = 0.15;

  private static final double LITTLE_DETAIL = 0.3;
  private static final double DULL = 0.5;
  private static final double LEAST_BRIGHTNESS = 0.6;
  private static final double MOST_BRIGHTNESS = 1.6;

  private static final long MOVED_AFTER = 4 * SECOND;
  private static final long BLURRED_AFTER = 6 * SECOND;

  /** What takes longer than this from whole to weak is fog or dusk. */
  private static final long SUDDEN = 4 * SECOND;

  private static final double WHOLE = 0.85;

  private static final long BACK_AFTER = 2 * SECOND;

  /** Then whatever is seen has become the usual. */
  private static final long GIVEN_UP_AFTER = 30 * 60 * SECOND;

  private static final int MOST_STALE = LeftBehind.MOST;

  private static final long NEVER = Long.MIN_VALUE / 2;

  private final String camera;
  private final Consumer<CameraFault> faults;

  /* All guarded by the lock of this. */
  private ViewStructure view;
  private long lastNanos = NEVER;
  private int stale; // pictures in a row that were older than that
  private long wholeNanos = NEVER; // when most of the view was there last
  private boolean wentAtOnce;
  private long oddNanos; // since when it has not been
  private boolean isOdd;
  private Optional<Kind> suspect = Optional.empty();
  private long suspectNanos;
  private long backNanos = NEVER;
  private Optional<Kind> told = Optional.empty();
  private Optional<CameraFault> news = Optional.empty(); // of the look under way

  /**
   * A watch that has seen nothing yet.
   *
   * @param camera its name, for sentences
   * @param faults told when something is wrong and when it is over, on {@code motion-CAMERA}
   */
  public TamperWatch(String camera, Consumer<CameraFault> faults) {
    this.camera = Objects.requireNonNull(camera, "camera");
    this.faults = Objects.requireNonNull(faults, "faults");
  }

  /** Whether it wants to see the picture of this moment. */
  synchronized boolean isDue(long nanos) {
    return nanos - lastNanos >= INTERVAL || nanos < lastNanos;
  }

  /**
   * Looks at a picture. One that is older than another which was looked at is passed over, unless
   * there are more of them than hung detectors can bring: then the clock has begun anew.
   *
   * @param cells brightness of each cell, borrowed
   * @param watched not 0 in each cell that counts
   */
  void look(int columns, int rows, byte[] cells, byte[] watched, long nanos) {
    Optional<CameraFault> fault;
    synchronized (this) {
      news = Optional.empty();
      stale = nanos > lastNanos ? 0 : stale + 1;
      if (stale == 0 || stale > MOST_STALE) {
        judge(columns, rows, cells, watched, nanos);
      }
      fault = news;
    }
    if (fault.isPresent()) {
      pass(fault.get());
    }
  }

  private void judge(int columns, int rows, byte[] cells, byte[] watched, long nanos) {
    if (view == null || view.columns != columns || view.rows != rows) {
      view = new ViewStructure(columns, rows);
      isOdd = false;
      suspect = Optional.empty();
    }
    double seconds =
        lastNanos == NEVER ? 0 : Math.min(LONGEST_STEP, Math.max(0, (nanos - lastNanos) / 1e9));
    lastNanos = nanos;
    view.read(cells, watched, seconds);
    boolean canTell = view.learntSeconds() >= ENOUGH_SECONDS && view.known() >= ENOUGH_BLOCKS;
    boolean odd = canTell && view.shareBelow(WEAK) >= (isOdd ? 0.5 : NEARLY_ALL);
    if (view.shareBelow(WHOLE) <= 0.5) {
      wholeNanos = nanos;
    }
    if (odd && !isOdd) {
      oddNanos = nanos;
      wentAtOnce = nanos - wholeNanos <= SUDDEN;
    }
    isOdd = odd;
    if (odd) {
      backNanos = NEVER;
      suspect(nanos);
    } else {
      usual(seconds, nanos);
    }
  }

  private void usual(double seconds, long nanos) {
    suspect = Optional.empty();
    view.learn(seconds);
    if (told.isPresent()) {
      backNanos = backNanos == NEVER ? nanos : backNanos;
      if (nanos - backNanos >= BACK_AFTER) {
        over("is as before");
      }
    }
  }

  private void suspect(long nanos) {
    if (nanos - oddNanos >= GIVEN_UP_AFTER) {
      view.forget();
      isOdd = false;
      if (told.isPresent()) {
        over("is now taken for the usual one");
      }
      return;
    }
    if (told.isPresent()) {
      return;
    }
    Optional<ViewStructure.Place> elsewhere = elsewhere();
    Optional<Kind> now =
        elsewhere.isPresent()
            ? Optional.of(Kind.CAMERA_MOVED)
            : isBlurred() ? Optional.of(Kind.CAMERA_DEFOCUSED) : Optional.empty();
    if (!now.equals(suspect)) {
      suspect = now;
      suspectNanos = nanos;
    }
    long lasted = nanos - suspectNanos;
    if (elsewhere.isPresent() && lasted >= MOVED_AFTER) {
      tell(Kind.CAMERA_MOVED, moved(elsewhere.get()));
    } else if (now.isPresent() && elsewhere.isEmpty() && lasted >= BLURRED_AFTER) {
      tell(
          Kind.CAMERA_DEFOCUSED,
          "has lost its detail: it is out of focus, or something is before the lens");
    }
  }

  /** Where the view has gone; empty where it has not, or where that cannot be told. */
  private Optional<ViewStructure.Place> elsewhere() {
    boolean isAnother =
        view.shareBelow(LOST) >= MOST
            && view.steady() >= STEADY
            && view.detail() >= LITTLE_DETAIL
            && 4 * view.structured() >= view.known();
    if (!isAnother) {
      return Optional.empty();
    }
    ViewStructure.Place place = view.find();
    boolean isFound = place.best() >= FOUND && place.best() >= place.here() + RATHER;
    return isFound || place.here() < STILL_HERE ? Optional.of(place) : Optional.empty();
  }

  private boolean isBlurred() {
    return view.detail() < LITTLE_DETAIL
        && view.sharpness() < DULL // a camera that shakes has no edges that last, but some
        && view.brightness() >= LEAST_BRIGHTNESS
        && view.brightness() <= MOST_BRIGHTNESS
        && wentAtOnce;
  }

  private static String moved(ViewStructure.Place place) {
    if (place.best() < FOUND) {
      return "is another one: it was turned or carried away";
    }
    return String.format(
        Locale.ROOT,
        "has moved in the picture by about %.0f %% to the %s and %.0f %% %s",
        100 * Math.abs(place.x()),
        place.x() < 0 ? "left" : "right",
        100 * Math.abs(place.y()),
        place.y() < 0 ? "up" : "down");
  }

  private void tell(Kind kind, String sentence) {
    told = Optional.of(kind);
    news =
        Optional.of(
            new CameraFault(kind, false, true, "the view of camera " + camera + " " + sentence));
  }

  private void over(String sentence) {
    Kind kind = told.get();
    told = Optional.empty();
    backNanos = NEVER;
    news =
        Optional.of(
            new CameraFault(kind, true, false, "the view of camera " + camera + " " + sentence));
  }

  private void pass(CameraFault fault) {
    log.warn("{}", fault.sentence());
    try {
      faults.accept(fault);
    } catch (RuntimeException e) { // detection goes on, whoever listens
      log.warn("A listener to faults of {} failed", camera, e);
    }
  }
}
