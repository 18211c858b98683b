package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.source.CameraSource;
import io.github.raspberryspy.camera.source.Sources;
import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.motion.MotionAnalyzer;
import io.github.raspberryspy.motion.MotionConfig;
import io.github.raspberryspy.motion.MotionEvent;
import io.github.raspberryspy.motion.MotionResult;
import io.github.raspberryspy.segments.Box;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One video, looked through from its first frame to its last. A frame is flagged when it lies
 * within an event, as a segment's manifest would have it: an event is known only after its start,
 * so the rows are written at the end.
 */
final class AnalyzePass implements CameraSource.Receiver {

  /** What was seen in one frame. */
  private record Row(long nanos, double score, List<Box> boxes, int width, int height) {}

  private final MotionAnalyzer analyzer;
  private final List<MotionEvent> events = new ArrayList<>();
  private final List<Row> rows = new ArrayList<>();
  private long framesWithMotion;

  private AnalyzePass(MotionConfig config) {
    this.analyzer = new MotionAnalyzer(config);
  }

  /**
   * Looks through a file.
   *
   * @param csv takes {@code frame,motion,score,x,y,w,h}
   * @throws CameraException in one sentence, if it holds no video
   */
  static AnalyzePass over(Path file, MotionConfig config, PrintWriter csv) {
    AnalyzePass pass = new AnalyzePass(config);
    try (MotionAnalyzer analyzer = pass.analyzer;
        CameraSource source =
            Sources.create(file.toAbsolutePath().toUri().toString(), Sources.Delivery.FRAMES)) {
      StreamInfo info = source.open();
      boolean goesOn = true;
      while (goesOn) {
        goesOn = source.deliver(pass);
      }
      analyzer.finish().ifPresent(pass.events::add);
      if (pass.rows.isEmpty()) {
        throw new CameraException(
            CameraException.Kind.CORRUPT,
            "file " + file + " holds no readable picture of " + info.width() + "x" + info.height());
      }
    }
    pass.write(csv);
    if (csv.checkError()) {
      throw new UncheckedIOException(new IOException("writing the CSV of " + file + " failed"));
    }
    return pass;
  }

  long frames() {
    return rows.size();
  }

  long framesWithMotion() {
    return framesWithMotion;
  }

  List<MotionEvent> events() {
    return events;
  }

  /** Seconds since the first frame. */
  double seconds(long nanos) {
    return (nanos - rows.get(0).nanos) / 1e9;
  }

  @Override
  public void onFrame(Frame frame) {
    MotionResult result = analyzer.analyze(frame);
    result.ended().ifPresent(events::add);
    rows.add(
        new Row(
            frame.captureNanos(),
            result.score(),
            result.boxes(),
            frame.image().width(),
            frame.image().height()));
  }

  @Override
  public void onPacket(Packet packet) {
    throw new IllegalStateException("frames were asked for");
  }

  @Override
  public void onLost(long lost) {
    throw new IllegalStateException("a file that is not live lost " + lost + " frames");
  }

  private void write(PrintWriter csv) {
    csv.println("frame,motion,score,x,y,w,h");
    int event = 0;
    for (int number = 0; number < rows.size(); number++) {
      Row row = rows.get(number);
      while (event < events.size() && events.get(event).endNanos() - row.nanos < 0) {
        event++;
      }
      boolean motion = event < events.size() && events.get(event).startNanos() - row.nanos <= 0;
      framesWithMotion += motion ? 1 : 0;
      write(csv, number, motion ? 1 : 0, row);
    }
  }

  private static void write(PrintWriter csv, int number, int motion, Row row) {
    if (row.boxes.isEmpty()) {
      csv.printf(Locale.ROOT, "%d,%d,%.6f,,,,%n", number, motion, row.score);
    }
    for (Box box : row.boxes) {
      csv.printf(
          Locale.ROOT,
          "%d,%d,%.6f,%d,%d,%d,%d%n",
          number,
          motion,
          row.score,
          Math.round(box.x() * row.width),
          Math.round(box.y() * row.height),
          Math.round(box.width() * row.width),
          Math.round(box.height() * row.height));
    }
  }
}
