package io.github.raspberryspy.sink.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.sink.Footage;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.MasterConfig;
import io.github.raspberryspy.sink.TestMaster;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.event.MasterEvent.MasterTrouble;
import io.github.raspberryspy.sink.event.Troubles;
import io.github.raspberryspy.sink.index.FileFact;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What changes on the disk after it was verified (F20). */
class ScrubberTest {

  private static final long ALL = 1L << 40;

  @TempDir Path footage;
  private final List<Clip> clips = new ArrayList<>();
  private final Events events = new Events();
  private final Troubles troubles = new Troubles(events, Clock.systemUTC());

  /** Where the master keeps what. */
  MasterConfig.Builder settings(MasterConfig.Builder master) {
    return master;
  }

  /** The index of a folder. */
  SegmentIndex openIndex(FootageFolder folder) throws Exception {
    return SegmentIndex.open(folder.index());
  }

  @Test
  void aFlippedBitACutFileAndAMissingOneAreFoundAndMarkedAndAStrangeOneIsTold() throws Exception {
    fill(5);
    Path flipped = video(1);
    byte[] bytes = Files.readAllBytes(flipped);
    bytes[bytes.length / 2] ^= 0x10;
    Files.write(flipped, bytes);
    Files.write(video(2), new byte[100]);
    Files.delete(video(3));
    Path strange = flipped.resolveSibling("strange.mp4");
    Files.write(strange, new byte[9]);
    Files.setLastModifiedTime(strange, FileTime.from(Instant.now().minus(Duration.ofDays(1))));

    scrub(ALL, 1);
    assertThat(damage(1)).isEmpty(); // once may be the cable's fault
    scrub(ALL, 2);

    assertThat(damage(0)).isEmpty();
    assertThat(damage(1)).contains("its bytes changed on the master's disk");
    assertThat(damage(2)).contains("it has 100 of " + clips.get(2).bytes().length + " bytes");
    assertThat(damage(3)).contains("its file is missing");
    assertThat(damage(4)).isEmpty();
    assertThat(told("damage")).startsWith("3 segments are damaged");
    assertThat(told("unknown-files"))
        .startsWith("a video beside the footage")
        .contains("strange.mp4");
    // a camera that still has one sends it again, and that one is whole
    try (TestMaster master = TestMaster.start(footage, this::settings)) {
      master.camera("front").upload(clips.get(1));
      assertThat(master.quarantined(".mp4")).isEmpty();
    }
    assertThat(flipped).hasBinaryContent(clips.get(1).bytes());
    assertThat(damage(1)).isEmpty();
    scrub(ALL, 1);
    assertThat(told("damage")).startsWith("2 segments are damaged");
  }

  @Test
  void aFileOfNoBytesIsDamagedAndHoldsUpNoOther() throws Exception {
    fill(3);
    Files.write(video(0), new byte[0]);
    Files.delete(video(2));

    scrub(ALL, 2);

    assertThat(damage(0)).contains("it has 0 of " + clips.get(0).bytes().length + " bytes");
    assertThat(damage(2)).contains("its file is missing");
  }

  @Test
  void itGoesOnWhereItWasAndReadsNoMoreThanItsShare() throws Exception {
    fill(6);
    Files.delete(video(5));
    long one = clips.get(0).bytes().length;

    assertThat(scrub(2 * one, 1)).isEqualTo(2 * one);
    assertThat(scrub(2 * one, 1)).isEqualTo(2 * one);
    assertThat(damage(5)).isEmpty();
    assertThat(scrub(2 * one, 2)).isGreaterThanOrEqualTo(3 * one);
    assertThat(damage(5)).contains("its file is missing");
  }

