package io.github.raspberryspy.camera.audio;

/**
 * Compares a sound card's clock with the computer's, and says by how much the sound must be made
 * longer or shorter. It knows nothing but how far the sound lags behind the present whenever some
 * has been read.
 *
 * <p>For one thread; times are samples of {@link AudioTrack#RATE_HZ}.
 */
final class AudioClock {

  /*
   * A sample is read some time after it was captured: a piece of the card's buffer, the pause of
   * the reading thread, a busy machine. The least of many such lags is what the path itself takes,
   * which is next to nothing. So the least lag within some seconds is the error of the clock: it
   * grows where the card counts too few samples, and is negative where it counts too many.
   */
  private static final int BUCKET = AudioTrack.RATE_HZ; // a second
  private static final int BUCKETS = 4;

  /** An error below this, 1 ms, is left alone. */
  private static final int TOLERATED = AudioTrack.RATE_HZ / 1000;

  /** The most that is corrected at a time, in a second: 0.5 %, a twelfth of a half-tone. */
  private static final int MOST_AT_ONCE = AudioTrack.RATE_HZ / 200;

  /** An error above this, 100 ms, is no drift: samples were lost, or came twice. */
  private static final int JUMP = AudioTrack.RATE_HZ / 10;

  private static final long NONE = Long.MAX_VALUE;

  /** What to do about an error. */
  enum Action {
    /** Nothing. */
    NOTHING,
    /** Spread so many samples over the next second. */
    STRETCH,
    /** Insert silence, or leave samples out: so many at once. */
    JUMP
  }

  private final long[] least = new long[BUCKETS];
  private long current = NONE;
  private long currentEnd = Long.MIN_VALUE;
  private boolean isSettling; // what was corrected last is still on its way
  private long amount;

  AudioClock() {
    restart();
  }

  /** Begins anew: the sound was put into its place. */
  void restart() {
    java.util.Arrays.fill(least, NONE);
    current = NONE;
    currentEnd = Long.MIN_VALUE;
    isSettling = false;
  }

  /**
   * Some sound has been read.
   *
   * @param now the present
   * @param lag how far behind it the sound ends
   */
  Action observe(long now, long lag) {
    if (currentEnd == Long.MIN_VALUE) {
      currentEnd = now + BUCKET;
    }
    current = Math.min(current, lag);
    if (now < currentEnd) {
      return Action.NOTHING;
    }
    long done = current;
    current = NONE;
    currentEnd = now + BUCKET;
    if (isSettling) {
      isSettling = false;
      return Action.NOTHING;
    }
    return judge(done);
  }

  /** Samples that are too few, or (negative) too many. */
  int amount() {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, amount));
  }

  private Action judge(long latest) {
    if (Math.abs(latest) > JUMP) {
      amount = latest;
      restart();
      return Action.JUMP;
    }
    System.arraycopy(least, 1, least, 0, BUCKETS - 1);
    least[BUCKETS - 1] = latest;
    long error = NONE;
    for (long bucket : least) {
      error = Math.min(error, bucket);
    }
    if (Math.abs(error) <= TOLERATED) {
      return Action.NOTHING;
    }
    amount = Math.max(-MOST_AT_ONCE, Math.min(MOST_AT_ONCE, error));
    for (int i = 0; i < BUCKETS; i++) {
      least[i] = least[i] == NONE ? NONE : least[i] - amount;
    }
    isSettling = true;
    return Action.STRETCH;
  }
}
