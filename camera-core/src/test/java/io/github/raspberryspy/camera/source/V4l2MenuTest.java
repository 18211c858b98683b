package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.natives.v4l2.FourCc;
import io.github.raspberryspy.natives.v4l2.FrameSize;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class V4l2MenuTest {

  private static final FrameSize VGA = FrameSize.discrete(640, 480);
  private static final FrameSize FULL = FrameSize.discrete(1920, 1080);

  private static V4l2Menu.Dish dish(String code, double fps, FrameSize... sizes) {
    FourCc letters = FourCc.of(code);
    return new V4l2Menu.Dish(V4l2Pixels.of(letters).orElseThrow(), letters, List.of(sizes), fps);
  }

  private static String chosen(V4l2Menu.Wish wish, V4l2Menu.Dish... dishes) {
    return new V4l2Menu("camera x", List.of(dishes)).choose(wish).code().toString();
  }

  private static V4l2Menu.Wish wish(String kind, int width, int height, double fps) {
    return new V4l2Menu.Wish(V4l2Pixels.of(kind), width, height, fps, false);
  }

  @Test
  void theCheapestToRecordIsTakenWhereverItStandsOnTheList() {
    V4l2Menu.Wish any = wish("auto", 640, 480, 30);
    assertThat(chosen(any, dish("MJPG", 30, VGA), dish("YUYV", 30, VGA))).isEqualTo("YUYV");
    assertThat(chosen(any, dish("YUYV", 30, VGA), dish("NV12", 30, VGA), dish("YM12", 30, VGA)))
        .isEqualTo("YM12");
    assertThat(chosen(any, dish("GREY", 30, VGA), dish("MJPG", 30, VGA))).isEqualTo("MJPG");
  }

  @Test
  void whatIsTooSlowAtTheSizeIsLeft() {
    V4l2Menu.Wish full = wish("auto", 1920, 1080, 30);
    assertThat(chosen(full, dish("YUYV", 5, FULL), dish("MJPG", 30, FULL))).isEqualTo("MJPG");
    assertThat(chosen(full, dish("YUYV", 29.97, FULL), dish("MJPG", 30, FULL))).isEqualTo("YUYV");
    assertThat(chosen(full, dish("YUYV", 5, FULL), dish("MJPG", 15, FULL))).isEqualTo("MJPG");
    assertThat(chosen(full, dish("MJPG", 15, FULL), dish("YUYV", 15, FULL))).isEqualTo("YUYV");
    assertThat(chosen(full, dish("YUYV", 30, VGA), dish("MJPG", 30, FULL))).isEqualTo("MJPG");
    assertThat(chosen(full, dish("MJPG", 30, FULL), dish("YUYV", 0))).isEqualTo("YUYV");
  }

  @Test
  void h264IsLastWhereItWouldBeDecodedAtOnce() {
    V4l2Menu.Dish[] both = {dish("MJPG", 30, VGA), dish("H264", 30, VGA)};
    assertThat(chosen(wish("auto", 640, 480, 30), both)).isEqualTo("H264");
    assertThat(chosen(new V4l2Menu.Wish(Optional.empty(), 640, 480, 30, true), both))
        .isEqualTo("MJPG");
  }

  @Test
  void whatIsAskedForIsTakenHoweverSlow() {
    assertThat(chosen(wish("yuyv", 640, 480, 30), dish("NV12", 30, VGA), dish("YUYV", 5, VGA)))
        .isEqualTo("YUYV");
  }

  @Test
  void whatThereIsNotIsSaidWithWhatThereIs() {
    assertRefused(
        wish("nv12", 640, 480, 30),
        "camera x does not offer format \"nv12\"; it offers yuyv, mjpeg",
        dish("YUYV", 30, VGA),
        dish("MJPG", 30, VGA));
    assertRefused(
        wish("auto", 1280, 720, 30),
        "camera x does not offer 1280x720 in yuyv, mjpeg; it offers 640x480, 1920x1080",
        dish("YUYV", 30, VGA),
        dish("MJPG", 30, VGA, FULL));
    assertRefused(
        wish("auto", 640, 480, 30),
        "camera x does not offer format \"auto\"; it offers none that can be taken");
    FrameSize[] many = new FrameSize[20];
    for (int i = 0; i < many.length; i++) {
      many[i] = FrameSize.discrete(16 * (i + 1), 16);
    }
    assertThatExceptionOfType(CameraException.class)
        .isThrownBy(() -> chosen(wish("yuyv", 640, 480, 30), dish("YUYV", 30, many)))
        .withMessageEndingWith("192x16 and 8 more");
  }

  private static void assertRefused(V4l2Menu.Wish wish, String words, V4l2Menu.Dish... dishes) {
    assertThatExceptionOfType(CameraException.class)
        .isThrownBy(() -> chosen(wish, dishes))
        .matches(e -> e.kind() == Kind.FORMAT_UNSUPPORTED)
        .withMessage(words);
  }
}
