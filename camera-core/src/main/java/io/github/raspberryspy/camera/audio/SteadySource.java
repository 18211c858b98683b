package io.github.raspberryspy.camera.audio;

import io.github.raspberryspy.camera.CameraException;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source of sound that is opened again when it is absent, breaks or falls silent, with pauses
 * from 1 s to 30 s. What it throws ends here. For one thread.
 */
final class SteadySource implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SteadySource.class);

  private static final long FIRST_PAUSE = 1_000_000_000L;
  private static final long LONGEST_PAUSE = 30_000_000_000L;

  /** An open card that gives nothing for so long is opened again. */
  static final long PATIENCE = 1_000_000_000L;

  /** How much is taken at a time: a tenth of a second of what a fast card gives. */
  private static final int MOST_AT_ONCE = 8 * 19_200;

  private final Supplier<AudioSource> sources;
  private AudioSource source;
  private AudioSource.Shape shape;
  private boolean isNew;
  private long startNanos;
  private boolean hasStart;
  private long latestNanos; // at which it gave something, or was opened
  private long nextTry;
  private boolean hasTried;
  private long pause = FIRST_PAUSE;
  private Optional<String> problem = Optional.empty();

  SteadySource(Supplier<AudioSource> sources) {
    this.sources = sources;
  }

  /** What is wrong with it; empty where it gives sound, or has not been tried yet. */
  Optional<String> problem() {
    return problem;
  }

  /** What it delivers; empty where it is not open. */
  Optional<AudioSource.Shape> shape() {
    return source == null ? Optional.empty() : Optional.of(shape);
  }

  /** Whether what was read last is the first of an opened card. */
  boolean takeNew() {
    boolean was = isNew;
    isNew = false;
    return was;
  }

  /** A run of the camera began. */
  void begin(long nanos) {
    startNanos = nanos;
    hasStart = true;
    if (source != null) {
      source.begin(nanos);
    }
  }

  /**
   * Puts what has come into the block, which it clears before. Opens the card where it is time to.
   *
   * @return whether anything has come
   */
  boolean read(AudioBlock block, long now) {
    block.clear();
    if (source == null && (!hasTried || now - nextTry >= 0)) {
      open(now);
    }
    if (source == null) {
      return false;
    }
    try {
      while (block.size() < MOST_AT_ONCE && source.read(block)) {
        // on until it has no more
      }
    } catch (CameraException e) {
      fail(e.getMessage(), now);
      return false;
    }
    if (block.size() > 0) {
      latestNanos = now;
      problem = Optional.empty();
      pause = FIRST_PAUSE;
      return true;
    }
    if (now - latestNanos > PATIENCE) {
      fail("the sound card is open and gives nothing", now);
    }
    return false;
  }

  @Override
  public void close() {
    AudioSource open = source;
    source = null;
    if (open != null) {
      open.close();
    }
  }

  private void open(long now) {
    hasTried = true;
    AudioSource candidate = sources.get();
    try {
      shape = candidate.open();
      if (hasStart) {
        candidate.begin(startNanos);
      }
      source = candidate;
      isNew = true;
      latestNanos = System.nanoTime(); // opening may take its time
      log.info("sound is open: {} Hz, channels: {}", shape.rateHz(), shape.channels());
    } catch (CameraException e) {
      candidate.close();
      fail(e.getMessage(), now);
    }
  }

  private void fail(String sentence, long now) {
    close();
    problem = Optional.of(sentence);
    nextTry = now + pause;
    pause = Math.min(LONGEST_PAUSE, 2 * pause);
  }
}
