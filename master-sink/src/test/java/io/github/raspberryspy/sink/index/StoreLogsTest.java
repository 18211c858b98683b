package io.github.raspberryspy.sink.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.SegmentId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is noted of footage beside its rows: trash, damage, garbage and stamps. */
class StoreLogsTest {

  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");

  @TempDir Path folder;
  private final Random random = new Random(11);
  private final StoredSegment one = SegmentIndexTest.segment(random, 1);
  private final StoredSegment two = SegmentIndexTest.segment(random, 2);
  private SegmentIndex index;

  /** A new index. */
  SegmentIndex open() throws IOException {
    return SegmentIndex.open(folder.resolve("index.db"));
  }

  @BeforeEach
  void fill() throws IOException {
    index = open();
    index.add(List.of(one, two));
  }

  @AfterEach
  void close() {
    index.close();
  }

  private static SegmentId id(StoredSegment segment) {
    return segment.manifest().id();
  }

  @Test
  void whatIsDeletedCanBeHadBackUntilItIsGarbage() {
    TrashedSegment first = new TrashedSegment(unsaved(one), NOON);
    TrashedSegment second = new TrashedSegment(unsaved(two), NOON.plusSeconds(1));
    index.trash().add(second);
    index.trash().add(first);
    assertThat(index.totals().segments()).isZero();
    assertThat(index.trash().oldest(2))
        .extracting(Trash.Entry::id)
        .containsExactly(id(one), id(two));
    assertThat(index.trash().newest(1))
        .containsExactly(new Trash.Entry(id(two), two.path(), NOON.plusSeconds(1)));
    assertThat(index.trash().bytes())
        .isEqualTo(one.manifest().content().bytes() + two.manifest().content().bytes());

    index.trash().restore(first);
    assertThat(index.trash().find(id(one))).isEmpty();
    assertThat(index.find(id(one))).contains(first.segment());
    index.trash().discard(second);
    assertThat(index.trash().oldest(2)).isEmpty();
    assertThat(index.garbage().all()).containsExactly(new Garbage(two.path(), id(two).toString()));
    assertThat(index.garbage().of(id(two))).isEqualTo(index.garbage().all());
    assertThat(index.damage().isKnown(two.path())).isTrue();
    index.garbage().forget(index.garbage().all().get(0));
    assertThat(index.damage().isKnown(two.path())).isFalse();
  }

  @Test
  void damageIsNotedOnceAndOnlyOfTheFileThatWasRead() {
    List<FileFact> facts = index.damage().after("", 10);
    assertThat(facts).containsExactlyInAnyOrder(FileFact.of(one), FileFact.of(two));
    assertThat(index.damage().after(facts.get(0).id().toString(), 10))
        .containsExactly(facts.get(1));
    FileFact fact = FileFact.of(one);
    FileFact another =
        new FileFact(fact.id(), fact.path(), fact.content(), fact.receivedAt().plusSeconds(1));
    assertThat(index.damage().note(another, "cut", NOON)).isFalse();
    assertThat(index.damage().note(fact, "cut", NOON)).isTrue();
    assertThat(index.damage().note(fact, "cut", NOON)).isFalse();
    assertThat(index.damage().note(fact, "other bytes", NOON)).isTrue();
    assertThat(index.find(fact.id()).orElseThrow().damage()).contains("other bytes");
    assertThat(index.damage().count()).isOne();
    assertThat(index.damage().clear(fact.id())).isTrue();
    assertThat(index.damage().clear(fact.id())).isFalse();
    assertThat(index.damage().note(fact, "cut", NOON)).isTrue();
    index.remove(fact.id());
    assertThat(index.damage().count()).isZero();
  }

  @Test
  void stampsMoveWithTheClockAndNoneIsLaterThanNow() {
    index.stamps().receive(id(one), NOON);
    index.stamps().receive(id(two), NOON.plusSeconds(100));
    index
        .stamps()
        .settle(
            Optional.of(NOON.plusSeconds(50)),
            Duration.ofSeconds(-40),
            NOON.plusSeconds(55),
            Optional.of(NOON));
    assertThat(index.find(id(one)).orElseThrow().receivedAt()).isEqualTo(NOON);
    assertThat(index.find(id(two)).orElseThrow().receivedAt()).isEqualTo(NOON.plusSeconds(55));
    assertThat(index.notes().get(Stamps.LAST)).contains(NOON.plusSeconds(55).toString());
    assertThat(index.notes().get(Stamps.UNSURE)).contains(NOON.toString());
    index.stamps().settle(Optional.empty(), Duration.ZERO, NOON, Optional.empty());
    assertThat(index.notes().get(Stamps.UNSURE)).isEmpty();
    assertThat(index.find(id(two)).orElseThrow().receivedAt()).isEqualTo(NOON);
    assertThat(index.stamps().lastBefore(id(two).camera(), NOON))
        .extracting(segment -> segment.manifest().id())
        .contains(id(two));
  }

  @Test
  void whatIsOldestGoesByMotionAndCamera() {
    StoredSegment unsaved = one.saved() ? two : one;
    index.setSaved(id(unsaved), false);
    boolean motion = unsaved.manifest().motion().size() > 0 || !unsaved.manifest().isMotionKnown();
    for (Optional<String> camera :
        List.of(Optional.<String>empty(), Optional.of(id(unsaved).camera()))) {
      assertThat(index.oldestUnsaved(camera, motion, 5))
          .extracting(UnsavedSegment::id)
          .contains(id(unsaved));
      assertThat(index.oldestUnsaved(camera, !motion, 5))
          .extracting(UnsavedSegment::id)
          .doesNotContain(id(unsaved));
    }
  }

  private static StoredSegment unsaved(StoredSegment segment) {
    return new StoredSegment(segment.manifest(), segment.receivedAt(), false, segment.path());
  }
}
