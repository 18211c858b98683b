package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Response;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameLeakExtension;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.natives.libc.LibC;
import io.github.raspberryspy.natives.v4l2.BufferType;
import io.github.raspberryspy.natives.v4l2.TestDevices;
import io.github.raspberryspy.natives.v4l2.V4l2Controls;
import io.github.raspberryspy.natives.v4l2.V4l2Device;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The source at a kernel's virtual camera whose next call fails on demand. */
@Tag("driver")
@Timeout(120)
@ExtendWith(FrameLeakExtension.class)
class V4l2InjectedErrorDriverTest {

  private static final int FEW = 5;

  private final Counting counting = new Counting();

  /** What is loaded with the first run stays open. */
  @BeforeEach
  void loadWhatARunNeeds() {
    try (CameraSource source = open()) {
      source.open();
      deliver(source, 1);
    }
    counting.frames = 0;
    counting.lost = 0;
  }

  @Test
  void aDamagedPictureIsLostAndTheRunGoesOn() {
    try (CameraSource source = open()) {
      source.open();
      deliver(source, FEW);
      long lostBefore = counting.lost;
      inject("inject_v4l2_buf_flag_error");
      while (counting.lost == lostBefore) {
        source.deliver(counting);
      }
      deliver(source, FEW);
      assertThat(counting.number + 1).isEqualTo(counting.frames + counting.lost);
    }
    assertThat(TestDevices.mappings()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "inject_vidioc_reqbufs_error, VIDIOC_REQBUFS",
    "inject_vidioc_qbuf_error, VIDIOC_QBUF",
    "inject_vidioc_streamon_error, VIDIOC_STREAMON"
  })
  void aStartThatFailsNamesTheCallAndTheNextOneWorks(String control, String call) {
    long descriptors = TestDevices.descriptors();
    inject(control);
    try (CameraSource source = open()) {
      assertThatExceptionOfType(CameraException.class)
          .isThrownBy(
              () -> {
                source.open();
                deliver(source, 1);
              })
          .withMessageContaining(call)
          .matches(e -> e.kind().response() == Response.RETRY);
    }
    requireNothingLeftAndAnotherRun(descriptors);
  }

  @ParameterizedTest
  @CsvSource({"inject_fatal_streaming_error", "inject_vidioc_qbuf_error"})
  void anErrorWhileStreamingEndsTheRunAndTheNextOneWorks(String control) {
    long descriptors = TestDevices.descriptors();
    try (CameraSource source = open()) {
      source.open();
      deliver(source, FEW);
      inject(control);
      assertThatExceptionOfType(CameraException.class)
          .isThrownBy(() -> deliver(source, 10_000))
          .withMessageContaining("broke off")
          .matches(e -> e.kind().response() == Response.RETRY);
    }
    requireNothingLeftAndAnotherRun(descriptors);
  }

  private void requireNothingLeftAndAnotherRun(long descriptors) {
    assertThat(TestDevices.mappings()).isZero();
    assertThat(TestDevices.descriptors()).isEqualTo(descriptors);
    try (CameraSource again = open()) {
      again.open();
      deliver(again, FEW);
    }
  }

  private void deliver(CameraSource source, int more) {
    int until = counting.frames + more;
    while (counting.frames < until) {
      source.deliver(counting);
    }
  }

  private static CameraSource open() {
    return Sources.create(
        "v4l2://" + TestDevices.vivid(BufferType.CAPTURE) + "?size=320x180&fps=" + TestDevices.FPS);
  }

  private static void inject(String button) {
    String path = TestDevices.vivid(BufferType.CAPTURE);
    try (V4l2Device device = V4l2Device.open(LibC.load(), path)) {
      V4l2Controls controls = device.controls();
      assertThat(controls.trySet(controls.find(button).orElseThrow().id(), 1)).isTrue();
    }
  }

  /** Counts what comes; closes nothing, for it keeps nothing. */
  private static final class Counting implements CameraSource.Receiver {
    private int frames;
    private long lost;
    private long number;

    @Override
    public void onFrame(Frame frame) {
      frames++;
      number = frame.number();
    }

    @Override
    public void onPacket(Packet packet) {
      throw new AssertionError("a raw camera gives no packets");
    }

    @Override
    public void onLost(long count) {
      lost += count;
    }
  }
}
