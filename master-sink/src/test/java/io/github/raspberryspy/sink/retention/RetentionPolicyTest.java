package io.github.raspberryspy.sink.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import io.github.raspberryspy.segments.SegmentId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class RetentionPolicyTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  @Test
  void nothingGoesWithoutLimits() {
    RetentionPolicy keepAll = new RetentionPolicy(Duration.ZERO, 0);
    List<Candidate> old = List.of(candidate(0, Duration.ofDays(9999), 1L << 40, false));

    assertThat(look(keepAll, old, Long.MAX_VALUE, 0)).isEmpty();
  }

  @Test
  void ageGoesByReceiptAndIsExclusive() {
    RetentionPolicy day = new RetentionPolicy(Duration.ofDays(1), 0);
    List<Candidate> candidates =
        List.of(
            candidate(0, Duration.ofDays(1).plusMillis(1), 1, false),
            candidate(1, Duration.ofDays(1), 1, false),
            candidate(2, Duration.ofDays(-900), 1, false));

    List<Doomed> doomed = look(day, candidates, 3, 0);

    assertThat(doomed).extracting(d -> d.candidate().id().sequence()).containsExactly(0L);
    assertThat(doomed).extracting(Doomed::reason).containsExactly(Reason.AGE);
  }

  @Test
  void sizeTakesTheOldestUntilItFitsAndSpaceAsMuchAsIsMissing() {
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      candidates.add(candidate(i, Duration.ofHours(5 - i), 10, i == 1));
    }

    List<Doomed> bySize = look(new RetentionPolicy(Duration.ZERO, 35), candidates, 50, 0);
    List<Doomed> bySpace = look(new RetentionPolicy(Duration.ZERO, 0), candidates, 50, 11);

    assertThat(bySize).extracting(d -> d.candidate().id().sequence()).containsExactly(0L, 2L);
    assertThat(bySize).extracting(Doomed::reason).containsOnly(Reason.SIZE);
    assertThat(bySpace).extracting(d -> d.candidate().id().sequence()).containsExactly(0L, 2L);
    assertThat(bySpace).extracting(Doomed::reason).containsOnly(Reason.SPACE);
  }

  @Test
  void motionOutlivesTheRestWhetherAgeOrRoomDecides() {
    RetentionPolicy policy =
        new RetentionPolicy(new Rule(Duration.ofDays(10), Duration.ofDays(30), 0), Map.of(), 0);
    List<Candidate> candidates =
        List.of(
            moving("front", 0, Duration.ofDays(25)),
            moving("front", 1, Duration.ofDays(31)),
            candidate(2, Duration.ofDays(11), 10, false),
            candidate(3, Duration.ofDays(6), 10, false),
            candidate(4, Duration.ofDays(1), 10, false));

    assertThat(look(policy, candidates, 50, 35))
        .extracting(d -> d.candidate().id().sequence(), Doomed::reason)
        .containsExactly(
            tuple(1L, Reason.AGE),
            tuple(2L, Reason.AGE),
            tuple(3L, Reason.SPACE),
            tuple(0L, Reason.SPACE));
  }

  @Test
  void aCameraWithARuleOfItsOwnIsKeptByIt() {
    Rule own = new Rule(Duration.ofDays(1), Duration.ofDays(2), 15);
    RetentionPolicy policy =
        new RetentionPolicy(
            new Rule(Duration.ofDays(10), Duration.ofDays(10), 0), Map.of("door", own), 0);
    List<Candidate> candidates =
        List.of(
            moving("door", 0, Duration.ofHours(49)),
            moving("door", 1, Duration.ofHours(30)),
            moving("door", 2, Duration.ofHours(3)),
            moving("front", 0, Duration.ofDays(9)));

    assertThat(
            policy.doomed(
                candidates, new Usage(40, Map.of("door", 30L), Map.of(), Map.of(), 0, NOW)))
        .extracting(d -> d.candidate().id().sequence(), Doomed::reason)
        .containsExactly(tuple(0L, Reason.AGE), tuple(1L, Reason.CAMERA_SIZE));
  }

  @Test
  void forWantOfRoomNothingGoesBeforeWhatHasNotBeenLookedAt() {
    RetentionPolicy policy = new RetentionPolicy(Duration.ZERO, 1);
    Candidate last = candidate(0, Duration.ofDays(9), 10, false);
    List<Candidate> candidates =
        List.of(
            new Candidate(last.id(), last.receivedAt(), 10, false, false, true),
            moving("front", 1, Duration.ofDays(8)));

    assertThat(look(policy, candidates, 1000, 0))
        .extracting(d -> d.candidate().id().sequence())
        .containsExactly(0L);
  }

  private static Candidate moving(String camera, int sequence, Duration age) {
    return new Candidate(
        new SegmentId(camera, "0a1b2c3d", 1, sequence), NOW.minus(age), 10, false, true, false);
  }

  @Test
  void aFloodOfOneCameraCostsNoFootageOfAnother() {
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      candidates.add(moving("front", i, Duration.ofDays(20 - i)));
    }
    for (int i = 0; i < 45; i++) {
      candidates.add(moving("wild", i, Duration.ofMinutes(45 - i)));
    }
    assertThat(look(new RetentionPolicy(Duration.ZERO, 400), candidates, 650, 0))
        .extracting(d -> d.candidate().id().camera(), d -> d.candidate().id().sequence())
        .containsExactlyElementsOf(
            LongStream.range(0, 25).mapToObj(i -> tuple("wild", i)).toList());
  }

  @Test
  void whatSmallCamerasDoNotUseTheOthersMay() {
    assertThat(Shares.above(Map.of("small", 10L, "front", 500L, "yard", 390L), 100))
        .containsExactly(entry("front", 100L));
    assertThat(Shares.above(Map.of("small", 10L, "front", 500L, "yard", 390L), 200))
        .containsExactly(entry("front", 155L), entry("yard", 45L));
    assertThat(Shares.above(Map.of("small", 10L, "front", 500L), 600)).hasSize(2);
    assertThat(Shares.above(Map.of("front", 500L), 0)).isEmpty();
    assertThat(Shares.above(Map.of(), 10)).isEmpty();
  }

  @RepeatedTest(200)
  void nobodyLosesForAnotherWhatIsWithinItsShare(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    List<Candidate> candidates = new ArrayList<>();
    int cameras = 1 + random.nextInt(5);
    for (int i = 0; i < 60; i++) {
      candidates.add(
          moving("cam-" + random.nextInt(cameras), i, Duration.ofMinutes(random.nextInt(900))));
    }
    long room = 1L + random.nextInt(599);
    List<Doomed> doomed = look(new RetentionPolicy(Duration.ZERO, room), candidates, 600, 0);
    Map<String, Long> before = usage(candidates, 600, 0).unsavedByCamera();
    Map<String, Long> gone = new TreeMap<>();
    doomed.forEach(d -> gone.merge(d.candidate().id().camera(), 10L, Long::sum));
    assertThat(doomed).hasSize((int) ((600 - room + 9) / 10));
    gone.forEach(
        (camera, bytes) ->
            assertThat(before.get(camera) - bytes)
                .isGreaterThan(room / before.size() - 10)); // one segment too much at the most
  }

  @Test
  void negativeLimitsAreRefused() {
    assertThatThrownBy(() -> new RetentionPolicy(Duration.ofSeconds(-1), 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RetentionPolicy(Duration.ZERO, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @RepeatedTest(500)
  void whateverTheFootageTheRulesHold(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    List<Candidate> candidates = footage(random);
    Duration maxAge = Duration.ofHours(random.nextInt(3) == 0 ? 0 : random.nextInt(100));
    long maxBytes = random.nextInt(3) == 0 ? 0 : random.nextInt(3000);
    long missing = random.nextInt(3) == 0 ? random.nextInt(1000) : -random.nextInt(1000);
    long used = candidates.stream().mapToLong(Candidate::bytes).sum();
    RetentionPolicy policy = new RetentionPolicy(maxAge, maxBytes);

    List<Doomed> doomed = look(policy, candidates, used, missing);

    Set<Candidate> gone = new HashSet<>();
    doomed.forEach(d -> gone.add(d.candidate()));
    assertThat(gone).hasSize(doomed.size()).noneMatch(Candidate::saved);
    List<Candidate> kept = new ArrayList<>(candidates);
    kept.removeAll(gone);
    List<Candidate> free = kept.stream().filter(c -> !c.saved()).toList();
    long left = kept.stream().mapToLong(Candidate::bytes).sum();
    // nothing that may go is left while a limit is broken
    if (!free.isEmpty()) {
      assertThat(maxBytes == 0 || left <= maxBytes).isTrue();
      assertThat(used - left).isGreaterThanOrEqualTo(missing);
      assertThat(maxAge.isZero() || free.stream().noneMatch(c -> isOlder(c, maxAge))).isTrue();
    }
    // oldest first: nobody goes before one that was received earlier
    for (Candidate one : gone) {
      assertThat(free).noneMatch(c -> c.receivedAt().isBefore(one.receivedAt()));
    }
    // no more than needed: without its last victim, a limit would be broken
    if (!doomed.isEmpty()) {
      Candidate last = doomed.get(doomed.size() - 1).candidate();
      boolean tooMuch = maxBytes > 0 && left + last.bytes() > maxBytes;
      boolean tooLittleRoom = used - left - last.bytes() < missing;
      boolean tooOld = !maxAge.isZero() && isOlder(last, maxAge);
      assertThat(tooMuch || tooLittleRoom || tooOld).isTrue();
    }
    // and what remains is at peace
    assertThat(look(policy, kept, left, missing - (used - left))).isEmpty();
  }

  private static boolean isOlder(Candidate c, Duration age) {
    return c.receivedAt().isBefore(NOW.minus(age));
  }

  private static List<Candidate> footage(Random random) {
    List<Candidate> candidates = new ArrayList<>();
    int count = random.nextInt(40);
    for (int i = 0; i < count; i++) {
      candidates.add(
          candidate(
              i,
              Duration.ofMinutes(random.nextInt(9000) - 300),
              1 + random.nextInt(200),
              random.nextInt(4) == 0));
    }
    candidates.sort(Comparator.comparing(Candidate::receivedAt));
    return candidates;
  }

  private static Candidate candidate(int sequence, Duration age, long bytes, boolean saved) {
    return new Candidate(
        new SegmentId("front", "0a1b2c3d", 1, sequence),
        NOW.minus(age),
        bytes,
        saved,
        false,
        false);
  }

  /** What goes for its age, and then for want of room. */
  private static List<Doomed> look(
      RetentionPolicy policy, List<Candidate> candidates, long used, long missing) {
    List<Doomed> doomed =
        new ArrayList<>(policy.doomed(candidates, usage(candidates, used, missing)));
    List<Candidate> left = new ArrayList<>(candidates);
    doomed.forEach(d -> left.remove(d.candidate()));
    long gone = doomed.stream().mapToLong(d -> d.candidate().bytes()).sum();
    doomed.addAll(policy.forRoom(left, usage(left, used - gone, missing - gone)));
    return doomed;
  }

  /** Tiny videos with long manifests fill a disk, though not the room that footage may take. */
  @Test
  void whatLiesBesideFootageCountsWhereTheDiskIsShort() {
    RetentionPolicy policy = new RetentionPolicy(Duration.ZERO, 500);
    Map<String, Long> footage = Map.of("flood", 10L, "front", 480L);
    Map<String, Long> beside = Map.of("flood", 900L, "front", 20L);
    Usage disk = new Usage(490, Map.of(), footage, beside, 300, NOW);
    assertThat(policy.above(disk)).containsOnlyKeys("flood");
    Usage limit = new Usage(600, Map.of(), footage, beside, 0, NOW);
    assertThat(policy.above(limit)).containsOnlyKeys("front");
  }

  private static Usage usage(List<Candidate> candidates, long used, long missing) {
    Map<String, Long> unsaved = new TreeMap<>();
    candidates.stream()
        .filter(c -> !c.saved())
        .forEach(c -> unsaved.merge(c.id().camera(), c.bytes(), Long::sum));
    return new Usage(used, Map.of(), unsaved, Map.of(), missing, NOW);
  }
}
