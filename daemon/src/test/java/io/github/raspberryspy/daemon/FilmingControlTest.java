package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.PipelineListener;
import io.github.raspberryspy.camera.PipelineState;
import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.daemon.config.CameraConfig;
import io.github.raspberryspy.daemon.config.CameraKeys;
import io.github.raspberryspy.daemon.config.Settings;
import io.github.raspberryspy.motion.MotionListener;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.UnknownSpan;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.segments.wire.LinkMessage.Other;
import io.github.raspberryspy.segments.wire.LinkMessage.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real camera of a test pattern that is told how to film. */
class FilmingControlTest {

  /** A size that nothing speaks against, with which this camera films nothing all the same. */
  private static final Map<String, String> UNFILMABLE = Map.of("camera.size", "48x48");

  @TempDir Path folder;
  private final List<StreamInfo> streams = new CopyOnWriteArrayList<>();
  private final List<SegmentManifest> sealed = new CopyOnWriteArrayList<>();
  private final List<PipelineState> states = new CopyOnWriteArrayList<>();
  private FilmingControl control;

  private final class News implements PipelineListener {
    @Override
    public void onStream(StreamInfo info) {
      streams.add(info);
    }

    @Override
    public void onSealed(SealedSegment segment) {
      sealed.add(segment.manifest());
    }

    @Override
    public void onState(PipelineState state, String problem) {
      states.add(state);
    }
  }

  private void start(String... sets) {
    begin(sets);
    eventually(() -> control.counters().get(Counter.BYTES_RECORDED) > 0);
  }

  private void begin(String... sets) {
    Map<String, String> own =
        Map.of(
            "camera.name", "front",
            "camera.source", "test://?size=320x240&fps=10",
            "spool.folder", folder.toString());
    Settings settings =
        sets.length == 0
            ? Settings.by("a test", CameraKeys.ALL, own)
            : Settings.read(CameraKeys.ALL, file(own), Map.of(), List.of(sets));
    control =
        FilmingControl.start(
            Adjustable.of(settings, this::breaking),
            new Filming.Ears(
                new News(), MotionListener.NONE, UnaryOperator.identity(), () -> true, () -> {}),
            spool());
  }

  /** Its source turns out to be no video where the size is the one that cannot be filmed. */
  private CameraConfig breaking(CameraConfig c) {
    return c.source().contains("size=48x48")
        ? new CameraConfig(
            c.name(),
            text("no-video.mp4").toUri().toString(),
            c.encoder(),
            c.recorder(),
            c.audio(),
            c.supervision(),
            c.overlay(),
            c.timeLapse(),
            c.motion(),
            c.motionDecode(),
            c.schedule(),
            c.tamper(),
            c.cooldown(),
            c.pir(),
            c.upload(),
            c.away())
        : c;
  }

