package io.github.raspberryspy.benchmarks.store;

import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.VideoFormat;
import io.github.raspberryspy.sink.MasterConfig;
import io.github.raspberryspy.sink.MasterServer;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.StoredSegment;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * Fills an index with segments that have no files, starts a master over it, and asks what the page
 * asks. Prints one line a figure. Arguments: an empty folder, and how many segments.
 */
public final class MillionSegments {

  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration LENGTH = Duration.ofMinutes(2);
  private static final int CAMERAS = 10;
  private static final int BATCH = 10_000;
  private static final int ASKS = 200;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Random random = new Random(1);
  private final int count;
  private String cookie = "";

  private MillionSegments(int count) {
    this.count = count;
  }

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    new MillionSegments(args.length > 1 ? Integer.parseInt(args[1]) : 1_000_000).run(folder);
  }

  private void run(Path folder) throws Exception {
    MasterConfig config =
        MasterConfig.into(folder)
            .listen("127.0.0.1", 0)
            .maxAge(Duration.ZERO)
            .minFreeBytes(0)
            .scrub(Duration.ZERO)
            .build();
    MasterServer.start(config).close(); // makes the folder and an index that is complete
    Path file = folder.resolve(".raspberryspy/index.db");
    long begun = System.nanoTime();
    try (SegmentIndex index = SegmentIndex.open(file)) {
      fill(index);
    }
    print("fill: " + Math.round(count * 60.0 / seconds(begun)) + " segments/min");
    print("index: " + (Files.size(file) >> 20) + " MB");
    begun = System.nanoTime();
    try (MasterServer master = MasterServer.start(config)) {
      print("start: " + tenths(seconds(begun) * 1000) + " ms");
      ask(master);
    }
  }

  private void fill(SegmentIndex index) {
    List<StoredSegment> batch = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      batch.add(segment("camera-" + i % CAMERAS, i / CAMERAS));
      if (batch.size() == BATCH || i == count - 1) {
        index.add(batch);
        batch.clear();
      }
    }
  }

  private StoredSegment segment(String camera, int sequence) {
    Instant start = BEGIN.plus(LENGTH.multipliedBy(sequence));
    SegmentId id = new SegmentId(camera, "0a1b2c3d", 1, sequence);
    List<EventSpan> motion =
        random.nextInt(10) > 0
            ? List.of()
            : List.of(
                new EventSpan(
                    start.plusSeconds(10), start.plusSeconds(20), 0.5, List.of(), List.of()));
    SegmentManifest manifest =
        new SegmentManifest(
            id,
            start,
            start.plus(LENGTH),
            ClockState.SYNCED,
            LENGTH.toMillis() * 1000 * sequence,
            2400,
            new VideoFormat("avc1.42c01e", 1920, 1080, 20),
            Optional.empty(),
            new Content(30_000_000, String.format(Locale.ROOT, "%064x", (long) sequence + 1)),
            motion,
            List.of(),
            List.of(),
            CloseReason.TIME);
    String path = camera + "/" + manifest.name().day() + "/" + manifest.name() + SegmentName.VIDEO;
    return new StoredSegment(manifest, manifest.end(), random.nextInt(1000) == 0, path);
  }

  private void ask(MasterServer master) throws Exception {
    HttpResponse<String> signedIn =
        http.send(HttpRequest.newBuilder(master.signInLink()).build(), BodyHandlers.ofString());
    String set = signedIn.headers().firstValue("Set-Cookie").orElseThrow();
    cookie = set.substring(0, set.indexOf(';'));
    URI url = master.url();
    measure("page of a day of a camera", url, "segments?camera=camera-3&limit=1000&%s");
    measure("page of a day of all cameras", url, "segments?limit=100&%s");
    measure("page of a day with motion", url, "segments?motion=true&limit=100&%s");
    measure("saved ones of a day", url, "segments?saved=true&limit=100&%s");
    measure("latest page", url, "segments?limit=100");
    measure("latest page of a camera", url, "segments?camera=camera-3&limit=100");
    measure("saved ones", url, "segments?saved=true&limit=100");
    measure("latest with motion", url, "segments?motion=true&limit=100");
    measure("events of a day", url, "events?%s");
    measure("days", url, "days");
    measure("days of a camera", url, "days?camera=camera-3");
    measure("cameras", url, "cameras");
    measure("storage", url, "storage");
  }

  private void measure(String what, URI url, String query) throws Exception {
    int days = (int) LENGTH.multipliedBy(count / CAMERAS).toDays();
    double[] millis = new double[ASKS];
    for (int i = -20; i < ASKS; i++) {
      Instant from = BEGIN.plus(Duration.ofDays(random.nextInt(Math.max(days, 1))));
      String day = "from=" + from + "&to=" + from.plus(Duration.ofDays(1));
      long begun = System.nanoTime();
      get(url.resolve("/api/v1/" + query.replace("%s", day)));
      if (i >= 0) {
        millis[i] = seconds(begun) * 1000;
      }
    }
    Arrays.sort(millis);
    print(
        what
            + ": p50 "
            + tenths(millis[ASKS / 2])
            + " ms, p99 "
            + tenths(millis[ASKS * 99 / 100])
            + " ms");
  }

  private void get(URI uri) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(uri).header("Cookie", cookie).build(), BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(uri + ": " + answer.statusCode() + " " + answer.body());
    }
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private static String tenths(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static void print(String line) {
    System.out.println(line);
  }
}
