package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.decode.GatedDecoder;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.source.CameraSource;
import io.github.raspberryspy.camera.source.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares what is seen in files of H.264 when all of them is decoded with what is seen when only
 * what may move is. Not part of an ordinary build: {@code motion.h264} names a folder of such
 * files.
 */
@EnabledIfSystemProperty(named = "motion.h264", matches = ".+")
class GatedEvaluationTest {

  static List<Path> files() throws IOException {
    String folder = System.getProperty("motion.h264", "");
    if (folder.isEmpty()) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(Path.of(folder))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** One way through a file. */
  private static final class Pass implements GatedDecoder.Viewer, CameraSource.Receiver {
    private final MotionAnalyzer analyzer = new MotionAnalyzer(MotionConfig.defaults());
    private final List<MotionEvent> events = new ArrayList<>();
    private final boolean all;
    private final GatedDecoder decoder;
    private long decoded;
    private long packets;
    private long lastUs;
    private final StringBuilder trace = new StringBuilder();

    Pass(boolean all) {
      this.all = all;
      this.decoder = new GatedDecoder(this, () -> true, () -> 0);
    }

    static Pass over(Path file, boolean all) {
      Pass pass = new Pass(all);
      try (CameraSource source =
          Sources.create(file.toUri().toString(), Sources.Delivery.AS_IT_COMES)) {
        source.open();
        boolean goesOn = true;
        while (goesOn) {
          goesOn = source.deliver(pass);
        }
        pass.decoder.finish();
        pass.analyzer.finish().ifPresent(pass.events::add);
      } finally {
        pass.decoder.close();
        pass.analyzer.close();
      }
      return pass;
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
    public void onFrame(Frame frame) {
      throw new IllegalStateException("no H.264");
    }

    @Override
    public void onPacket(Packet packet) {
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

    @Override
    public void onLost(long lost) {}

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
  }

  @ParameterizedTest
  @MethodSource("files")
  void asMuchIsSeenAsWhenAllIsDecoded(Path file) {
    Pass full = Pass.over(file, true);
    Pass gated = Pass.over(file, false);
    long seen = 0;
    long both = 0;
    long more = 0;
    for (long nanos = 0; nanos <= full.lastUs * 1000; nanos += 20_000_000) {
      seen += full.covers(nanos) ? 1 : 0;
      both += full.covers(nanos) && gated.covers(nanos) ? 1 : 0;
      more += !full.covers(nanos) && gated.covers(nanos) ? 1 : 0;
    }
    long events =
        full.events.stream()
            .filter(
                e ->
                    gated.events.stream()
                        .anyMatch(
                            g -> g.startNanos() <= e.endNanos() && e.startNanos() <= g.endNanos()))
            .count();
    System.out.printf(
        Locale.ROOT,
        "%-50s decoded %5.1f %%  events %d/%d  recall %.3f  more %.3f%n",
        file.getParent().getFileName() + "/" + file.getFileName(),
        100.0 * gated.decoded / gated.packets,
        events,
        full.events.size(),
        seen == 0 ? 1 : (double) both / seen,
        more * 0.02 / (full.lastUs / 1e6));
    if (Boolean.getBoolean("motion.trace")) {
      System.out.println(
          "  " + gated.trace + "\n  full " + full.spans() + "\n  gated" + gated.spans());
    }
    assertThat(events).isEqualTo(full.events.size());
  }
}
