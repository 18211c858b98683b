package io.github.raspberryspy.benchmarks.store;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import com.sun.management.OperatingSystemMXBean;
import io.github.raspberryspy.sink.MasterConfig;
import io.github.raspberryspy.sink.MasterServer;
import io.github.raspberryspy.sink.index.PostgresConfig;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.StoredSegment;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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
import java.util.stream.Stream;

/**
 * Fills an index with segments that have no files, starts a master over it, asks what the page
 * asks, adds segments beside that, and lets retention delete some. Prints one line a figure.
 * Arguments: an empty folder, how many segments, and the address of an empty PostgreSQL database
 * where the index is to be on a server.
 */
public final class MillionSegments {

  private static final long BYTES = 30_000_000;
  private static final int BATCH = 500;
  private static final int ASKS = 200;
  private static final int TO_GO = 1000;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Random random = new Random(1);
  private final Path folder;
  private final int count;
  private final Optional<PostgresConfig> server;
  private String cookie = "";

  private MillionSegments(Path folder, int count, Optional<PostgresConfig> server) {
    this.folder = folder;
    this.count = count;
    this.server = server;
  }

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    new MillionSegments(
            Path.of(args[0]),
            Integer.parseInt(args[1]),
            args.length > 2
                ? Optional.of(new PostgresConfig(args[2], Optional.empty(), Optional.empty()))
                : Optional.empty())
        .run();
  }

  private void run() throws Exception {
    MasterServer.start(config(0)).close(); // makes the folder and an index that is complete
    long begun = System.nanoTime();
    try (SegmentIndex index = open()) {
      fill(index);
      print("fill: " + Math.round(count / seconds(begun)) + " segments/s");
      addOneByOne(index);
    }
    if (server.isEmpty()) {
      print("index: " + (Files.size(file()) >> 20) + " MB");
    }
    begun = System.nanoTime();
    try (MasterServer master = MasterServer.start(config(0))) {
      print("start: " + tenths(seconds(begun) * 1000) + " ms");
      signIn(master);
      ask(master.url());
    }
    retain();
    print("largest resident memory, with the side that asks: " + residentMegabytes() + " MB");
  }

  private MasterConfig config(long maxBytes) {
    MasterConfig.Builder config =
        MasterConfig.into(folder)
            .listen("127.0.0.1", 0)
            .maxAge(Duration.ZERO)
            .maxBytes(maxBytes)
            .minFreeBytes(0)
            .scrub(Duration.ZERO);
    server.ifPresent(config::index);
    return config.build();
  }

  private Path file() {
    return folder.resolve(".raspberryspy/index.db");
  }

  private SegmentIndex open() throws IOException {
    return server.isPresent()
        ? SegmentIndex.open(
            server.get(), Files.readString(folder.resolve(".raspberryspy/footage-id")).strip())
        : SegmentIndex.open(file());
  }

  /** As uploads become segments: each in a commit of its own, which is on disk. */
  private void addOneByOne(SegmentIndex index) throws IOException {
    long begun = System.nanoTime();
    for (int i = 0; i < TO_GO; i++) {
      index.add(MadeUp.later(random, i, BYTES), "token-" + i);
    }
    double ours = TO_GO / seconds(begun);
    byte[] block = new byte[4096];
    Path peer = folder.resolve("peer");
    begun = System.nanoTime();
    try (FileChannel channel = FileChannel.open(peer, CREATE, WRITE)) {
      for (int i = 0; i < TO_GO; i++) {
        channel.write(ByteBuffer.wrap(block));
        channel.force(false);
      }
    }
    double theirs = TO_GO / seconds(begun);
    Files.delete(peer);
    print(
        "one by one, each on disk: "
            + Math.round(ours)
            + " segments/s, beside "
            + Math.round(theirs)
            + " writes of 4 kB with fdatasync");
  }

  /** From the start of a master that has to delete some until it has. */
  private void retain() throws Exception {
    long begun = System.nanoTime();
    try (MasterServer master = MasterServer.start(config(count * BYTES))) {
      signIn(master);
      double started = seconds(begun);
      URI storage = master.url().resolve("/api/v1/storage");
      while (!get(storage).contains("\"segments\":" + count + ",")) {
        Thread.onSpinWait();
      }
      print(
          "retention: "
              + TO_GO
              + " of "
              + (count + TO_GO)
              + " segments gone "
              + tenths(seconds(begun) - started)
              + " s after the start");
    }
  }

  static long residentMegabytes() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      String line = lines.filter(l -> l.startsWith("VmHWM:")).findFirst().orElse("VmHWM: 0 kB");
      return Long.parseLong(line.replaceAll("\\D", "")) >> 10;
    }
  }

  private void fill(SegmentIndex index) {
    List<StoredSegment> batch = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      batch.add(MadeUp.segment(random, i, BYTES));
      if (batch.size() == BATCH || i == count - 1) {
        index.add(batch);
        batch.clear();
      }
    }
  }

  private void signIn(MasterServer master) throws Exception {
    HttpResponse<String> signedIn =
        http.send(HttpRequest.newBuilder(master.signInLink()).build(), BodyHandlers.ofString());
    String set = signedIn.headers().firstValue("Set-Cookie").orElseThrow();
    cookie = set.substring(0, set.indexOf(';'));
  }

  private void ask(URI url) throws Exception {
    measure("page of a day of a camera", url, "segments?camera=camera-3&limit=1000&%s");
    measure("page of a day of all cameras", url, "segments?limit=100&%s");
    measure("page of a day with motion", url, "segments?motion=true&limit=100&%s");
    measure("saved ones of a day", url, "segments?saved=true&limit=100&%s");
    measure("latest page", url, "segments?limit=100");
    measure("latest page of a camera", url, "segments?camera=camera-3&limit=100");
    measure("saved ones", url, "segments?saved=true&limit=100");
    measure("latest with motion", url, "segments?motion=true&limit=100");
    measure("with motion of a camera", url, "segments?motion=true&camera=camera-3&limit=100");
    measure("all since a day", url, "segments?order=asc&limit=100&%f");
    measure("events of a day", url, "events?%s");
    measure("days", url, "days");
    measure("days of a camera", url, "days?camera=camera-3");
    measure("cameras", url, "cameras");
    measure("storage", url, "storage");
  }

  private void measure(String what, URI url, String query) throws Exception {
    int days = (int) MadeUp.LENGTH.multipliedBy(count / MadeUp.CAMERAS).toDays();
    double[] millis = new double[ASKS];
    long cpu = 0;
    for (int i = -50; i < ASKS; i++) {
      Instant from = MadeUp.BEGIN.plus(Duration.ofDays(random.nextInt(Math.max(days, 1))));
      String since = "from=" + from;
      String day = since + "&to=" + from.plus(Duration.ofDays(1));
      cpu = i == 0 ? cpu() : cpu;
      long begun = System.nanoTime();
      get(url.resolve("/api/v1/" + query.replace("%s", day).replace("%f", since)));
      if (i >= 0) {
        millis[i] = seconds(begun) * 1000;
      }
    }
    double used = (cpu() - cpu) / 1e6 / ASKS;
    Arrays.sort(millis);
    print(
        what
            + ": p50 "
            + tenths(millis[ASKS / 2])
            + " ms, p99 "
            + tenths(millis[ASKS * 99 / 100])
            + " ms, CPU of both sides "
            + tenths(used)
            + " ms");
  }

  private static long cpu() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private String get(URI uri) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(uri).header("Cookie", cookie).build(), BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(uri + ": " + answer.statusCode() + " " + answer.body());
    }
    return answer.body();
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