  @Test
  void whatCannotBeReadIsTriedAgainAndIsNotDamaged() throws Exception {
    fill(2);
    Path video = video(0);
    byte[] whole = Files.readAllBytes(video);
    Files.delete(video);
    Files.createDirectory(video); // a read of it fails as one of a bad sector does
    try (Reading reading = new Reading()) {
      reading.scrubber.read(ALL);
      reading.scrubber.read(ALL);
      reading.scrubber.read(ALL);
      assertThat(reading.index.find(clips.get(0).id()).orElseThrow().damage()).isEmpty();
      assertThat(told("unreadable")).contains("does not read 1 segment,");
      Files.delete(video);
      Files.write(video, whole);
      for (int i = 0; i < 5; i++) {
        reading.scrubber.read(1);
      }
    }
    assertThat(damage(0)).isEmpty();
    assertThat(troubles.standing()).isEmpty();
  }

  @Test
  void whatCameAnewWhileTheOldOneWasReadIsNotMarked() throws Exception {
    fill(1);
    try (Reading reading = new Reading()) {
      FileFact old = reading.index.damage().after("", 1).get(0);
      reading.index.stamps().receive(old.id(), old.receivedAt().plusSeconds(1));
      assertThat(reading.index.damage().note(old, "changed", Instant.now())).isFalse();
      FileFact fresh = reading.index.damage().after("", 1).get(0);
      assertThat(reading.index.damage().note(fresh, "changed", Instant.now())).isTrue();
      assertThat(reading.index.damage().note(fresh, "changed", Instant.now())).isFalse();
    }
  }

  @Test
  void itReadsOnAfterWhateverWentWrong() throws Exception {
    fill(1);
    try (Reading reading = new Reading(Duration.ofMillis(1))) {
      reading.scrubber.start(Duration.ofMillis(1));
      index("UPDATE segments SET id = '!' || id"); // no id of a segment
      await().untilAsserted(() -> assertThat(told("scrub")).isNotEmpty());
      index("UPDATE segments SET id = substr(id, 2)");
      await().untilAsserted(() -> assertThat(troubles.standing()).isEmpty());
    }
  }

  /** What is said of this kind of trouble; empty where there is none. */
  private String told(String kind) {
    return troubles.standing().stream()
        .filter(trouble -> trouble.kind().equals(kind))
        .map(MasterTrouble::sentence)
        .findFirst()
        .orElse("");
  }

  private void fill(int count) throws Exception {
    try (TestMaster master = TestMaster.start(footage, this::settings)) {
      for (int i = 0; i < count; i++) {
        clips.add(Footage.clip("front", i, 500));
        master.camera("front").upload(clips.get(i));
      }
    }
  }

  /** A scrubber with what it needs. */
  private final class Reading implements AutoCloseable {
    private final SegmentIndex index;
    private final Scrubber scrubber;

    Reading() throws Exception {
      this(Duration.ZERO);
    }

    Reading(Duration pass) throws Exception {
      FootageFolder folder = FootageFolder.open(footage);
      index = openIndex(folder);
      scrubber = new Scrubber(folder.files(), index, troubles, Clock.systemUTC(), pass);
    }

    @Override
    public void close() {
      scrubber.close();
      index.close();
    }
  }

  /** Returns how many bytes were read in so many turns. */
  private long scrub(long budget, int turns) throws Exception {
    long read = 0;
    try (Reading reading = new Reading()) {
      for (int i = 0; i < turns; i++) {
        read += reading.scrubber.read(budget);
      }
    }
    return read;
  }

  /** Changes the index behind its back. */
  void index(String sql) throws Exception {
    Path file = FootageFolder.open(footage).index();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Path video(int clip) throws Exception {
    try (SegmentIndex index = openIndex(FootageFolder.open(footage))) {
      return footage.resolve(index.find(clips.get(clip).id()).orElseThrow().path());
    }
  }

  private Optional<String> damage(int clip) throws Exception {
    SegmentId id = clips.get(clip).id();
    try (SegmentIndex index = openIndex(FootageFolder.open(footage))) {
      return index.find(id).orElseThrow().damage();
    }
  }
}
