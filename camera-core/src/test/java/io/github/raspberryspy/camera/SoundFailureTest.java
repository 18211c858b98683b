package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.audio.AudioBlock;
import io.github.raspberryspy.camera.audio.AudioConfig;
import io.github.raspberryspy.camera.audio.AudioSource;
import io.github.raspberryspy.camera.audio.AudioSources;
import io.github.raspberryspy.camera.audio.HeardSound;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.supervise.CameraFault;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever becomes of the sound, no picture is lost, and what is recorded plays. */
@Timeout(120)
class SoundFailureTest {

  private static final AudioConfig TONE = AudioConfig.of("test:");

  @TempDir Path root;

  private final List<String> faults = new CopyOnWriteArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private CameraPipeline camera;

  /** A card that does as it is told, and hears a tone otherwise. */
  private static class Card implements AudioSource {
    private final AudioSource tone = AudioSources.create("test:");

    @Override
    public Shape open() {
      return tone.open();
    }

    @Override
    public void begin(long startNanos) {
      tone.begin(startNanos);
    }

    @Override
    public boolean read(AudioBlock into) {
      return tone.read(into);
    }

    @Override
    public void close() {
      tone.close();
    }
  }

  private CameraPipeline start(Supplier<AudioSource> cards) {
    camera =
        CameraPipeline.builder()
            .source("test://?size=320x240&fps=25")
            .record(RecorderConfig.into(root).segment(Duration.ofSeconds(1)))
            .audio(TONE, cards)
            .listener(
                new PipelineListener() {
                  @Override
                  public void onFault(CameraFault fault) {
                    faults.add((fault.ended() ? "end " : "begin ") + fault.kind().text());
                  }
                })
            .start();
    return camera;
  }

  private void awaitRecorded(long frames) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> camera.counters().get(Counter.FRAMES_RECORDED) >= frames);
  }

  /** All that was filmed is there, whole, without a gap. */
  private List<SealedSegment> checkPictures() throws Exception {
    camera.close();
    assertThat(camera.counters().get(Counter.FRAMES_RECORDED))
        .isEqualTo(camera.counters().get(Counter.FRAMES_CAPTURED));
    List<SealedSegment> segments = Spool.open(root, "camera").sealed();
    for (SealedSegment segment : segments) {
      FragmentedMp4 file = FragmentedMp4.scan(segment.files().video());
      assertThat(file.isWhole()).isTrue();
      assertThat(file.frames()).isEqualTo(segment.manifest().frames());
      assertThat(file.audioFormat()).isEqualTo(segment.manifest().audio());
      assertThat(segment.manifest().gaps()).isEmpty();
    }
    return segments;
  }

  private static double loudness(SealedSegment segment) throws Exception {
    return HeardSound.of(segment.files().video()).loudness(440, 0.4, 0.2);
  }

  @AfterEach
  void release() {
    released.countDown();
    camera.close();
  }

  @Test
  void aCardThatIsNeverThereGivesSilenceAndOneFault() throws Exception {
    start(
        () ->
            new Card() {
              @Override
              public Shape open() {
                throw new CameraException(CameraException.Kind.DEVICE_ABSENT, "no card");
              }
            });
    awaitRecorded(100);
    List<SealedSegment> segments = checkPictures();
    assertThat(faults).containsExactly("begin sound-missing");
    assertThat(camera.counters().get(Counter.SOUND_FAULTS)).isEqualTo(1);
    for (SealedSegment segment : segments.subList(0, segments.size() - 1)) {
      HeardSound sound = HeardSound.of(segment.files().video());
      assertThat(sound.peak(0, 2)).isZero();
      double seconds = segment.manifest().duration().toMillis() / 1000.0;
      assertThat(sound.endSeconds()).isCloseTo(seconds, within(0.03));
    }
  }

  @Test
  void aCardThatComesLaterIsHeardFromThenOn() throws Exception {
    AtomicInteger opened = new AtomicInteger();
    start(
        () ->
            new Card() {
              @Override
              public Shape open() {
                if (opened.incrementAndGet() == 1) {
                  throw new CameraException(CameraException.Kind.DEVICE_BUSY, "busy");
                }
                return super.open();
              }
            });
    await().until(() -> faults.contains("end sound-missing"));
    awaitRecorded(camera.counters().get(Counter.FRAMES_RECORDED) + 75);
    List<SealedSegment> segments = checkPictures();
    assertThat(faults).containsExactly("begin sound-missing", "end sound-missing");
    assertThat(loudness(segments.get(0))).isLessThan(0.01);
    assertThat(loudness(segments.get(segments.size() - 2))).isCloseTo(0.1, within(0.02));
    SealedSegment last = segments.get(segments.size() - 2);
    HeardSound sound = HeardSound.of(last.files().video());
    double due = 1 - last.manifest().firstPtsUs() % 1_000_000 / 1e6;
    if (due > 0.1 && due < 0.9) { // in step again
      assertThat(sound.beeps(1000)).anySatisfy(b -> assertThat(b).isCloseTo(due, within(0.05)));
    }
  }

  @Test
  void aCardThatIsPulledOutAndPutBackIsOpenedAgain() throws Exception {
    AtomicInteger opened = new AtomicInteger();
    AtomicInteger reads = new AtomicInteger();
    start(
        () -> {
          boolean isFirst = opened.incrementAndGet() == 1;
          return new Card() {
            @Override
            public boolean read(AudioBlock into) {
              if (isFirst && reads.incrementAndGet() > 250) {
                throw new CameraException(CameraException.Kind.DEVICE_TIMEOUT, "pulled out");
              }
              return super.read(into);
            }
          };
        });
    await().until(() -> faults.contains("end sound-missing"));
    awaitRecorded(camera.counters().get(Counter.FRAMES_RECORDED) + 75);
    List<SealedSegment> segments = checkPictures();
    assertThat(faults).containsExactly("begin sound-missing", "end sound-missing");
    assertThat(loudness(segments.get(segments.size() - 2))).isCloseTo(0.1, within(0.02));
  }

  @Test
  void aCardThatFallsSilentIsNoticedAndOpenedAgain() throws Exception {
    AtomicInteger opened = new AtomicInteger();
    start(
        () -> {
          boolean isFirst = opened.incrementAndGet() == 1;
          return new Card() {
            @Override
            public boolean read(AudioBlock into) {
              return !isFirst && super.read(into);
            }
          };
        });
    await().until(() -> faults.contains("end sound-missing"));
    awaitRecorded(camera.counters().get(Counter.FRAMES_RECORDED) + 75);
    List<SealedSegment> segments = checkPictures();
    assertThat(faults).containsExactly("begin sound-missing", "end sound-missing");
    assertThat(loudness(segments.get(segments.size() - 2))).isCloseTo(0.1, within(0.02));
  }

  @Test
  void aCardWhoseDriverHangsCostsTheSoundAndNothingElse() throws Exception {
    AtomicInteger reads = new AtomicInteger();
    start(
        () ->
            new Card() {
              @Override
              public boolean read(AudioBlock into) {
                if (reads.incrementAndGet() > 300) {
                  ScriptedSource.await(released);
                }
                return super.read(into);
              }
            });
    await().until(() -> reads.get() > 300);
    awaitRecorded(camera.counters().get(Counter.FRAMES_RECORDED) + 100);
    List<SealedSegment> segments = checkPictures();
    SealedSegment last = segments.get(segments.size() - 1);
    assertThat(last.manifest().audio()).isEmpty();
    assertThat(FragmentedMp4.scan(last.files().video()).audio()).isPresent();
  }
}
