package io.github.raspberryspy.sink.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.sink.Footage;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.TestMaster;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.event.Troubles;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
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

  @TempDir Path footage;
  private final List<Clip> clips = new ArrayList<>();
  private final Events events = new Events();
  private final Troubles troubles = new Troubles(events);

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

    scrub(1L << 40);

    assertThat(damage(0)).isEmpty();
    assertThat(damage(1)).contains("its bytes changed on the master's disk");
    assertThat(damage(2)).contains("it has 100 of " + clips.get(2).bytes().length + " bytes");
    assertThat(damage(3)).contains("its file is missing");
    assertThat(damage(4)).isEmpty();
    assertThat(troubles.standing().get("damage")).startsWith("3 segments are damaged");
    assertThat(troubles.standing().get("unknown-files")).contains("1 videos", "strange.mp4");
    // a camera that still has one sends it again, and that one is whole
    try (TestMaster master = TestMaster.start(footage)) {
      master.camera("front").upload(clips.get(1));
      assertThat(master.quarantined(".mp4")).isEmpty();
    }
    assertThat(flipped).hasBinaryContent(clips.get(1).bytes());
    assertThat(damage(1)).isEmpty();
    scrub(1L << 40);
    assertThat(troubles.standing().get("damage")).startsWith("2 segments are damaged");
  }

  @Test
  void itGoesOnWhereItWasAndReadsNoMoreThanItsShare() throws Exception {
    fill(6);
    Files.delete(video(5));
    long one = clips.get(0).bytes().length;

    assertThat(scrub(2 * one)).isEqualTo(2 * one);
    assertThat(scrub(2 * one)).isEqualTo(2 * one);
    assertThat(damage(5)).isEmpty();
    assertThat(scrub(2 * one)).isEqualTo(2 * one);
    assertThat(damage(5)).isPresent();
  }

  @Test
  void whatCanBeReadAgainIsNotDamaged() throws Exception {
    fill(1);
    Path video = video(0);
    byte[] whole = Files.readAllBytes(video);
    Files.delete(video);
    Files.createDirectory(video); // a read of it fails as one of a bad sector does
    scrub(1L << 40);
    assertThat(damage(0).orElseThrow()).startsWith("the master's disk cannot read it: ");
    Files.delete(video);
    Files.write(video, whole);
    scrub(1L << 40);
    scrub(1L << 40);
    assertThat(damage(0)).isEmpty();
    assertThat(troubles.standing()).doesNotContainKey("damage");
  }

  private void fill(int count) throws Exception {
    try (TestMaster master = TestMaster.start(footage)) {
      for (int i = 0; i < count; i++) {
        clips.add(Footage.clip("front", i, 500));
        master.camera("front").upload(clips.get(i));
      }
    }
  }

  private long scrub(long budget) throws Exception {
    FootageFolder folder = FootageFolder.open(footage);
    try (SegmentIndex index = SegmentIndex.open(folder.index());
        Scrubber scrubber =
            new Scrubber(folder, index, troubles, Clock.systemUTC(), Duration.ZERO)) {
      return scrubber.read(budget);
    }
  }

  private Path video(int clip) throws Exception {
    try (SegmentIndex index = SegmentIndex.open(FootageFolder.open(footage).index())) {
      return footage.resolve(index.find(clips.get(clip).id()).orElseThrow().path());
    }
  }

  private Optional<String> damage(int clip) throws Exception {
    SegmentId id = clips.get(clip).id();
    try (SegmentIndex index = SegmentIndex.open(FootageFolder.open(footage).index())) {
      return index.find(id).orElseThrow().damage();
    }
  }
}
