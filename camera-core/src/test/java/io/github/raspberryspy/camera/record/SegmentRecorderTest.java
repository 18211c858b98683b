package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.PacketCursor;
import io.github.raspberryspy.camera.encode.PacketWindow;
import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SegmentRecorderTest {

  private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

  @TempDir Path root;

  private static List<Packet> packets(int frames, int bFrames) {
    return VideoMaker.with("libx264").frames(10, frames).bFrames(bFrames).packets();
  }

  private RecorderRig rig() throws Exception {
    return new RecorderRig(root, TWO_SECONDS);
  }

  private interface OnDurable {
    void told(SegmentFiles files, SegmentId segment, long bytes);
  }

  /** A listener that does this with what is durable; the rig hears of all else. */
  private static RecorderListener durable(RecorderRig rig, OnDurable what) {
    return new RecorderListener() {
      @Override
      public void onDurable(SegmentFiles files, SegmentId segment, long bytes) {
        what.told(files, segment, bytes);
      }

      @Override
      public void onSealed(SealedSegment segment) {
        rig.onSealed(segment);
      }

      @Override
      public void onProblem(String sentence) {
        rig.onProblem(sentence);
      }
    };
  }

  private static Duration us(long us) {
    return Duration.ofNanos(us * 1000);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void segmentsAreCutOnTheGridAndAgreeWithTheirManifests(int bFrames) throws Exception {
    List<Packet> packets = packets(75, bFrames);
    RecorderRig rig = rig().record(packets);
    List<SegmentManifest> manifests = Playback.check(rig.spool, root);
    assertThat(manifests).isEqualTo(rig.sealed);
    assertThat(manifests).extracting(SegmentManifest::frames).containsExactly(20L, 20L, 20L, 15L);
    assertThat(manifests)
        .extracting(SegmentManifest::firstPtsUs)
        .containsExactly(0L, 2_000_000L, 4_000_000L, 6_000_000L);
    assertThat(manifests)
        .extracting(SegmentManifest::closed)
        .containsExactly(CloseReason.TIME, CloseReason.TIME, CloseReason.TIME, CloseReason.STOP);
    assertThat(manifests).allSatisfy(m -> assertThat(m.gaps()).isEmpty());
    for (SegmentManifest m : manifests) {
      assertThat(m.start()).isEqualTo(rig.at(m.firstPtsUs()));
      assertThat(m.duration()).isEqualTo(us(m.frames() * 100_000));
      FragmentedMp4 file = FragmentedMp4.scan(rig.spool.files(m.name()).video());
      assertThat(us(file.durationUs())).isEqualTo(m.duration());
    }
    assertThat(rig.counted(Counter.FRAMES_RECORDED)).isEqualTo(75);
    assertThat(rig.counted(Counter.SEGMENTS_SEALED)).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({"1, '10,10,10,10,10,10,10,5'", "3, '30,30,15'"})
  void aLengthThatIsChangedHoldsForTheOpenSegmentToo(int seconds, String frames) throws Exception {
    RecorderRig rig = rig();
    rig.listener =
        durable(
            rig,
            (files, segment, bytes) ->
                rig.config = rig.config.segment(Duration.ofSeconds(seconds)));
    rig.record(packets(75, 0));
    assertThat(rig.sealed.stream().map(m -> String.valueOf(m.frames())))
        .containsExactly(frames.split(","));
    assertThat(rig.sealed).allSatisfy(m -> assertThat(m.gaps()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void aFilesOwnPresentationTimesStartAtZeroAndHaveNoHole(int bFrames) throws Exception {
    RecorderRig rig = rig().record(packets(40, bFrames));
    for (SegmentManifest m : rig.sealed) {
      List<Long> expected = new ArrayList<>();
      for (long i = 0; i < m.frames(); i++) {
        expected.add(i * 100_000);
      }
      assertThat(Playback.times(rig.spool.files(m.name()).video())).isEqualTo(expected);
    }
  }

  /** What is told as durable must be whole fragments of the very file that is sealed. */
  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void eachDurableFragmentIsToldAsItStandsInTheFile(int bFrames) throws Exception {
    RecorderRig rig = rig();
    Map<SegmentId, List<Long>> told = new LinkedHashMap<>();
    Map<SegmentId, byte[]> seen = new HashMap<>();
    rig.listener =
        durable(
            rig,
            (files, segment, bytes) -> {
              told.computeIfAbsent(segment, s -> new ArrayList<>()).add(bytes);
              try {
                byte[] part = Files.readAllBytes(files.part());
                byte[] before = seen.getOrDefault(segment, new byte[0]);
                if (part.length == bytes && Arrays.mismatch(before, part) == before.length) {
                  seen.put(segment, part);
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              throw new IllegalStateException("a listener that fails costs nothing");
            });
    rig.record(packets(45, bFrames));
    assertThat(told).hasSize(3).hasSameSizeAs(rig.sealed);
    for (SegmentManifest m : rig.sealed) {
      assertThat(told.get(m.id())).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(2);
      byte[] file = Files.readAllBytes(rig.spool.files(m.name()).video());
      assertThat(Arrays.equals(seen.get(m.id()), file)).as("what was told is the file").isTrue();
    }
    assertThat(rig.problems).isEmpty();
  }

  @Test
  void bytesAreCountedToTheLastOne() throws Exception {
    RecorderRig rig = rig().record(packets(45, 0));
    long bytes = rig.sealed.stream().mapToLong(m -> m.content().bytes()).sum();
    assertThat(rig.counted(Counter.BYTES_RECORDED)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void missingFramesAreListedAsOneGapAndNoOtherIs(int bFrames) throws Exception {
    List<Packet> packets = new ArrayList<>();
    for (Packet p : packets(60, bFrames)) {
      packets.add(p.ptsUs() >= 3_000_000 ? RecorderRig.moved(p, 700_000) : p);
    }
    RecorderRig rig = rig().record(packets);
    List<Gap> gaps = rig.sealed.stream().flatMap(m -> m.gaps().stream()).toList();
    assertThat(gaps)
        .containsExactly(new Gap(rig.at(3_000_000), rig.at(3_700_000), "frames dropped"));
  }

  @Test
  void aSingleMissingFrameIsListed() throws Exception {
    List<Packet> packets = packets(40, 0);
    packets.remove(13);
    RecorderRig rig = rig().record(packets);
    assertThat(rig.sealed.get(0).gaps())
        .containsExactly(new Gap(rig.at(1_300_000), rig.at(1_400_000), "frames dropped"));
    assertThat(rig.sealed.get(1).gaps()).isEmpty();
  }

  @Test
  void framesThatAreMissingRightBeforeANewSegmentAreListed() throws Exception {
    List<Packet> packets = packets(40, 0);
    packets.subList(17, 20).clear();
    RecorderRig rig = rig().record(packets);
    assertThat(rig.sealed.get(0).gaps())
        .containsExactly(new Gap(rig.at(1_700_000), rig.at(2_000_000), "frames dropped"));
    assertThat(rig.sealed.get(0).end()).isEqualTo(rig.sealed.get(1).start());
  }

  @Test
  void whatComesBeforeTheFirstKeyframeIsNotRecorded() throws Exception {
    RecorderRig rig = rig().record(packets(40, 0).subList(4, 40));
    assertThat(rig.sealed.get(0).firstPtsUs()).isEqualTo(1_000_000);
    assertThat(rig.counted(Counter.FRAMES_RECORDED)).isEqualTo(30);
  }

  @Test
  void parameterSetsThatChangeBeginASegmentAndTheGridGoesOn() throws Exception {
    List<Packet> packets = new ArrayList<>(packets(10, 0));
    for (Packet p : VideoMaker.with("libx264").frames(10, 50).bFrames(2).packets()) {
      packets.add(RecorderRig.moved(p, 1_000_000));
    }
    RecorderRig rig = rig().record(packets);
    assertThat(Playback.check(rig.spool, root))
        .extracting(SegmentManifest::frames)
        .containsExactly(10L, 10L, 20L, 20L);
  }

  @Test
  void aFlushEndsTheSegmentAtTheNextKeyframeAndIsDurableAtOnce() throws Exception {
    RecorderRig rig = rig();
    List<Packet> packets = packets(30, 0);
    PacketWindow window = new PacketWindow(Long.MAX_VALUE, false);
    SegmentRecorder recorder = rig.recorder(window);
    Thread thread = new Thread(recorder);
    thread.start();
    packets.subList(0, 5).forEach(window::append);
    await().until(() -> rig.counted(Counter.FRAMES_RECORDED) == 5);
    recorder.flush();
    window.append(packets.get(5));
    Path part = rig.spool.files(new SegmentName(rig.start, rig.clock().state(), 1, 0)).part();
    await().until(() -> FragmentedMp4.scan(part).frames() == 5);
    packets.subList(6, 30).forEach(window::append);
    window.close();
    thread.join();
    assertThat(Playback.check(rig.spool, root))
        .extracting(SegmentManifest::frames)
        .containsExactly(10L, 20L);
    assertThat(rig.sealed)
        .extracting(SegmentManifest::closed)
        .containsExactly(CloseReason.FLUSH, CloseReason.STOP);
  }

  @Test
  void aRecorderThatWasOvertakenSealsAndListsWhatItMissed() throws Exception {
    RecorderRig rig = rig();
    List<Packet> packets = packets(50, 0);
    long gop = packets.subList(0, 10).stream().mapToLong(Packet::sizeBytes).sum();
    PacketWindow window = new PacketWindow(gop * 2, false);
    PacketCursor cursor = window.openCursor();
    SegmentRecorder recorder =
        new SegmentRecorder(
            new SegmentRecorder.Job(
                () -> rig.config,
                rig.spool,
                rig.spool.beginRun(),
                rig.info(),
                rig.clock(),
                rig.annotator,
                stalling(rig, window, packets),
                rig.counters,
                rig.storage,
                rig.clocks),
            cursor);
    packets.subList(0, 10).forEach(window::append);
    packets.subList(10, 11).forEach(window::append);
    window.append(RecorderRig.moved(packets.get(20), 0));
    recorder.run();
    List<SegmentManifest> manifests = Playback.check(rig.spool, root);
    long recorded = manifests.stream().mapToLong(SegmentManifest::frames).sum();
    long missed = rig.counted(Counter.FRAMES_LOST_BY_RECORDER);
    assertThat(missed).isPositive();
    assertThat(recorded + missed).isEqualTo(12 + 29);
    SegmentManifest behind = manifests.get(manifests.size() - 1);
    assertThat(behind.gaps())
        .containsExactly(
            new Gap(
                manifests.get(manifests.size() - 2).end(),
                behind.start(),
                "the disk was too slow"));
  }

  /** While the first segment is sealed, everything else arrives at once. */
  private static RecorderListener stalling(
      RecorderRig rig, PacketWindow window, List<Packet> packets) {
    return new RecorderListener() {
      private boolean stalled;

      @Override
      public void onSealed(io.github.raspberryspy.segments.spool.SealedSegment segment) {
        rig.onSealed(segment);
        if (!stalled) {
          stalled = true;
          packets.subList(21, 50).forEach(window::append);
          window.close();
        }
      }

      @Override
      public void onProblem(String sentence) {
        rig.onProblem(sentence);
      }
    };
  }

  @Test
  void motionIsClippedToItsSegment() throws Exception {
    RecorderRig rig = rig();
    long zero = rig.clock().startNanos();
    rig.annotator =
        (from, to, patience) ->
            List.of(
                new SegmentAnnotator.Span(
                    zero + 1_500_000_000L, zero + 2_500_000_000L, 0.5, List.of(), List.of()));
    rig.record(packets(40, 0));
    assertThat(rig.sealed.get(0).motion().get(0).start()).isEqualTo(rig.at(1_500_000));
    assertThat(rig.sealed.get(0).motion().get(0).end()).isEqualTo(rig.at(2_000_000));
    assertThat(rig.sealed.get(1).motion().get(0).start()).isEqualTo(rig.at(2_000_000));
    assertThat(rig.sealed.get(1).motion().get(0).end()).isEqualTo(rig.at(2_500_000));
  }
}
