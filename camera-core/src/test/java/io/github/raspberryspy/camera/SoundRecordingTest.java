package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.raspberryspy.camera.audio.AudioCodec;
import io.github.raspberryspy.camera.audio.AudioConfig;
import io.github.raspberryspy.camera.audio.HeardSound;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.record.SpoolRecovery;
import io.github.raspberryspy.camera.source.TestPatternReader;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.Mp4Audio;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The test pattern with its tone: recorded, decoded again, and compared with what was there. */
@Timeout(120)
@ExtendWith(FrameLeakExtension.class)
class SoundRecordingTest {

  private static final int FPS = 25;

  @TempDir Path root;

  private List<SealedSegment> record(AudioConfig audio, double seconds) throws Exception {
    return record("test://?size=320x240&fps=" + FPS, audio, seconds);
  }

  private List<SealedSegment> record(String source, AudioConfig audio, double seconds)
      throws Exception {
    try (var camera =
        CameraPipeline.builder()
            .source(source)
            .record(RecorderConfig.into(root).segment(Duration.ofSeconds(2)))
            .audio(audio)
            .start()) {
      camera.awaitStop(Duration.ofMillis((long) (seconds * 1000)));
    }
    return Spool.open(root, "camera").sealed();
  }

  /** When pictures whose time code shows a full second are shown, in the file's time. */
  private static List<Double> fullSeconds(Path video) {
    List<Double> found = new ArrayList<>();
    PlayedFrames.forEach(
        video,
        frame -> {
          long number = TestPatternReader.frameNumber(frame.image()).orElseThrow();
          if (number % FPS == 0) {
            found.add(frame.ptsUs() / 1e6);
          }
        });
    return found;
  }

  @ParameterizedTest
  @EnumSource(AudioCodec.class)
  void aToneIsHeardAsItWasAndEachBeepWithThePictureThatShowsItsSecond(AudioCodec codec)
      throws Exception {
    List<SealedSegment> segments =
        record(AudioConfig.of("test:?tone=440&beep=1000").codec(codec), 7);
    assertThat(segments).hasSizeGreaterThanOrEqualTo(3);
    int compared = 0;
    for (SealedSegment segment : segments) {
      Path video = segment.files().video();
      HeardSound sound = HeardSound.of(video);
      double middle = segment.manifest().duration().toMillis() / 2000.0 - 0.3;
      if (middle > 0.5) {
        assertThat(sound.loudness(440, middle, 0.2)).isCloseTo(0.1, within(0.02));
        assertThat(sound.loudness(550, middle, 0.2)).isLessThan(0.01);
      }
      List<Double> beeps = sound.beeps(1000);
      for (double shown : fullSeconds(video)) {
        // the first packets of a file are heard without what the decoder knew before
        if (shown > 0.1 && shown < sound.endSeconds() - 0.1) {
          assertThat(beeps)
              .as("%s", video)
              .anySatisfy(b -> assertThat(b).isCloseTo(shown, within(0.05)));
          compared++;
        }
      }
    }
    assertThat(compared).isGreaterThanOrEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(AudioCodec.class)
  void segmentsFollowEachOtherWithoutAHoleInTheSound(AudioCodec codec) throws Exception {
    List<SealedSegment> segments =
        record(AudioConfig.of("test:?channels=2").codec(codec).bitrateBps(96_000), 7);
    int frame = codec == AudioCodec.AAC ? 1024 : 960;
    long expected = Long.MIN_VALUE; // when the next packet is due, in samples of the run
    for (SealedSegment segment : segments) {
      SegmentManifest manifest = segment.manifest();
      assertThat(manifest.audio()).hasValueSatisfying(a -> assertThat(a.channels()).isEqualTo(2));
      FragmentedMp4 file = FragmentedMp4.scan(segment.files().video());
      assertThat(file.isWhole()).isTrue();
      assertThat(file.audio()).map(Mp4Audio::isWhole).contains(true);
      assertThat(file.audioFormat()).isEqualTo(manifest.audio());
      long first = Math.floorDiv(manifest.firstPtsUs() * 48_000 + 500_000, 1_000_000);
      HeardSound sound = HeardSound.of(segment.files().video());
      assertThat(sound.packets().get(0)[0]).isBetween(0L, (long) frame - 1);
      for (long[] packet : sound.packets()) {
        if (expected != Long.MIN_VALUE) {
          assertThat(first + packet[0]).isEqualTo(expected);
        }
        expected = first + packet[0] + packet[1];
      }
      long end =
          Math.floorDiv(
              (manifest.firstPtsUs() + manifest.duration().toNanos() / 1000) * 48_000, 1_000_000);
      assertThat(expected).isBetween(end - 1, end + frame);
    }
    assertThat(segments).hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void aCardOfAnotherRateIsHeardAtTheSamePitch() throws Exception {
    List<SealedSegment> segments = record(AudioConfig.of("test:?rate=16000&channels=2"), 2.5);
    HeardSound sound = HeardSound.of(segments.get(0).files().video());
    assertThat(sound.loudness(440, 1.3, 0.2)).isCloseTo(0.1, within(0.02));
    assertThat(sound.loudness(1000, 1.02, 0.06)).isGreaterThan(0.4);
  }

  @Test
  void aSegmentThatWasCutIsRecoveredWithItsSound() throws Exception {
    SealedSegment whole = record(AudioConfig.of("test:"), 3.5).get(0);
    byte[] bytes = Files.readAllBytes(whole.files().video());
    for (int cut : new int[] {bytes.length, bytes.length - 1, bytes.length * 2 / 3}) {
      Path at = root.resolve("cut" + cut);
      Spool spool = Spool.open(at, "camera");
      Path part = spool.files(whole.manifest().name()).part();
      Files.createDirectories(part.getParent());
      Files.write(part, Arrays.copyOf(bytes, cut));
      SegmentManifest recovered = SpoolRecovery.recover(spool).get(0);
      assertThat(recovered.audio()).isEqualTo(whole.manifest().audio()).isPresent();
      HeardSound sound = HeardSound.of(spool.sealed().get(0).files().video());
      double seconds = recovered.duration().toMillis() / 1000.0;
      if (seconds > 0.8) { // the shortest cut may leave less
        assertThat(sound.loudness(440, 0.5, 0.2)).isCloseTo(0.1, within(0.02));
      }
      assertThat(sound.endSeconds()).isBetween(seconds - 0.5, seconds + 0.03);
    }
  }

  @Test
  void withoutItNothingIsDifferent() throws Exception {
    try (var camera =
        CameraPipeline.builder()
            .source("test://?size=320x240&fps=25&frames=50&realtime=false")
            .record(RecorderConfig.into(root))
            .start()) {
      camera.awaitStop();
    }
    SealedSegment segment = Spool.open(root, "camera").sealed().get(0);
    assertThat(segment.manifest().audio()).isEmpty();
    assertThat(FragmentedMp4.scan(segment.files().video()).audio()).isEmpty();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("audio-"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"test://?realtime=false|a source that is not live", "alsa://default|unknown scheme"})
  void whatCannotBeHeardTogetherIsRefused(String source, String complaint) {
    assertThatThrownBy(() -> record(source, AudioConfig.of("test:"), 10))
        .isInstanceOf(CameraException.class)
        .hasMessageContaining(complaint);
  }

  @Test
  void soundThatNobodyRecordsIsRefused() {
    assertThatThrownBy(
            () -> CameraPipeline.builder().source("test://").audio(AudioConfig.of("test:")).start())
        .isInstanceOf(CameraException.class)
        .hasMessageContaining("camera camera records nothing");
  }
}
