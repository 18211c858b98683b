package io.github.raspberryspy.benchmarks.load;

import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.sink.MasterServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * Plays many cameras towards a running master, each with segments of its own that hold the bytes of
 * one recorded segment, at the pace at which that was recorded. Ends with a line of JSON:
 * milliseconds from a piece that is due to its answer, and from a segment's end to its receipt.
 *
 * <pre>FleetLoad MASTER-URL FOOTAGE-FOLDER SPOOL-FOLDER CAMERA CAMERAS SEGMENTS [tail]</pre>
 *
 * The spool is what {@code record} left; the footage folder is the master's, whose secret gives
 * each camera its credential.
 */
public final class FleetLoad {

  private FleetLoad() {}

  /** Runs it; exit code 1 where a camera met with a failure. */
  public static void main(String[] args) throws IOException {
    if (args.length < 6) {
      System.err.println(
          "FleetLoad MASTER-URL FOOTAGE-FOLDER SPOOL-FOLDER CAMERA CAMERAS SEGMENTS [tail]");
      System.exit(2);
    }
    URI master = URI.create(args[0]);
    Path footage = Path.of(args[1]);
    SealedSegment model = Spool.open(Path.of(args[2]), args[3]).sealed().get(0);
    byte[] video = Files.readAllBytes(model.files().video());
    int cameras = Integer.parseInt(args[4]);
    int segments = Integer.parseInt(args[5]);
    boolean isTail = args.length > 6;
    int pieces =
        Math.toIntExact(
            Math.max(
                1,
                Math.round(
                    Duration.between(model.manifest().start(), model.manifest().end()).toMillis()
                        / 1000.0)));
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    Outcome outcome = new Outcome(video);
    List<CompletableFuture<?>> playing = new ArrayList<>();
    long began = System.nanoTime();
    for (int i = 0; i < cameras; i++) {
      String name = String.format(Locale.ROOT, "load-%04d", i);
      PlayedCamera camera =
          new PlayedCamera(
              client,
              master,
              MasterServer.credentialFor(footage, name),
              model.manifest(),
              video,
              isTail,
              outcome);
      // no two begin together, nor do their segments end together
      Duration delay = Duration.ofMillis(1000L * pieces * i / cameras);
      playing.add(
          camera
              .play(segments, pieces, delay)
              .exceptionally(
                  e -> {
                    outcome.failed(e);
                    return null;
                  }));
    }
    CompletableFuture.allOf(playing.toArray(CompletableFuture[]::new)).join();
    System.out.println(outcome.json((System.nanoTime() - began) / 1e9));
    System.exit(outcome.isFine() ? 0 : 1);
  }
}
