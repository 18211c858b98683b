package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.PacketWindow;
import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.segments.spool.Spool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What event mode records of 20 s with a keyframe a second, and what it says of the rest. */
@Timeout(60)
class EventModeTest {

  private static final List<Packet> PACKETS = VideoMaker.with("libx264").frames(10, 200).packets();

  @TempDir Path root;
  private RecorderRig rig;

  @BeforeEach
  void records2SecondsBeforeAnd3After() throws Exception {
    rig = new RecorderRig(root, Duration.ofHours(1));
    rig.config = rig.config.events(Duration.ofSeconds(2), Duration.ofSeconds(3));
  }

  private static long us(double seconds) {
    return Math.round(seconds * 1_000_000);
  }

  private long nanos(double seconds) {
    return rig.clock().nanosAt(us(seconds));
  }

  private Gap gap(double from, double to, String reason) {
    return new Gap(rig.at(us(from)), rig.at(us(to)), reason);
  }

  private Gap rest(double from, double to) {
    return gap(from, to, Gap.NO_EVENT);
  }

  /** Records all packets, with triggers at these seconds; the segments are whole and play. */
  private List<SegmentManifest> record(double... triggers) throws Exception {
    PacketWindow window = new PacketWindow(Long.MAX_VALUE, false);
    SegmentRecorder recorder = rig.recorder(window);
    PACKETS.forEach(window::append);
    window.close();
    for (double trigger : triggers) {
      recorder.trigger(nanos(trigger), "door bell");
    }
    recorder.run();
    return Playback.check(rig.spool, root);
  }

  private static void assertSpans(List<SegmentManifest> segments, double... fromAndTo) {
    List<Double> seconds = new ArrayList<>();
    for (SegmentManifest m : segments) {
      seconds.add(m.firstPtsUs() / 1e6);
      seconds.add(m.firstPtsUs() / 1e6 + m.duration().toNanos() / 1e9);
      assertThat(m.frames()).isEqualTo(m.duration().toMillis() / 100);
    }
    assertThat(seconds.stream().mapToDouble(d -> d).toArray()).containsExactly(fromAndTo);
  }

  @Test
  void aSegmentRunsFromTheKeyframeBeforeThePreRollToTheOneAfterThePostRoll() throws Exception {
    List<SegmentManifest> segments = record(8.35);
    assertSpans(segments, 6, 12);
    assertThat(segments.get(0).gaps()).containsExactly(rest(0, 6));
    assertThat(segments.get(0).closed()).isEqualTo(CloseReason.STOP);
    assertThat(segments.get(0).motion())
        .satisfiesExactly(
            span -> {
              assertThat(span.start()).isEqualTo(rig.at(us(8.35)));
              assertThat(span.zones()).containsExactly("door bell");
            });
    assertThat(rig.counted(Counter.FRAMES_LOST_BY_RECORDER)).isZero();
    assertThat(rig.problems).isEmpty();
  }

  @Test
  void postRollEndsAtAKeyframeThatFallsOnItExactly() throws Exception {
    assertSpans(record(8), 6, 11);
  }

  @Test
  void whatHappensInThePostRollGoesOnInTheSameSegment() throws Exception {
    List<SegmentManifest> segments = record(8.35, 11.9, 14.2);
    assertSpans(segments, 6, 18);
    assertThat(segments.get(0).gaps()).containsExactly(rest(0, 6));
  }

  @Test
  void eventsApartAreSegmentsApartAndTheRestBetweenThemIsListed() throws Exception {
    List<SegmentManifest> segments = record(4.5, 15.5);
    assertSpans(segments, 2, 8, 13, 19);
    assertThat(segments.get(0).gaps()).containsExactly(rest(0, 2));
    assertThat(segments.get(1).gaps()).containsExactly(rest(8, 13));
  }

  @Test
  void preRollsThatTouchWhatIsRecordedFollowOnWithoutAGap() throws Exception {
    List<SegmentManifest> segments = record(4.5, 9.1);
    assertThat(segments.get(0).firstPtsUs()).isEqualTo(us(2));
    assertThat(segments.get(segments.size() - 1).end()).isEqualTo(rig.at(us(13)));
    for (int i = 1; i < segments.size(); i++) {
      assertThat(segments.get(i).start()).isEqualTo(segments.get(i - 1).end());
      assertThat(segments.get(i).gaps()).isEmpty();
    }
  }

