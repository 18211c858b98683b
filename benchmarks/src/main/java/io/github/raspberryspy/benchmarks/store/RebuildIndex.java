package io.github.raspberryspy.benchmarks.store;

import com.sun.management.OperatingSystemMXBean;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.sink.MasterConfig;
import io.github.raspberryspy.sink.MasterServer;
import io.github.raspberryspy.sink.index.PostgresConfig;
import io.github.raspberryspy.sink.index.StoredSegment;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * Fills a new index from a footage folder, beside {@code find} and {@code cat} of the same
 * manifests. Prints one line a figure. Arguments: an empty folder, how many segments, and the
 * address of an empty PostgreSQL database where the index is to be on a server.
 */
public final class RebuildIndex {

  private static final int BYTES = 1000;

  private RebuildIndex() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    int count = Integer.parseInt(args[1]);
    MasterConfig.Builder config =
        MasterConfig.into(folder)
            .listen("127.0.0.1", 0)
            .maxAge(Duration.ZERO)
            .minFreeBytes(0)
            .scrub(Duration.ZERO);
    fill(folder, count);
    sync(); // or the first commit would wait for all that was made up
    double peer = cat(folder);
    if (args.length > 2) {
      config.index(new PostgresConfig(args[2], Optional.empty(), Optional.empty()));
    }
    long cpu = cpu();
    long begun = System.nanoTime();
    try (MasterServer master = MasterServer.start(config.build())) {
      double ours = seconds(begun);
      double used = (cpu() - cpu) / 1e9;
      print(count, "start of a master that has no index yet", ours);
      print(count, "its CPU", used);
      print(count, "find | xargs cat of the manifests, before", peer);
      double again = cat(folder);
      print(count, "find | xargs cat of the manifests, after", again);
      System.out.printf(Locale.ROOT, "ratio: %.1f times as long%n", ours / ((peer + again) / 2));
    }
  }

  private static void fill(Path folder, int count) throws IOException {
    Random random = new Random(1);
    byte[] video = new byte[BYTES];
    for (int i = 0; i < count; i++) {
      StoredSegment segment = MadeUp.segment(random, i, BYTES);
      Path file = folder.resolve(segment.path());
      Files.createDirectories(file.getParent());
      Files.write(file, video);
      String name = segment.manifest().name() + SegmentName.MANIFEST;
      Files.write(file.resolveSibling(name), ManifestCodec.encode(segment.manifest()));
    }
  }

  private static void sync() throws IOException, InterruptedException {
    if (new ProcessBuilder("sync").start().waitFor() != 0) {
      throw new IOException("sync failed");
    }
  }

  private static double cat(Path folder) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    Process cat =
        new ProcessBuilder(
                "sh", "-c", "find \"$1\" -name '*.json' -print0 | xargs -0 cat", "sh", "" + folder)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (cat.waitFor() != 0) {
      throw new IOException("find and cat failed");
    }
    return seconds(begun);
  }

  private static long cpu() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private static void print(int count, String what, double seconds) {
    System.out.printf(Locale.ROOT, "%s: %.2f s, %.0f segments/s%n", what, seconds, count / seconds);
  }
}
