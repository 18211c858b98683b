package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.faults.MemoryDisk;
import io.github.raspberryspy.segments.spool.Losses;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.segments.wire.Receipt;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A card that is full: what goes, in which order, what is told and listed, and that it goes on. */
@Timeout(60)
class FullCardTest {

  private final MemoryDisk disk = new MemoryDisk();
  private final List<Packet> packets = VideoMaker.with("libx264").frames(10, 50).gop(10).packets();

  private RecorderRig rig(long reserve) throws IOException {
    return new RecorderRig(
        disk.path("/spool"), Duration.ofSeconds(1), StorageConfig.none().reserve(reserve));
  }

  private long used() {
    return disk.snapshot().contents().values().stream().mapToLong(b -> b.length).sum();
  }

  private static List<Long> sequences(Spool spool) throws IOException {
    return spool.sealed().stream().map(s -> s.manifest().id().sequence()).toList();
  }

  @Test
  void theOldestWithoutMotionGoFirstEachListedAndToldAfterAWarning() throws Exception {
    RecorderRig rig = rig(10_000);
    rig.annotator =
        (from, to, patience) ->
            rig.sealed.isEmpty()
                ? List.of(new SegmentAnnotator.Span(from, to, 0.5, List.of(), List.of()))
                : List.of();
    rig.record(packets);
    assertThat(sequences(rig.spool)).containsExactly(0L, 1L, 2L, 3L, 4L);
    disk.capacity(used() + 15_000);
    rig.storage.tend();
    assertThat(rig.problems).hasSize(1).first().asString().contains("nearly full");
    assertThat(sequences(rig.spool)).as("nothing goes yet").hasSize(5);

    SegmentManifest second = rig.sealed.get(1);
    disk.capacity(used() + 10_000 - 1);
    rig.storage.tend();

    assertThat(sequences(rig.spool)).as("motion was in the first").containsExactly(0L, 2L, 3L, 4L);
    assertThat(rig.problems).hasSize(2);
    assertThat(rig.problems.get(1)).contains(second.id().toString(), "was deleted");
    assertThat(new Losses(rig.spool).unlisted().gaps())
        .extracting(Gap::start, Gap::end)
        .containsExactly(tuple(second.start(), second.end()));

    disk.capacity(Long.MAX_VALUE);
    rig.recordOn(packets.subList(0, 10), 1);
    assertThat(rig.sealed.get(5).gaps())
        .anyMatch(g -> g.start().equals(second.start()) && g.end().equals(second.end()));
    assertThat(new Losses(rig.spool).unlisted().gaps()).as("once").isEmpty();
  }

  @Test
  void whatTheMasterHasGoesBeforeAnythingIsLost() throws Exception {
    RecorderRig rig = rig(10_000);
    rig.record(packets);
    SealedSegment verified = rig.spool.sealed().get(4);
    CameraCredential credential = CameraCredential.derive(new byte[32], "front");
    byte[] receipt =
        Receipt.sign(credential, verified.manifest().id(), verified.manifest().content()).encode();
    DurableFiles.write(verified.files().receipt(), receipt);
    disk.capacity(used() + 9_990);
    rig.storage.tend();
    assertThat(sequences(rig.spool)).containsExactly(0L, 1L, 2L, 3L);
    assertThat(rig.problems).noneMatch(p -> p.contains("was deleted"));
  }

  /** Nothing is free at all, in the middle of recording: it goes on as soon as there is room. */
  @Test
  void recordingGoesOnAfterAFullCardAndEveryFrameIsThereOrListed() throws Exception {
    RecorderRig rig = rig(60_000);
    List<Packet> large = packets.stream().map(p -> RecorderRig.enlarged(p, 2000)).toList();
    rig.listener =
        new RecorderListener() {
          @Override
          public void onSealed(SealedSegment segment) {
            rig.onSealed(segment);
            if (rig.sealed.size() == 2) {
              disk.capacity(used() + 500);
            }
          }

          @Override
          public void onProblem(String sentence) {
            rig.onProblem(sentence);
            rig.storage.tend(); // as its thread does at once
          }
        };
    rig.record(large);
    rig.storage.tend();
    rig.storage.tend();
    assertThat(rig.problems).anyMatch(p -> p.contains("No space left"));
    assertThat(rig.sealed).as("it goes on").hasSizeGreaterThan(2);
    List<SegmentManifest> there = new ArrayList<>();
    rig.spool.sealed().forEach(s -> there.add(s.manifest()));
    List<Gap> gaps = new ArrayList<>(new Losses(rig.spool).unlisted().gaps());
    there.forEach(m -> gaps.addAll(m.gaps()));
    for (Packet packet : packets) {
      var at = rig.at(packet.ptsUs());
      boolean isKnown =
          there.stream().anyMatch(m -> !at.isBefore(m.start()) && at.isBefore(m.end()))
              || gaps.stream().anyMatch(g -> !at.isBefore(g.start()) && at.isBefore(g.end()));
      assertThat(isKnown).as("%s in %s or %s", at, there, gaps).isTrue();
    }
  }
}