  @Test
  void anEventAtTheRunsStartHasThePreRollThatThereIs() throws Exception {
    List<SegmentManifest> segments = record(0.5);
    assertSpans(segments, 0, 4);
    assertThat(segments.get(0).gaps()).isEmpty();
    assertThat(rig.problems).isEmpty();
  }

  @Test
  void aRunThatEndsInAnEventSealsIt() throws Exception {
    assertSpans(record(18.7), 16, 20);
  }

  @Test
  void anEventInTheVeryLastFramesIsRecorded() throws Exception {
    assertSpans(record(19.85), 17, 20);
  }

  @Test
  void aLongEventIsCutByTheSegmentsLengthWithoutAGap() throws Exception {
    rig.config = rig.config.segment(Duration.ofSeconds(4));
    rig.annotator = new Watch(5, 14).seesAll();
    List<SegmentManifest> segments = record();
    assertSpans(segments, 3, 7, 7, 11, 11, 15, 15, 17);
    assertThat(segments)
        .extracting(SegmentManifest::closed)
        .containsExactly(CloseReason.TIME, CloseReason.TIME, CloseReason.TIME, CloseReason.STOP);
    assertThat(segments.get(1).gaps()).isEmpty();
  }

  @Test
  void aWindowThatIsTooSmallGivesWhatItHasAndTheLackIsListedAsALoss() throws Exception {
    rig.config = rig.config.events(Duration.ofSeconds(10), Duration.ofSeconds(3));
    long bytes = PACKETS.subList(0, 20).stream().mapToLong(Packet::sizeBytes).sum();
    PacketWindow window = new PacketWindow(bytes, true);
    SegmentRecorder recorder = rig.recorder(window);
    recorder.trigger(nanos(12.35), "door bell");
    Thread writer =
        new Thread(
            () -> {
              PACKETS.forEach(window::append);
              window.close();
            });
    writer.start();
    recorder.run();
    writer.join();
    List<SegmentManifest> segments = Playback.check(rig.spool, root);
    double start = segments.get(0).firstPtsUs() / 1e6;
    assertThat(start).isGreaterThan(2).isLessThanOrEqualTo(12);
    assertSpans(segments, start, 16);
    assertThat(segments.get(0).gaps())
        .containsExactly(rest(0, 2.35), gap(2.35, start, EventGate.PRE_ROLL_LACKING));
    assertThat(rig.problems)
        .singleElement()
        .asString()
        .startsWith("of the pre-roll of 10.0 s only ");
  }

  @Test
  void whereMotionIsNotSeenAnyMoreEverythingIsRecordedUntilItIs() throws Exception {
    Watch watch = new Watch().seesUntil(4).seesAgainAt(15);
    rig.annotator = watch;
    assertSpans(record(), 2, 19); // 4 - 2 on to 15 and a bit + 3
    assertThat(rig.problems).singleElement().asString().startsWith("motion is not seen any more");
  }

  @Test
  void motionThatIsNeverSeenGetsTimeToStartAndThenAllIsRecordedFromTheRunsStart() throws Exception {
    rig.annotator = new Watch().seesUntil(0);
    assertSpans(record(), 0, 20);
    assertThat(rig.problems).hasSize(1);
    rig.problems.clear();
    rig.sealed.clear();
    rig.start = RecorderRig.START.plusSeconds(60);
    rig.annotator = new Watch().seesUntil(0).seesAgainAt(12);
    record();
    assertThat(rig.sealed).isEmpty();
    assertThat(rig.problems).isEmpty();
  }

  @Test
  void anAnnotatorThatFailsMakesEverythingBeRecorded() throws Exception {
    rig.annotator =
        (from, to, patience) -> {
          throw new IllegalStateException("motion broke");
        };
    assertSpans(record(), 0, 20);
    assertThat(rig.problems.get(0)).startsWith("motion is not seen any more").contains("broke");
  }

