package io.github.raspberryspy.natives.v4l2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class V4l2ValuesTest {

  @TempDir Path folder;

  @Test
  void fourLettersAreANumberAndBack() {
    assertThat(FourCc.of("YUYV").code()).isEqualTo(0x56595559);
    assertThat(new FourCc(0x56595559)).hasToString("YUYV");
    assertThat(new FourCc(0x80000000 | FourCc.of("Y16 ").code())).hasToString("Y16 -BE");
    assertThat(new FourCc(0)).hasToString("????");
    assertThatIllegalArgumentException().isThrownBy(() -> FourCc.of("YUY"));
    assertThatIllegalArgumentException().isThrownBy(() -> FourCc.of("YUYé"));
  }

  @Test
  void aRangeOfSizesContainsItsSteps() {
    FrameSize range = new FrameSize(32, 1920, 32, 16, 1080, 2);
    assertThat(range.contains(640, 360)).isTrue();
    assertThat(range.contains(640, 361)).isFalse();
    assertThat(range.contains(650, 360)).isFalse();
    assertThat(range.contains(1952, 360)).isFalse();
    assertThat(range).hasToString("32x16 to 1920x1080");
    assertThat(FrameSize.discrete(640, 480).contains(640, 480)).isTrue();
    assertThat(FrameSize.discrete(640, 480)).hasToString("640x480");
  }

  @Test
  void ratesAreFractions() {
    assertThat(Interval.ofFps(30)).isEqualTo(new Interval(1, 30));
    assertThat(Interval.ofFps(29.97)).isEqualTo(new Interval(1000, 29970));
    assertThat(Interval.ofFps(12.5).fps()).isEqualTo(12.5);
    assertThat(new Interval(0, 30).fps()).isZero();
  }

  @Test
  void theRangeOfLumaFollowsTheColourSpaceUnlessItIsSaid() {
    assertThat(format(0, 7).isFullRange()).isTrue();
    assertThat(format(0, 8).isFullRange()).isFalse();
    assertThat(format(1, 8).isFullRange()).isTrue();
    assertThat(format(2, 7).isFullRange()).isFalse();
  }

  private static V4l2Format format(int quantization, int colorspace) {
    return new V4l2Format(
        BufferType.CAPTURE, 1, 1, FourCc.of("YUYV"), colorspace, quantization, List.of());
  }

  @Test
  void aControlHasAKeyAndCanBeClosed() {
    assertThat(control("White Balance, Automatic", 0).key()).isEqualTo("white_balance_automatic");
    assertThat(control("H.264 I-Frame (Period)", 0).key()).isEqualTo("h_264_i_frame_period");
    assertThat(control("x", 0).isWritable()).isTrue();
    assertThat(control("x", 0x4).isWritable()).isFalse();
    assertThat(V4l2Control.Type.of(9)).isEqualTo(V4l2Control.Type.INTEGER_MENU);
    assertThat(V4l2Control.Type.of(0x100)).isEqualTo(V4l2Control.Type.OTHER);
  }

  private static V4l2Control control(String name, int flags) {
    return new V4l2Control(1, name, V4l2Control.Type.INTEGER, 0, 1, 1, 0, flags, Map.of());
  }

  @Test
  void devicesAreListedByNumberWithTheirNames() throws IOException {
    Path sysfs = folder.resolve("sysfs");
    Path dev = Files.createDirectories(folder.resolve("dev"));
    for (String node : List.of("video10", "video2", "vbi0", "video3")) {
      Files.createDirectories(sysfs.resolve(node));
      Files.writeString(sysfs.resolve(node).resolve("name"), "The " + node + "\n");
    }
    Files.createFile(dev.resolve("video2"));
    Files.createFile(dev.resolve("video10"));
    Files.delete(sysfs.resolve("video10/name"));
    assertThat(V4l2Devices.list(sysfs, dev))
        .containsExactly(
            new V4l2Devices.Node(dev.resolve("video2"), "The video2"),
            new V4l2Devices.Node(dev.resolve("video10"), ""));
    assertThat(V4l2Devices.list(folder.resolve("none"), dev)).isEmpty();
  }
}