  private Path text(String name) {
    try {
      return Files.writeString(folder.resolve(name), "no video");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path file(Map<String, String> own) {
    try {
      return Files.writeString(
          folder.resolve("camera.yml"),
          """
          camera:
            name: front
            source: %s
          spool:
            folder: %s
          """
              .formatted(own.get("camera.source"), folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path spool() {
    return Spool.at(folder, "front").folder();
  }

  private static void eventually(Callable<Boolean> condition) {
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(condition);
  }

  /** The last frame is shown for a while after it came. */
  private void awaitEndOfFootage() {
    eventually(() -> Instant.now().isAfter(sealed.get(sealed.size() - 1).end()));
  }

  @AfterEach
  void close() {
    if (control != null) {
      control.close();
    }
  }

  private String value(String key) {
    return control.settings().settings().stream()
        .filter(s -> s.key().equals(key))
        .map(Setting::value)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatOnlyConcernsMotionIsTakenWithoutLosingAFrame() throws Exception {
    start();
    control.configure(
        1, Map.of("motion.sensitivity", "80", "motion.zones", "door trigger 0,0 1,0 1,1"));
    assertThat(value("motion.sensitivity")).isEqualTo("80");
    long frames = control.counters().get(Counter.FRAMES_RECORDED);
    eventually(() -> control.counters().get(Counter.FRAMES_RECORDED) > frames + 20);
    control.close();
    assertThat(streams).as("the source was opened once").hasSize(1);
    assertThat(sealed).hasSize(1);
    assertThat(sealed.get(0).gaps()).isEmpty();
    assertThat(sealed.get(0).unknown())
        .as("while it learnt what is usual by these")
        .extracting(UnknownSpan::reason)
        .containsOnlyOnce("settings changed")
        .doesNotContain("detection failed");
    assertThat(control.counters().framesDropped()).isZero();
    assertThat(control.settings().version()).isEqualTo(1);
  }

  @Test
  void whatIsBurntInHowItIsEncodedAndCutAndWhomMotionIsToldChangeWithoutLosingAFrame()
      throws Exception {
    start();
    control.configure(
        1,
        Map.of(
            "encoder.gop", "500ms",
            "overlay.text", "door",
            "overlay.time", "true",
            "privacy.masks", "0,0,0.25,0.25",
            "record.segment", "2s",
            "record.post-roll", "20s",
            "motion.schedule", "mon-fri 08:00 to 18:00",
            "motion.tamper", "false",
            "motion.cooldown", "1m"));
    control.configure(2, Map.of("record.segment", "2s", "encoder.bitrate", "300000"));
    eventually(() -> sealed.size() > 2);
    control.close();
    assertThat(streams).as("the source was opened once").hasSize(1);
    assertThat(control.counters().framesDropped()).isZero();
    assertThat(sealed)
        .allSatisfy(segment -> assertThat(segment.gaps()).isEmpty())
        .extracting(s -> s.id().sequence())
        .containsExactlyElementsOf(LongStream.range(0, sealed.size()).boxed().toList());
    assertThat(value("encoder.bitrate")).isEqualTo("300000");
  }

  @Test
  void ofSettingsThatCannotBeKeptNoneIsGoneBy() throws Exception {
    begin("record.mode=events", "record.pre-roll=30s", "record.post-roll=10m");
    eventually(() -> control.pipeline().trigger("bell"));
    eventually(() -> control.counters().get(Counter.BYTES_RECORDED) > 0);
    Files.createDirectories(spool().resolve("settings.json").resolve("in-its-place"));
    Map<String, String> oneThatIsTakenAtOnceAndOneThatHasNoRoom =
        Map.of("record.segment", "1s", "encoder.bitrate", "100000000");
    assertThatThrownBy(() -> control.configure(1, oneThatIsTakenAtOnceAndOneThatHasNoRoom))
        .isInstanceOf(IOException.class);
    long frames = control.counters().get(Counter.FRAMES_RECORDED);
    eventually(() -> control.counters().get(Counter.FRAMES_RECORDED) > frames + 30);
    assertThat(control.settings().version()).isZero();
    assertThat(sealed).as("a segment lasts an hour still").isEmpty();
  }

  @Test
  void allElseIsFilmedAnewAndHoldsAfterARestart() throws Exception {
    start();
    control.configure(
        3, Map.of("camera.size", "160x120", "camera.fps", "10", "overlay.text", "door"));
    assertThat(streams).extracting(StreamInfo::width).containsExactly(320, 160);
    assertThat(streams.get(1).fps()).isEqualTo(10);
    control.close();
    assertThat(sealed).extracting(s -> s.video().width()).containsExactly(320, 160);
    assertThat(sealed.get(1).gaps()) // none, where it is opened again within a frame
        .hasSizeLessThanOrEqualTo(1)
        .allMatch(gap -> gap.reason().equals("settings changed"));
    start();
    assertThat(streams.get(2).width()).isEqualTo(160);
    assertThat(control.settings().version()).isEqualTo(3);
    control.configure(4, Map.of());
    assertThat(streams.get(3).width()).as("its own again").isEqualTo(320);
  }

  @Test
  void whatTheSourceIsKnownNotToDoIsRefusedWithoutLosingAFrame() throws Exception {
    start();
    assertThatThrownBy(() -> control.configure(1, Map.of("camera.size", "17x17")))
        .hasMessage(
            "source test://: key \"size\" is \"17x17\"; allowed is WIDTHxHEIGHT, each from 32 to"
                + " 7680");
    assertThat(control.settings().version()).isZero();
    long frames = control.counters().get(Counter.FRAMES_RECORDED);
    eventually(() -> control.counters().get(Counter.FRAMES_RECORDED) > frames);
    control.hold();
    assertThatThrownBy(() -> control.configure(3, Map.of("camera.size", "17x17")))
        .as("also while it is stopped")
        .hasMessageContaining("17x17");
    control.close();
    assertThat(streams).as("the source was opened once").hasSize(1);
    assertThat(sealed).hasSize(1);
    assertThat(sealed.get(0).gaps()).isEmpty();
    assertThat(control.counters().framesDropped()).isZero();
  }

  @Test
  void settingsWithWhichNothingIsRecordedAreTakenBack() throws Exception {
    start();
    control.configure(1, Map.of("overlay.text", "one"));
    assertThatThrownBy(() -> control.configure(2, UNFILMABLE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the camera went back");
    assertThat(control.settings().version()).isEqualTo(1);
    assertThat(value("camera.size")).isEmpty();
    assertThat(value("overlay.text")).isEqualTo("one");
    long bytes = control.counters().get(Counter.BYTES_RECORDED);
    eventually(() -> control.counters().get(Counter.BYTES_RECORDED) > bytes);
    assertThat(control.awaitStop(Duration.ofMillis(10))).isFalse();
    assertThat(RemoteSettings.in(spool()))
        .isEqualTo(new RemoteSettings(1, Map.of("overlay.text", "one"), 0));
    assertThatThrownBy(() -> control.configure(2, UNFILMABLE))
        .as("it is not tried again")
        .hasMessageContaining("the camera went back");
    assertThat(streams).hasSize(2);
    control.close();
    assertThat(control.counters().get(Counter.FRAMES_RECORDED))
        .as("each frame counts once")
        .isEqualTo(sealed.stream().mapToLong(SegmentManifest::frames).sum());
  }

  @Test
  void whatIsSetOnAStoppedCameraIsTriedWhenItRecordsAgain() throws Exception {
    start();
    control.hold();
    control.configure(1, UNFILMABLE);
    assertThat(control.settings().version()).isZero();
    assertThat(control.settings().other())
        .contains(
            new Other(1, false, "the camera is stopped; it tries them when it records again"));
    assertThat(streams).hasSize(1);
    awaitEndOfFootage();

    control.resume();
    assertThat(control.settings().version()).isZero();
    assertThat(control.settings().other())
        .hasValueSatisfying(
            other -> {
              assertThat(other.version()).isEqualTo(1);
              assertThat(other.refused()).isTrue();
              assertThat(other.sentence()).contains("the camera went back", "no-video.mp4");
            });
    eventually(() -> control.pipeline().counters().get(Counter.BYTES_RECORDED) > 0);

    control.hold();
    control.configure(2, Map.of("camera.size", "160x120"));
    awaitEndOfFootage();
    control.resume();
    assertThat(control.settings().version()).isEqualTo(2);
    assertThat(control.settings().other()).isEmpty();
    control.close();
    assertThat(streams).extracting(StreamInfo::width).containsExactly(320, 320, 160);
    assertThat(sealed)
        .extracting(s -> s.gaps().stream().map(Gap::reason).toList())
        .containsExactly(List.of(), List.of("stopped"), List.of("stopped"));
  }

  @Test
  void aCameraThatCannotFilmByItsMastersSettingsFilmsByItsOwn() throws Exception {
    new RemoteSettings(3, Map.of("camera.size", "17x17"), 0).save(spool());
    start();
    assertThat(streams).extracting(StreamInfo::width).containsExactly(320);
    assertThat(control.settings().version()).isZero();
    assertThat(control.settings().other())
        .hasValueSatisfying(
            other -> {
              assertThat(other.version()).isEqualTo(3);
              assertThat(other.sentence()).contains("cannot film by them", "17x17");
            });
    assertThatThrownBy(() -> control.configure(3, Map.of("camera.size", "17x17")))
        .hasMessageContaining("cannot film by them");
  }

  @Test
  void settingsThatCannotBeKeptAreNotGoneBy() throws Exception {
    start();
    Path there = Files.createDirectories(spool().resolve(RemoteSettings.FILE).resolve("x"));
    String before = value("motion.sensitivity");
    assertThatThrownBy(() -> control.configure(1, Map.of("motion.sensitivity", "80")))
        .hasMessageContaining("the settings cannot be kept");
    assertThatThrownBy(() -> control.configure(2, Map.of("camera.size", "160x120")))
        .hasMessageContaining("the settings cannot be kept");
    assertThat(value("motion.sensitivity")).isEqualTo(before);
    assertThat(control.settings().version()).isZero();
    assertThat(streams).as("nothing was interrupted").hasSize(1);
    Files.delete(there);
    Files.delete(there.getParent());
    control.configure(3, Map.of("motion.sensitivity", "80"));
    assertThat(control.settings().version()).isEqualTo(3);
  }

  @Test
  void whatWasSetBeforeComesTooLate() throws Exception {
    start();
    control.configure(2, Map.of("motion.sensitivity", "80"));
    assertThatThrownBy(() -> control.configure(1, Map.of("motion.sensitivity", "20")))
        .hasMessage("the camera has version 2 of its settings already");
    control.configure(2, Map.of("motion.sensitivity", "80")); // told again
    assertThat(value("motion.sensitivity")).isEqualTo("80");
    assertThat(control.settings().version()).isEqualTo(2);
  }

  @Test
  void whatIsOutOfRangeOrNotTheMastersIsRefusedInOneSentence() {
    start("encoder.bitrate=500000");
    assertThatThrownBy(() -> control.configure(1, Map.of("motion.sensitivity", "101")))
        .hasMessage(
            "key \"motion.sensitivity\" in the master's settings is \"101\"; allowed is a whole"
                + " number from 1 to 100");
    assertThatThrownBy(() -> control.configure(1, Map.of("spool.folder", "/")))
        .hasMessageStartingWith("key \"spool.folder\" is not the master's to set");
    assertThatThrownBy(() -> control.configure(1, Map.of("encoder.bitrate", "60000")))
        .hasMessage("key \"encoder.bitrate\" is set on the camera itself, by --set, which holds");
    assertThatThrownBy(
            () -> control.configure(1, Map.of("record.mode", "events", "motion.enabled", "false")))
        .hasMessageContaining("nothing would be recorded");
    assertThat(control.settings().version()).isZero();
    assertThat(streams).hasSize(1);
  }

  /** A program that ends on new settings must not end on them again and again. */
  @Test
  void settingsOnWhichTheProgramEndedAreNotTriedAgain() throws Exception {
    start();
    control.close();
    new RemoteSettings(1, Map.of("overlay.text", "one"), 2).save(spool());
    start();
    assertThat(value("overlay.text")).isEqualTo("one");
    assertThatThrownBy(() -> control.configure(2, Map.of("overlay.text", "two")))
        .hasMessageContaining("program ended when it tried");
    control.configure(3, Map.of("overlay.text", "three"));
    assertThat(value("overlay.text")).isEqualTo("three");
  }

  @Test
  void aDamagedFileOfSettingsIsPassedOver() throws Exception {
    Files.createDirectories(spool());
    Files.writeString(spool().resolve(RemoteSettings.FILE), "{\"version\": 1, \"values\"");
    start();
    assertThat(control.settings().version()).isZero();
  }

  @Test
  void whoeverIsToldToStopStaysAndRecordsAgainWhenTold() throws Exception {
    start();
    control.hold();
    assertThat(sealed).hasSize(1);
    assertThat(control.awaitStop(Duration.ofMillis(10))).isFalse();
    control.resume();
    eventually(() -> control.pipeline().counters().get(Counter.BYTES_RECORDED) > 0);
    control.restart();
    eventually(() -> control.pipeline().counters().get(Counter.BYTES_RECORDED) > 0);
    assertThat(streams).hasSize(3);
    control.close();
    assertThat(control.awaitStop(Duration.ofSeconds(10))).isTrue();
    assertThatThrownBy(control::resume).hasMessage("the camera is stopping");
  }
}
