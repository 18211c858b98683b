package io.github.raspberryspy.camera.decode;

import io.github.raspberryspy.camera.encode.Packet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides from the packets of H.264 what of it has to be decoded for somebody who looks for motion.
 *
 * <p>It <em>follows</em>: everything is decoded. Once nothing has moved for a while, it
 * <em>rests</em>: packets are held undecoded from one anchor, a keyframe about a second after the
 * one before, to the next, where the keyframe alone is decoded and compared. What was held is left
 * out once the next anchor looks the same; at the least doubt before, it is decoded after all, from
 * its anchor on, as fast as whoever looks can look. What comes and goes between two anchors and
 * costs no more than noise does raises no doubt, and is missed. Doubt is: a packet that costs more
 * than usual, a picture that has changed, a stream that is interrupted, changed or cannot be read,
 * somebody who wants every frame. Now and then it follows for the length between two anchors, so
 * that whoever looks goes on learning the scene.
 *
 * <p>Pure: its only clock is the packets' time. For one thread.
 */
final class DecodeGate {

  /** What is to be done with a packet. */
  enum Step {
    /** Decode it, behind the one before. */
    FOLLOW,
    /** Hold it. */
    HOLD,
    /** Decode what is held, and it. */
    CATCH_UP,
    /** It is an anchor: decode it alone, and say how it {@link #looked}. */
    LOOK,
    /** What is held is not needed: leave it out, and hold this one. */
    LEAVE_OUT,
    /** What is held is not needed: leave it out, and decode this one. */
    REFRESH
  }

  /** Keyframes closer than this to the anchor before are no anchors. */
  private static final long ANCHOR_US = 900_000;

  /** Anchors further apart than this would let the news of motion come too late. */
  private static final long MOST_APART_US = 3_000_000;

  /** A stream is interrupted where this much time passes without a packet. */
  private static final long MOST_PAUSE_US = 1_000_000;

  /** How long it follows at the least. */
  private static final long LEAST_FOLLOWED_US = 900_000;

  /** How long it rests before it follows though nothing happens. */
  private static final long LONGEST_REST_US = 30_000_000;

  /** Calm stretches from anchor to anchor before the first rest. */
  private static final int FIRST_STRETCHES = 2;

  private static final long NEVER = Long.MIN_VALUE;

  /** So many are held at the most, whatever times they claim: three seconds at 100 a second. */
  static final int MOST_PACKETS = 300;

  /** And so many bytes: three seconds of 40 Mbit/s. A hostile stream has packets of any size. */
  static final int MOST_BYTES = 16 << 20;

  private final SliceHeaders headers = new SliceHeaders();
  private final PacketActivity activity = new PacketActivity();
  private final List<PictureFacts> stretch = new ArrayList<>(); // since the anchor
  private long stretchBytes;
  private boolean isResting;
  private boolean isDoubtful; // the stretch since the anchor
  private boolean learnsPicture;
  private long anchorUs = NEVER;
  private long dtsUs = NEVER; // of the packet before
  private long followsSinceUs = NEVER;
  private long restsSinceUs;
  private int stretchesLearnt;

  /**
   * Takes in the next packet, in the order of decoding.
   *
   * @param isWanted whether somebody wants every frame
   */
  Step take(Packet packet, boolean isWanted) {
    Optional<PictureFacts> facts = headers.read(packet);
    boolean isDoubted = isWanted || isBroken(packet, facts);
    learnsPicture = false;
    if (packet.isKeyframe() && (anchorUs == NEVER || packet.ptsUs() - anchorUs >= ANCHOR_US)) {
      return takeAnchor(packet, isDoubted);
    }
    stretchBytes += packet.sizeBytes();
    boolean isFull = stretch.size() >= MOST_PACKETS || stretchBytes > MOST_BYTES;
    if (!isFull) {
      facts.ifPresent(stretch::add);
    }
    if (isResting) {
      boolean isUnusual = facts.isEmpty() || activity.isUnusual(facts.get());
      boolean isLate = packet.ptsUs() - anchorUs > MOST_APART_US;
      if (!isDoubted && !isUnusual && !isLate && !isFull) {
        return Step.HOLD;
      }
      follow(packet);
      isDoubtful = isDoubted;
      return Step.CATCH_UP;
    }
    isDoubtful |= isDoubted;
    return Step.FOLLOW;
  }

  /**
   * Takes in how an anchor looked that was decoded alone.
   *
   * @param hasChanged whether anything in it is out of the ordinary
   */
  Step looked(Packet anchor, boolean hasChanged) {
    if (hasChanged) {
      follow(anchor);
      begin(anchor, false);
      return Step.CATCH_UP;
    }
    learnsPicture = true;
    if (!isResting) {
      isResting = true;
      restsSinceUs = anchor.ptsUs();
      begin(anchor, false);
      return Step.LEAVE_OUT;
    }
    stretch.forEach(activity::learn);
    begin(anchor, false);
    if (anchor.ptsUs() - restsSinceUs < LONGEST_REST_US) {
      return Step.LEAVE_OUT;
    }
    follow(anchor);
    return Step.REFRESH;
  }

  /** Whether the picture at an anchor that was looked at last shows what is usual. */
  boolean learnsPicture() {
    return learnsPicture;
  }

  /** Presentation time of the latest anchor. */
  long anchorUs() {
    return anchorUs;
  }

  /** Capture is interrupted: packets are missing before the next. Nothing must be held. */
  void interrupt() {
    isResting = false;
    followsSinceUs = NEVER; // so the next anchor begins anew
  }

  private Step takeAnchor(Packet packet, boolean isDoubted) {
    if (isResting) {
      if (!isDoubted) {
        return Step.LOOK;
      }
      follow(packet);
      begin(packet, true);
      return Step.CATCH_UP;
    }
    boolean isCalm = anchorUs != NEVER && !isDoubtful && !isDoubted;
    boolean isClose = anchorUs != NEVER && packet.ptsUs() - anchorUs <= MOST_APART_US;
    boolean isLong =
        followsSinceUs != NEVER && packet.ptsUs() - followsSinceUs >= LEAST_FOLLOWED_US;
    if (followsSinceUs == NEVER) {
      followsSinceUs = packet.ptsUs();
    }
    if (isCalm && isLong) { // or whoever looks may not have seen yet what was decoded last
      stretch.forEach(activity::learn);
      stretchesLearnt++;
      learnsPicture = true;
      if (isClose && stretchesLearnt >= FIRST_STRETCHES) {
        return Step.LOOK;
      }
    }
    begin(packet, isDoubted);
    return Step.FOLLOW;
  }

  private void begin(Packet anchor, boolean isDoubted) {
    anchorUs = anchor.ptsUs();
    isDoubtful = isDoubted;
    stretch.clear();
    stretchBytes = anchor.sizeBytes();
  }

  private void follow(Packet packet) {
    isResting = false;
    followsSinceUs = packet.ptsUs();
  }

  /** Whether it does not simply go on from the packet before. */
  private boolean isBroken(Packet packet, Optional<PictureFacts> facts) {
    boolean isInterrupted = dtsUs != NEVER && Math.abs(packet.dtsUs() - dtsUs) > MOST_PAUSE_US;
    dtsUs = packet.dtsUs();
    if (facts.isPresent() && facts.get().isAnotherStream()) {
      activity.forget();
      stretchesLearnt = 0;
    }
    return isInterrupted || facts.isEmpty() || !facts.get().continues();
  }
}
