package io.github.raspberryspy.camera.live;

import io.github.raspberryspy.camera.encode.NalUnits;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.record.RunClock;
import io.github.raspberryspy.segments.wire.LiveMessage;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;

/**
 * Makes a live stream of packets: an init segment at the first keyframe and where its parameter
 * sets change, and a fragment of each packet, whose bytes are copied once. For one thread.
 *
 * <p>In a packet each unit has a start code in front (Annex B), in MP4 its length. Parameter sets
 * and delimiters are left out: the init segment has the ones, and MP4 needs not the others.
 */
final class Fragmenter {

  private static final int SPS = 7;
  private static final int PPS = 8;
  private static final int DELIMITER = 9;

  private final int width;
  private final int height;
  private final RunClock clock;
  private final Queue<LiveMessage> ready = new ArrayDeque<>(2);
  private byte[] sps = {};
  private byte[] pps = {};
  private boolean hasBegun;
  private int sequence;

  Fragmenter(int width, int height, RunClock clock) {
    this.width = width;
    this.height = height;
    this.clock = clock;
  }

  /** The next message of what was put in. */
  Optional<LiveMessage> poll() {
    return Optional.ofNullable(ready.poll());
  }

  /** Takes a packet; what comes before the first keyframe is passed over. */
  void put(Packet packet) {
    if (packet.isKeyframe()) {
      readParameters(packet);
    }
    if (hasBegun) {
      ready.add(fragment(packet));
    }
  }

  private void readParameters(Packet packet) {
    byte[][] sets = {sps, pps};
    NalUnits.forEach(
        packet.array(),
        (unit, from, end) -> {
          int type = unit[from] & 0x1f;
          if ((type == SPS && end - from >= 4) || type == PPS) {
            sets[type - SPS] = Arrays.copyOfRange(unit, from, end);
          }
        });
    boolean isNew = !Arrays.equals(sets[0], sps) || !Arrays.equals(sets[1], pps);
    sps = sets[0];
    pps = sets[1];
    if (isNew && sps.length > 0 && pps.length > 0) {
      hasBegun = true;
      ready.add(
          new LiveMessage.Init(
              String.format("avc1.%02x%02x%02x", sps[1], sps[2], sps[3]),
              width,
              height,
              clock.start(),
              Boxes.init(width, height, sps, pps)));
    }
  }

  private LiveMessage.Fragment fragment(Packet packet) {
    int[] size = new int[1];
    NalUnits.forEach(
        packet.array(), (unit, from, end) -> size[0] += isKept(unit[from]) ? 4 + end - from : 0);
    ByteBuffer out = ByteBuffer.allocate(Boxes.FRAGMENT_HEAD + size[0]);
    Boxes.fragmentHead(
        out,
        ++sequence,
        new Boxes.Timing(
            packet.dtsUs(),
            packet.ptsUs() - packet.dtsUs(),
            packet.durationUs(),
            packet.isKeyframe()),
        size[0]);
    NalUnits.forEach(
        packet.array(),
        (unit, from, end) -> {
          if (isKept(unit[from])) {
            out.putInt(end - from).put(unit, from, end - from);
          }
        });
    return new LiveMessage.Fragment(
        packet.isKeyframe(), packet.ptsUs(), clock.at(packet.ptsUs()), out.flip());
  }

  private static boolean isKept(byte header) {
    int type = header & 0x1f;
    return type != SPS && type != PPS && type != DELIMITER;
  }
}
