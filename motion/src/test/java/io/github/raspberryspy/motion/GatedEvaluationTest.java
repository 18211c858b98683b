package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.source.CameraSource;
import io.github.raspberryspy.camera.source.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares what is seen in files of H.264 when all of them is decoded with what is seen when only
 * what may move is. Not part of an ordinary build: {@code motion.h264} names a folder of such
 * files, {@code motion.sensitivity} what else than 50 is tried.
 */
@EnabledIfSystemProperty(named = "motion.h264", matches = ".+")
class GatedEvaluationTest {

  private static final int SENSITIVITY = Integer.getInteger("motion.sensitivity", 50);

  static List<Path> files() throws IOException {
    String folder = System.getProperty("motion.h264", "");
    if (folder.isEmpty()) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(Path.of(folder))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static GatedPass over(Path file, boolean all) {
    try (GatedPass pass = new GatedPass(all, SENSITIVITY);
        CameraSource source =
            Sources.create(file.toUri().toString(), Sources.Delivery.AS_IT_COMES)) {
      source.open();
      boolean goesOn = true;
      while (goesOn) {
        goesOn = source.deliver(new Taker(pass));
      }
      pass.finish();
      return pass;
    }
  }

  private record Taker(GatedPass pass) implements CameraSource.Receiver {
    @Override
    public void onFrame(Frame frame) {
      throw new IllegalStateException("no H.264");
    }

    @Override
    public void onPacket(Packet packet) {
      pass.take(packet);
    }

    @Override
    public void onLost(long lost) {}
  }

  @ParameterizedTest
  @MethodSource("files")
  void asMuchIsSeenAsWhenAllIsDecoded(Path file) {
    GatedPass full = over(file, true);
    GatedPass gated = over(file, false);
    long seen = 0;
    long both = 0;
    long more = 0;
    for (long nanos = 0; nanos <= full.lastNanos(); nanos += 20_000_000) {
      seen += full.covers(nanos) ? 1 : 0;
      both += full.covers(nanos) && gated.covers(nanos) ? 1 : 0;
      more += !full.covers(nanos) && gated.covers(nanos) ? 1 : 0;
    }
    long events =
        full.events().stream()
            .filter(
                e ->
                    gated.events().stream()
                        .anyMatch(
                            g -> g.startNanos() <= e.endNanos() && e.startNanos() <= g.endNanos()))
            .count();
    System.out.printf(
        Locale.ROOT,
        "%-50s decoded %5.1f %%  events %d/%d  recall %.3f  more %.3f%n",
        file.getParent().getFileName() + "/" + file.getFileName(),
        100 * gated.decoded(),
        events,
        full.events().size(),
        seen == 0 ? 1 : (double) both / seen,
        more * 0.02 / (full.lastNanos() / 1e9));
    if (Boolean.getBoolean("motion.trace")) {
      System.out.println(
          "  " + gated.trace() + "\n  full " + full.spans() + "\n  gated" + gated.spans());
    }
    assertThat(events).isEqualTo(full.events().size());
  }
}
