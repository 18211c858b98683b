package io.github.raspberryspy.camera.decode;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.encode.Packet;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Decodes of H.264 what somebody needs who looks for motion: all of it while something may move,
 * else little more than a keyframe a second. What was not decoded at first and turns out to be
 * needed is decoded late, in order and with its own capture time. {@link DecodeGate} says what it
 * may miss.
 *
 * <p>For one thread.
 */
public final class GatedDecoder implements AutoCloseable {

  /** Whoever looks. Frames are borrowed: they are closed when the call returns. */
  public interface Viewer {
    /** Whether it wants every frame from the next packet on; asked for each packet. */
    boolean wantsEveryFrame();

    /** The next frame; the frames between it and the one before were declared quiet. */
    void show(Frame frame);

    /** A keyframe that is looked at while the decoder rests; it may be shown again later. */
    void glance(Frame frame);

    /**
     * Nothing has moved until this capture time; the frames up to it will not be shown.
     *
     * @param untilNanos on the frames' clock, exclusive
     */
    void quiet(long untilNanos);

    /**
     * Whether anything is still to be decoded; asked for each packet that was held and is needed
     * after all. Where not, that is left out, and nothing is known of it.
     */
    boolean goesOn();

    /**
     * Since the last call, and before what follows is shown. Each packet is counted once, as
     * decoded or as left out.
     *
     * @param lost pictures that were to be decoded, and did not come out
     */
    void counted(long decoded, long leftOut, long lost);
  }

  /** So long it waits for him, in all, each time it catches up: he may hang. */
  private static final long PATIENCE_NANOS = 500_000_000;

  private final DecodeGate gate = new DecodeGate();
  private final PictureChange change = new PictureChange();
  private final ArrayDeque<Packet> held = new ArrayDeque<>();
  private final FrameDecoder decoder;
  private final Viewer viewer;
  private final LongSupplier startNanos;
  private long number;
  private boolean hasChanged;
  private Packet looked; // an anchor, and the one before that is held: counted since then
  private Packet lookedAndHeld;

  /**
   * A decoder that has seen nothing.
   *
   * @param waits as {@link FrameDecoder#openH264} has it
   * @param startNanos capture time of presentation time 0; asked after the first packet
   * @throws CameraException of kind FORMAT_UNSUPPORTED
   */
  public GatedDecoder(Viewer viewer, BooleanSupplier waits, LongSupplier startNanos) {
    this.decoder = FrameDecoder.openH264(waits);
    this.viewer = viewer;
    this.startNanos = startNanos;
  }

  /**
   * Takes in the next packet, in the order of decoding. The first is a keyframe.
   *
   * @throws CameraException where decoding failed: close this, and open another
   */
  public void take(Packet packet) {
    DecodeGate.Step step = gate.take(packet, viewer.wantsEveryFrame());
    if (gate.learnsPicture()) {
      change.learn();
    }
    if (step == DecodeGate.Step.LOOK) {
      step = gate.looked(packet, look(packet));
      if (gate.learnsPicture()) {
        change.learn();
      }
    }
    perform(step, packet);
    countLost();
  }

  private void perform(DecodeGate.Step step, Packet packet) {
    switch (step) {
      case HOLD -> held.add(packet);
      case LEAVE_OUT -> {
        leaveOut(packet);
        held.add(packet);
        lookedAndHeld = packet;
      }
      case REFRESH -> {
        leaveOut(packet);
        decode(packet);
      }
      case CATCH_UP -> {
        held.add(packet);
        catchUp();
      }
      default -> decode(packet);
    }
  }

  /** Packets are missing before the next, which is a keyframe. */
  public void interrupt() {
    catchUp();
    finish();
    gate.interrupt();
  }

  /** Nothing comes for the moment: decodes what is held, which may be the last there is to see. */
  public void stall() {
    if (!held.isEmpty()) {
      catchUp();
      gate.interrupt();
    }
  }

  /** Decodes what is held, for no more will come, and shows what is left. */
  public void finish() {
    catchUp();
    decoder.finish(this::show);
    countLost();
    decoder.reset();
  }

  /** Leaves out what is held. */
  @Override
  public void close() {
    held.forEach(packet -> count(packet, false));
    held.clear();
    decoder.close();
  }

  /**
   * What is held comes at once: whoever looks is waited for, lest he skips what was kept for him.
   */
  private void catchUp() {
    long patience = PATIENCE_NANOS;
    while (!held.isEmpty()) {
      Packet packet = held.poll();
      if (viewer.goesOn()) {
        decode(packet);
        patience = decoder.awaitSeen(patience);
      } else {
        count(packet, false);
      }
    }
  }

  private void leaveOut(Packet next) {
    held.forEach(packet -> count(packet, false));
    held.clear();
    viewer.quiet(startNanos.getAsLong() + next.ptsUs() * 1000);
  }

  private void decode(Packet packet) {
    count(packet, true);
    decoder.decode(packet, this::show);
  }

  private void count(Packet packet, boolean isDecoded) {
    if (packet != looked && packet != lookedAndHeld) {
      viewer.counted(isDecoded ? 1 : 0, isDecoded ? 0 : 1, 0);
    }
  }

  private void countLost() {
    long lost = decoder.takeLost();
    if (lost > 0) {
      viewer.counted(0, 0, lost);
    }
  }

  /** Decodes a keyframe alone, and compares it. */
  private boolean look(Packet packet) {
    count(packet, true);
    looked = packet;
    decoder.finish(this::show);
    decoder.reset();
    hasChanged = true; // should no picture come out
    decoder.setRough(true);
    decoder.decode(packet, this::glance);
    decoder.finish(this::glance);
    decoder.reset();
    decoder.setRough(false);
    return hasChanged;
  }

  private void show(FrameSlot slot, long ptsUs) {
    try (Frame frame = publish(slot, ptsUs)) {
      if (ptsUs == gate.anchorUs()) {
        change.look(frame.image());
        if (!change.isKnown()) {
          change.learn();
        }
      }
      countLost(); // before it is shown: of many packets that come at once some may be lost
      viewer.show(frame);
    }
  }

  private void glance(FrameSlot slot, long ptsUs) {
    try (Frame frame = publish(slot, ptsUs)) {
      hasChanged = change.look(frame.image());
      viewer.glance(frame);
    }
  }

  private Frame publish(FrameSlot slot, long ptsUs) {
    try {
      return slot.publish(number++, ptsUs, startNanos.getAsLong() + ptsUs * 1000);
    } catch (Throwable e) {
      slot.discard();
      throw e;
    }
  }
}