  @Test
  void aFlushInMidEventSplitsItWithoutAGapAndAtRestItDoesNothing() throws Exception {
    PacketWindow window = new PacketWindow(Long.MAX_VALUE, false);
    SegmentRecorder recorder = rig.recorder(window);
    Thread recording = new Thread(recorder, "record-test");
    recorder.flush();
    recorder.trigger(nanos(8.35), "door bell");
    recording.start();
    PACKETS.subList(0, 95).forEach(window::append);
    await().until(() -> rig.counted(Counter.FRAMES_RECORDED) == 35);
    recorder.flush();
    PACKETS.subList(95, 200).forEach(window::append);
    window.close();
    recording.join();
    List<SegmentManifest> segments = Playback.check(rig.spool, root);
    assertSpans(segments, 6, 10, 10, 12);
    assertThat(segments.get(0).closed()).isEqualTo(CloseReason.FLUSH);
    assertThat(segments.get(1).gaps()).isEmpty();
  }

  @Test
  void restsAndLossesAcrossRunsAreToldApart() throws Exception {
    record(8.35);
    rig.start = RecorderRig.START.plusSeconds(60);
    rig.sealed.clear();
    record(8.35);
    assertThat(rig.sealed.get(0).gaps())
        .containsExactly(rest(12 - 60, 20 - 60), gap(20 - 60, 0, "restart"), rest(0, 6));
    assertThat(rig.sealed.get(0).gaps())
        .extracting(Gap::isLoss)
        .containsExactly(false, true, false);
  }

  @Test
  void anEventThatIsCutByACrashIsRecoveredAndTheRestBeforeItIsKnown(@TempDir Path other)
      throws Exception {
    PacketWindow window = new PacketWindow(Long.MAX_VALUE, false);
    SegmentRecorder recorder = rig.recorder(window);
    Thread recording = new Thread(recorder, "record-test");
    recorder.trigger(nanos(8.35), "door bell");
    recording.start();
    PACKETS.subList(0, 95).forEach(window::append);
    await().until(() -> durableFrames() == 35);
    copy(root, other);
    window.close();
    recording.join();

    Spool crashed = Spool.open(other, "front");
    SpoolRecovery.recover(crashed);
    SegmentManifest recovered = Playback.check(crashed, other).get(0);
    assertThat(recovered.frames()).isEqualTo(35);
    assertThat(recovered.firstPtsUs()).isEqualTo(us(6));
    assertThat(recovered.gaps()).containsExactly(rest(0, 6));
  }

  @Test
  void everythingIsRecordedAndTriggersAreListedWhereNoEventModeIsAskedFor() throws Exception {
    rig.config = RecorderConfig.into(root).segment(Duration.ofHours(1));
    rig.annotator = new Watch().seesUntil(1);
    List<SegmentManifest> segments = record(8.35);
    assertSpans(segments, 0, 20);
    assertThat(segments.get(0).motion()).hasSize(1);
    assertThat(rig.problems).isEmpty();
  }

  private long durableFrames() throws Exception {
    List<SegmentFiles> parts = rig.spool.list(SegmentName.PART);
    return parts.isEmpty() || Files.size(parts.get(0).part()) < 2000
        ? 0
        : FragmentedMp4.scan(parts.get(0).part()).frames();
  }

  private static void copy(Path from, Path to) throws Exception {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(f -> !f.equals(from)).sorted().toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  /** Sees one event, and as far as it is told. */
  private final class Watch implements SegmentAnnotator {
    private final double from;
    private final double to;
    private double until = 1e6;
    private double again = 1e6;
    private long headNanos;

    Watch() {
      this(-1, -1);
    }

    Watch(double from, double to) {
      this.from = from;
      this.to = to;
    }

    Watch seesAll() {
      return this;
    }

    Watch seesUntil(double seconds) {
      until = seconds;
      return this;
    }

    Watch seesAgainAt(double seconds) {
      again = seconds;
      return this;
    }

    @Override
    public List<Span> spans(long fromNanos, long toNanos, Duration patience) {
      headNanos = Math.max(headNanos, toNanos);
      long start = nanos(from);
      long end = Math.min(toNanos, nanos(to));
      return from < 0 || start >= toNanos || end < fromNanos
          ? List.of()
          : List.of(new Span(start, end, 0.5, List.of(), List.of()));
    }

    @Override
    public java.util.OptionalLong seenUntilNanos() {
      boolean isSeeing = headNanos < nanos(until) || headNanos >= nanos(again);
      return java.util.OptionalLong.of(isSeeing ? headNanos : nanos(until));
    }
  }
}
