package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.camera.audio.AudioPacket;
import io.github.raspberryspy.camera.audio.AudioTrack;
import java.time.Duration;

/**
 * The sound of the segment that is being written: which packets of the run's track belong to it,
 * and when they are heard. A packet belongs to the segment in which it begins, so none is heard
 * twice and none is left out. For one thread.
 */
final class SegmentSound {

  /**
   * Longer than sound takes to be read and encoded, and shorter than a fragment: the pictures wait
   * in their window meanwhile, and are durable in time.
   */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final AudioTrack track;
  private final SegmentMuxer muxer;
  private final long firstSample;
  private long nextSample;
  private boolean isHeard;

  /**
   * The sound from a segment's first picture on.
   *
   * @param firstPtsUs its presentation time
   */
  SegmentSound(AudioTrack track, SegmentMuxer muxer, long firstPtsUs) {
    this.track = track;
    this.muxer = muxer;
    this.firstSample = AudioTrack.sampleAt(firstPtsUs);
    this.nextSample = firstSample;
  }

  /** Whether there has been any. */
  boolean isHeard() {
    return isHeard;
  }

  /**
   * Adds what is here to the fragment that is being written.
   *
   * @param shownAfterUs when the first picture is shown after it is decoded
   * @param untilUs presentation time: what begins later comes later
   * @return whether there was any
   */
  boolean mux(long shownAfterUs, long untilUs) {
    long offset = AudioTrack.sampleAt(shownAfterUs) - firstSample;
    boolean any = false;
    for (AudioPacket packet : track.from(nextSample, AudioTrack.sampleAt(untilUs))) {
      muxer.add(packet, packet.startSample() + offset);
      nextSample = packet.endSample();
      any = true;
    }
    isHeard |= any;
    return any;
  }

  /** Waits for what is left, so that the next segment goes on where this one ends, and adds it. */
  boolean finish(long shownAfterUs, long untilUs) {
    track.await(AudioTrack.sampleAt(untilUs), PATIENCE);
    return mux(shownAfterUs, untilUs);
  }
}
