package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.raspberryspy.camera.audio.AudioBlock;
import io.github.raspberryspy.camera.audio.AudioCodec;
import io.github.raspberryspy.camera.audio.AudioConfig;
import io.github.raspberryspy.camera.audio.AudioSource;
import io.github.raspberryspy.camera.audio.AudioSources;
import io.github.raspberryspy.camera.audio.HeardSound;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.supervise.CameraFault;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A sound card of the kernel's: what is played into it can be recorded from it (snd-aloop). */
@Tag("driver")
@Timeout(180)
class SoundCardDriverTest {

  private static final String CARD = "alsa:hw:Loopback,1,0";
  private static final Path DRIVER = Path.of("/sys/bus/platform/drivers/snd_aloop");

  /** FFmpeg's sine is an eighth of full scale; spread over two channels it is 3 dB less in each. */
  private static final double TONE = 0.125 / Math.sqrt(2);

  @TempDir Path root;

  private final List<String> faults = new CopyOnWriteArrayList<>();
  private Process player;

  @BeforeEach
  void requireCard() throws IOException {
    assumeFalse(System.getProperty("os.arch").equals("aarch64"), "that machine has no sound");
    if (!Files.exists(Path.of("/sys/class/sound/pcmC0D1c"))) {
      String missing = "the sound card of the driver snd-aloop is not there";
      if (Boolean.getBoolean("raspberryspy.nothingAbsent")) {
        fail(missing + ", and nothing may be absent");
      }
      abort(missing);
    }
    play();
  }

  @AfterEach
  void stopPlayer() throws InterruptedException {
    if (player != null) {
      player.destroyForcibly().waitFor();
    }
  }

  /** Plays a tone for ever. Its buffer is kept full: fed in real time, it ran dry in the guest. */
  private void play() throws IOException {
    player =
        new ProcessBuilder(
                "ffmpeg -v error -nostdin -f lavfi -i sine=frequency=440:sample_rate=48000 -ac 2"
                    .concat(" -f alsa hw:Loopback,0,0")
                    .split(" "))
            .redirectErrorStream(true)
            .redirectOutput(new File("/dev/null"))
            .start();
  }

  private CameraPipeline start(AudioConfig audio) {
    return CameraPipeline.builder()
        .source("test://?size=160x120&fps=10")
        .record(RecorderConfig.into(root).segment(Duration.ofSeconds(3)))
        .audio(audio)
        .listener(
            new PipelineListener() {
              @Override
              public void onFault(CameraFault fault) {
                if (fault.kind() == CameraFault.Kind.SOUND_MISSING) {
                  faults.add(fault.sentence());
                }
              }
            })
        .start();
  }

  private List<SealedSegment> segments() throws IOException {
    List<SealedSegment> segments = Spool.open(root, "camera").sealed();
    for (SealedSegment segment : segments) {
      assertThat(FragmentedMp4.scan(segment.files().video()).isWhole()).isTrue();
    }
    return segments;
  }

  private static double loudness(SealedSegment segment, double at) throws IOException {
    return HeardSound.of(segment.files().video()).loudness(440, at, 0.1);
  }

  @ParameterizedTest
  @EnumSource(AudioCodec.class)
  void whatIsPlayedIntoTheCardIsHeardInTheRecording(AudioCodec codec) throws Exception {
    try (CameraPipeline camera = start(AudioConfig.of(CARD + "?channels=2").codec(codec))) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> camera.counters().get(Counter.SEGMENTS_SEALED) >= 3);
    }
    assertThat(faults).isEmpty();
    SealedSegment later = segments().get(2);
    for (double at = 0.5; at < 2.8; at += 0.1) { // without a hole
      assertThat(loudness(later, at)).isCloseTo(TONE, within(0.015));
    }
  }

  @Test
  void aCardThatAnotherProgramHasIsRefusedAtOnce() {
    try (AudioSource first = AudioSources.create(CARD + "?channels=2");
        AudioSource second = AudioSources.create(CARD + "?channels=2")) {
      first.open();
      long began = System.nanoTime();
      assertThatThrownBy(second::open)
          .isInstanceOf(CameraException.class)
          .hasMessageContaining("\"hw:Loopback,1,0\" cannot be opened for 2 channels of 16 bits")
          .hasMessageContaining("those that record are hw:0,0 (Loopback), hw:0,1 (Loopback)");
      assertThat(System.nanoTime() - began).isLessThan(5_000_000_000L);
      AudioBlock block = new AudioBlock();
      await().atMost(Duration.ofSeconds(20)).until(() -> first.read(block));
    }
  }

  @Test
  void aCardThatIsPulledOutAndPutBackIsHeardAgainAndCostsNoPicture() throws Exception {
    try (CameraPipeline camera = start(AudioConfig.of(CARD + "?channels=2"))) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> camera.counters().get(Counter.SEGMENTS_SEALED) >= 1);
      stopPlayer(); // the driver goes once nobody holds it
      Files.writeString(DRIVER.resolve("unbind"), "snd_aloop.0");
      await().atMost(Duration.ofSeconds(20)).until(() -> faults.size() == 1);
      Files.writeString(DRIVER.resolve("bind"), "snd_aloop.0");
      play();
      await().atMost(Duration.ofSeconds(60)).until(() -> faults.size() == 2);
      long sealed = camera.counters().get(Counter.SEGMENTS_SEALED);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> camera.counters().get(Counter.SEGMENTS_SEALED) >= sealed + 2);
      camera.close();
      assertThat(camera.counters().get(Counter.FRAMES_RECORDED))
          .isEqualTo(camera.counters().get(Counter.FRAMES_CAPTURED));
    }
    assertThat(faults.get(0)).contains("records silence");
    assertThat(faults.get(1)).contains("records sound again");
    List<SealedSegment> segments = segments();
    assertThat(loudness(segments.get(segments.size() - 2), 1)).isCloseTo(TONE, within(0.015));
  }
}
