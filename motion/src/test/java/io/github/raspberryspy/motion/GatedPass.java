package io.github.raspberryspy.motion;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.decode.GatedDecoder;
import io.github.raspberryspy.camera.encode.Packet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One way of the detector through a stream of H.264: all of it decoded, or what may move. */
final class GatedPass implements GatedDecoder.Viewer, AutoCloseable {

  private final MotionAnalyzer analyzer;
  private final List<MotionEvent> events = new ArrayList<>();
  private final StringBuilder trace = new StringBuilder();
  private final boolean all;
  private final GatedDecoder decoder;
  private long decoded;
  private long packets;
  private long lastUs;

  GatedPass(boolean all) {
    this(all, MotionConfig.defaults().sensitivity());
  }

  GatedPass(boolean all, int sensitivity) {
    this.all = all;
    this.analyzer = new MotionAnalyzer(MotionConfig.builder().sensitivity(sensitivity).build());
    this.decoder = new GatedDecoder(this, () -> true, () -> 0);
  }

  void take(Packet packet) {
    packets++;
    long before = decoded;
    boolean wants = wantsEveryFrame();
    decoder.take(packet);
    if (decoded - before > 3) {
      trace.append(
          String.format(
              Locale.ROOT,
              " %.1f%s(%d)",
              packet.ptsUs() / 1e6,
              wants ? "w" : "u",
              decoded - before));
    }
    lastUs = packet.ptsUs();
  }

  void finish() {
    decoder.finish();
    analyzer.finish().ifPresent(events::add);
  }

  List<MotionEvent> events() {
    return events;
  }

  long lastNanos() {
    return lastUs * 1000;
  }

  /** Share of the packets that were decoded. */
  double decoded() {
    return (double) decoded / packets;
  }

  /** A dot for each glance, and when it caught up: why, and with how many packets. */
  String trace() {
    return trace.toString();
  }

  boolean covers(long nanos) {
    return events.stream().anyMatch(e -> e.startNanos() <= nanos && nanos <= e.endNanos());
  }

  String spans() {
    StringBuilder text = new StringBuilder();
    for (MotionEvent e : events) {
      text.append(
          String.format(Locale.ROOT, " %.2f-%.2f", e.startNanos() / 1e9, e.endNanos() / 1e9));
    }
    return text.toString();
  }

  @Override
  public boolean wantsEveryFrame() {
    return all || !analyzer.isCalm();
  }

  @Override
  public void show(Frame frame) {
    analyzer.analyze(frame).ended().ifPresent(events::add);
  }

  @Override
  public void glance(Frame frame) {
    trace.append('.');
  }

  @Override
  public void quiet(long untilNanos) {}

  @Override
  public void counted(long more, long leftOut, long lost) {
    decoded += more;
  }

  @Override
  public boolean goesOn() {
    return true;
  }

  @Override
  public void close() {
    decoder.close();
    analyzer.close();
  }
}
