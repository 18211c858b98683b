package io.github.raspberryspy.camera.audio;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The latest sound of one run, encoded: written by {@code audio-CAMERA}, read by {@code
 * record-CAMERA}. It is bounded in time and forgets the oldest; the writer never waits.
 *
 * <p>Packets follow each other without a hole, silence included, as long as the writer lives.
 * Thread-safe.
 */
public final class AudioTrack {

  /** Samples per second of each channel, whatever the card has. */
  public static final int RATE_HZ = 48_000;

  private final AudioParameters parameters;
  private final long startNanos;
  private final long keptSamples;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Deque<AudioPacket> packets = new ArrayDeque<>();

  @GuardedBy("lock")
  private long endSample = Long.MIN_VALUE;

  @GuardedBy("lock")
  private boolean ended;

  /** Where it ended when somebody waited for more in vain; any other value else. */
  @GuardedBy("lock")
  private long stuckAt = Long.MAX_VALUE;

  /**
   * An empty track.
   *
   * @param startNanos when the run began, as {@link System#nanoTime}
   * @param kept how much is kept at least
   */
  AudioTrack(AudioParameters parameters, long startNanos, Duration kept) {
    this.parameters = parameters;
    this.startNanos = startNanos;
    this.keptSamples = kept.toMillis() * RATE_HZ / 1000;
  }

  /** The sample that belongs to a presentation time of the run, microseconds. */
  public static long sampleAt(long ptsUs) {
    return Math.floorDiv(ptsUs * RATE_HZ + 500_000, 1_000_000L);
  }

  /** What a container must know of it. */
  public AudioParameters parameters() {
    return parameters;
  }

  /** The packets that begin from one sample on and before another, as far as they are here. */
  public List<AudioPacket> from(long firstSample, long untilSample) {
    List<AudioPacket> found = new ArrayList<>();
    synchronized (lock) {
      for (AudioPacket packet : packets) {
        if (packet.startSample() >= firstSample && packet.startSample() < untilSample) {
          found.add(packet);
        }
      }
    }
    return found;
  }

  /**
   * Waits until all that begins before a sample is here, so long at the most. Returns whether it
   * is. Where nothing has come since somebody waited in vain, it does not wait again.
   */
  public boolean await(long untilSample, Duration most) {
    long deadline = System.nanoTime() + most.toNanos();
    synchronized (lock) {
      while (endSample < untilSample && !ended && endSample != stuckAt) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          stuckAt = endSample;
          break;
        }
        try {
          lock.wait(Math.max(1, left / 1_000_000));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          break; // sound is not worth it
        }
      }
      return endSample >= untilSample;
    }
  }

  long startNanos() {
    return startNanos;
  }

  /** The sample that belongs to a moment of {@link System#nanoTime}. */
  long sampleAtNanos(long nanos) {
    return Math.floorDiv((nanos - startNanos) / 1000 * RATE_HZ, 1_000_000L);
  }

  void append(AudioPacket packet) {
    synchronized (lock) {
      packets.addLast(packet);
      endSample = packet.endSample();
      while (packets.getFirst().endSample() < endSample - keptSamples) {
        packets.removeFirst();
      }
      lock.notifyAll();
    }
  }

  /** No more packets come. */
  void end() {
    synchronized (lock) {
      ended = true;
      lock.notifyAll();
    }
  }
}
