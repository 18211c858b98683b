package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.sink.Footage.Clip;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A master in a process of its own, killed at random instants while a camera uploads, and started
 * again. {@code -Draspberryspy.kills=1000} makes it a soak; a failure names the seed, {@code
 * -Draspberryspy.seed}.
 */
class KillTest {

  private static final int KILLS = Integer.getInteger("raspberryspy.kills", 8);
  private static final long SEED = Long.getLong("raspberryspy.seed", 20261123L);

  private static final int STEPS = 3; // of a segment
  private static final String SEEDED = "seed " + SEED;

  @TempDir Path footage;

  /** The process that is killed: prints its address and sign-in link, then waits for its end. */
  public static final class Victim {
    private Victim() {}

    /** Serves the folder that it is given. */
    public static void main(String[] args) throws Exception {
      MasterServer master =
          MasterServer.start(MasterConfig.into(Path.of(args[0])).listen("127.0.0.1", 0).build());
      System.out.println(Child.READY + master.url());
      Thread.currentThread().join();
    }
  }

  /** Kills at some point of some step, however fast the machine is just now. */
  private static final class Killer {
    private static final Map<String, Long> TAKES = new HashMap<>(); // as long as they took last
    private final Process victim;
    private final double where;
    private int left;
    private String step = "";
    private long since;

    Killer(Process victim, int steps, double where) {
      this.victim = victim;
      this.left = steps;
      this.where = where;
    }

    void next(String nextStep) {
      long now = System.nanoTime();
      TAKES.put(step, now - since);
      step = nextStep;
      since = now;
      if (!step.isEmpty() && left-- == 0) {
        long nanos = (long) (where * TAKES.getOrDefault(step, 10_000_000L));
        CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS)
            .execute(victim::destroyForcibly);
      }
    }
  }

  private Killer killer;

  @Test
  void killedAtRandomItLosesNothingThatItVouchedForAndDoublesNothing() throws Exception {
    Random random = new Random(SEED);
    List<Long> vouched = new ArrayList<>();
    long sequence = 0;
    int whole = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      int steps = random.nextInt(12);
      whole += steps / STEPS;
      Process victim = Child.start(Victim.class, Redirect.DISCARD, footage.toString());
      try {
        URI url = Child.awaitUrl(victim);
        TestCamera front =
            new TestCamera(
                url, MasterServer.credentialFor(MasterConfig.into(footage).build(), "front"));
        killer = new Killer(victim, steps, random.nextDouble());
        sequence = uploadUntilKilled(front, sequence, vouched);
      } finally {
        victim.destroyForcibly().waitFor();
      }
    }

    assertThat(vouched).as(SEEDED).hasSizeGreaterThanOrEqualTo(whole);
    try (MasterServer master =
        MasterServer.start(MasterConfig.into(footage).listen("127.0.0.1", 0).build())) {
      TestCamera front = new TestCamera(master.url(), master.credentialFor("front"));
      killer = new Killer(null, Integer.MAX_VALUE, 0);
      Clip last = clip(sequence);
      assertThat(receiptOf(front, last)).isTrue();
      vouched.add(sequence);
      JsonNode listing = new TestPerson(master).get("/api/v1/segments?limit=1000");
      assertThat(listing.get("total").asInt()).as(SEEDED).isEqualTo(vouched.size());
    }
    for (long number : vouched) {
      Clip clip = clip(number);
      assertThat(video(clip)).as(SEEDED).hasBinaryContent(clip.bytes());
    }
    assertThat(leftOver()).as(SEEDED).isEmpty();
  }

  /** Uploads one segment after the other; returns the number of the one that has no receipt yet. */
  private long uploadUntilKilled(TestCamera front, long first, List<Long> vouched)
      throws InterruptedException {
    long sequence = first;
    while (true) {
      Clip clip = clip(sequence);
      try {
        if (!receiptOf(front, clip)) {
          throw new AssertionError("a receipt that does not vouch for its segment");
        }
      } catch (IOException e) {
        return sequence;
      }
      vouched.add(sequence);
      sequence++;
    }
  }

  private boolean receiptOf(TestCamera front, Clip clip) throws IOException, InterruptedException {
    killer.next("begin");
    String upload = front.begin(clip);
    killer.next("fill");
    front.fill(upload, clip, 64_000);
    killer.next("seal");
    var answer = front.seal(upload, clip.manifest());
    killer.next("");
    if (answer.statusCode() != 200) {
      throw new IOException(answer.statusCode() + " " + answer.body());
    }
    return Receipt.decode(answer.body().getBytes(StandardCharsets.UTF_8))
        .vouchesFor(front.credential(), clip.id(), clip.manifest().content());
  }

  private static Clip clip(long sequence) {
    return Footage.clip("front", sequence, 100_000);
  }

  private Path video(Clip clip) {
    return footage
        .resolve("front")
        .resolve(clip.manifest().name().day())
        .resolve(clip.manifest().name() + ".mp4");
  }

  private List<Path> leftOver() throws IOException {
    try (Stream<Path> files = Files.walk(footage)) {
      return files
          .filter(
              f ->
                  f.toString().endsWith(".tmp")
                      || f.getParent().endsWith("incoming")
                      || f.getParent().endsWith("quarantine"))
          .toList();
    }
  }
}
