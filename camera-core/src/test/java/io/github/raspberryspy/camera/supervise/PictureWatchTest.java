package io.github.raspberryspy.camera.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameLeakExtension;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.source.CameraSource;
import io.github.raspberryspy.camera.source.Sources;
import io.github.raspberryspy.camera.supervise.CameraFault.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PictureWatchTest {

  private static final int WIDTH = 96;
  private static final int HEIGHT = 48;
  private static final int FPS = 10;

  @RegisterExtension final FrameLeakExtension leaks = new FrameLeakExtension();

  private final Random noise = new Random(20261123);
  private final List<String> told = new ArrayList<>();
  private PixelFormat format = PixelFormat.I420;
  private FramePool pool;
  private PictureWatch watch = new PictureWatch("front", SuperviseConfig.defaults());
  private long number;

  /** A picture of stripes, so bright and so contrasty, with noise like a sensor's. */
  private record Scene(int mean, int contrast, int grain) {}

  private static final Scene DAY = new Scene(120, 60, 4);
  private static final Scene NIGHT = new Scene(24, 2, 2);
  private static final Scene HAND = new Scene(40, 3, 4);

  private void film(Scene scene, double seconds) {
    for (int i = 0; i < seconds * FPS; i++) {
      show(scene);
    }
  }

  private void show(Scene scene) {
    if (pool == null) {
      pool = leaks.watch(FramePool.allocate(format, WIDTH, HEIGHT, 1));
    }
    FrameSlot slot = pool.poll();
    paint(slot.avFrame(), scene);
    long n = number++;
    try (Frame frame = slot.publish(n, 0, n * 1_000_000_000L / FPS)) {
      watch.look(frame);
    }
    for (Optional<CameraFault> f = watch.poll(); f.isPresent(); f = watch.poll()) {
      CameraFault fault = f.get();
      assertThat(fault.isAlert()).isNotEqualTo(fault.ended());
      told.add((fault.ended() ? "end " : "") + fault.kind().text() + " at " + n / FPS);
    }
  }

  private void paint(AVFrame frame, Scene scene) {
    byte[] row = new byte[format.rowBytes(0, WIDTH)];
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int stripe = (x / 6 + y / 6) % 2 == 0 ? scene.contrast : -scene.contrast;
        int grain = scene.grain == 0 ? 0 : noise.nextInt(scene.grain);
        row[format.lumaOffset() + x * format.lumaStep()] =
            (byte) Math.max(0, Math.min(255, scene.mean + stripe + grain));
      }
      frame.data(0).position((long) y * frame.linesize(0)).put(row, 0, row.length);
    }
  }

  private static Scene still(Scene scene) {
    return new Scene(scene.mean, scene.contrast, 0);
  }

  @Test
  void aPictureThatStandsStillIsToldOnceAndSoIsItsEnd() {
    film(DAY, 20);
    film(still(DAY), 60);
    film(DAY, 5);
    assertThat(told).containsExactly("picture-frozen at 30", "end picture-frozen at 80");
  }

  @Test
  void aPictureThatStandsStillForLessIsNotTold() {
    film(DAY, 20);
    film(still(DAY), 9);
    film(DAY, 20);
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"I420", "NV12", "YUYV", "GRAY8", "RGB24"})
  void aBlackPictureIsToldWhateverItsFormat(PixelFormat pixels) {
    format = pixels;
    film(DAY, 3); // too short for anything to be usual
    film(NIGHT, 60);
    film(DAY, 5);
    assertThat(told).containsExactly("picture-dark at 33", "end picture-dark at 63");
  }

  @Test
  void aPictureOfOneEvenToneIsToldHoweverBright() {
    film(new Scene(200, 0, 3), 60);
    assertThat(told).containsExactly("picture-dark at 30");
  }

  @Test
  void aLensThatIsCoveredIsToldWithinSecondsAndSoIsItsEnd() {
    film(DAY, 20);
    film(HAND, 600);
    film(DAY, 5);
    assertThat(told).containsExactly("lens-covered at 23", "end lens-covered at 620");
  }

  @Test
  void aSprayedLensThatIsBrightAllTheSameIsNotCalledCovered() {
    film(DAY, 20);
    film(new Scene(150, 5, 4), 20);
    assertThat(told).isEmpty();
  }

  @Test
  void duskIsNoHandBeforeTheLens() {
    for (int minute = 0; minute < 60; minute++) {
      for (int second = 0; second < 60; second++) {
        number += FPS - 1;
        show(new Scene(120 - minute, 60 - minute / 2, 4));
      }
    }
    assertThat(told).isEmpty();
  }

  @Test
  void somebodyWalkingByDoesNotCoverTheLens() {
    film(DAY, 20);
    film(HAND, 2);
    film(DAY, 20);
    assertThat(told).isEmpty();
  }

  @Test
  void whatIsSetToZeroIsNotLookedFor() {
    watch = new PictureWatch("front", SuperviseConfig.stallsOnly());
    film(DAY, 20);
    film(still(HAND), 100);
    film(still(NIGHT), 100);
    assertThat(told).isEmpty();
    assertThat(SuperviseConfig.stallsOnly().watchesPictures()).isFalse();
  }

  @Test
  void aRestartIsWantedOnceForEachPictureThatStandsStill() {
    watch = new PictureWatch("front", SuperviseConfig.defaults().restartsFrozen(true));
    film(still(DAY), 30);
    assertThat(watch.takeRestart()).isTrue();
    film(still(DAY), 60);
    assertThat(watch.takeRestart()).isFalse();
    film(DAY, 1);
    film(still(DAY), 30);
    assertThat(watch.takeRestart()).isTrue();
  }

  @Test
  void theFullRangeOfJpegIsTakenIntoAccount() {
    pool = leaks.watch(FramePool.allocate(format, WIDTH, HEIGHT, 1));
    FrameSlot slot = pool.poll();
    slot.avFrame().color_range(avutil.AVCOL_RANGE_JPEG);
    slot.discard();
    film(NIGHT, 60); // 24 is black within 16 to 235, and a dark grey within 0 to 255
    assertThat(told).isEmpty();
  }

  @Test
  void theSentencesNameTheCameraAndTheTime() {
    film(still(DAY), 11);
    film(DAY, 1);
    watch = new PictureWatch("front", SuperviseConfig.defaults());
    List<String> sentences = new ArrayList<>();
    for (int i = 0; i < 12 * FPS; i++) {
      FrameSlot slot = pool.poll();
      paint(slot.avFrame(), still(DAY));
      try (Frame frame = slot.publish(i, 0, i * 1_000_000_000L / FPS)) {
        watch.look(frame);
      }
      watch.poll().map(CameraFault::sentence).ifPresent(sentences::add);
    }
    assertThat(sentences).containsExactly("the picture of camera front has stood still for 10 s");
  }

  /** Its time code runs; nothing else moves in it. */
  @ParameterizedTest
  @EnumSource
  void theTestPatternNeverStandsStill(Size size) {
    watch =
        new PictureWatch("front", SuperviseConfig.defaults().frozenAfter(Duration.ofSeconds(1)));
    List<Kind> kinds = new ArrayList<>();
    String address = "test://?realtime=false&objects=0&fps=10&frames=150&size=" + size.text;
    try (CameraSource source = Sources.create(address)) {
      source.open();
      boolean goesOn = true;
      while (goesOn) {
        goesOn = source.deliver(new Looking());
        watch.poll().map(CameraFault::kind).ifPresent(kinds::add);
      }
    }
    assertThat(kinds).isEmpty();
  }

  enum Size {
    SMALL("160x120"),
    VGA("640x480"),
    HD("1280x720"),
    FULL_HD("1920x1080");

    private final String text;

    Size(String text) {
      this.text = text;
    }
  }

  private final class Looking implements CameraSource.Receiver {
    @Override
    public void onFrame(Frame frame) {
      watch.look(frame);
    }

    @Override
    public void onPacket(Packet packet) {}

    @Override
    public void onLost(long frames) {}
  }
}
