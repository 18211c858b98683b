package io.github.raspberryspy.natives.v4l2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.raspberryspy.natives.libc.Errno;
import io.github.raspberryspy.natives.libc.LibC;
import io.github.raspberryspy.natives.libc.NativeException;
import io.github.raspberryspy.natives.v4l2.CaptureQueue.Outcome;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the queue does when the device fails, at a device that fails on cue. */
class CaptureQueueTest {

  private final FakeCamera camera = new FakeCamera(BufferType.CAPTURE, "YUYV");
  private final V4l2Device device = V4l2Device.open(camera, "/dev/video0");
  private final V4l2Format format =
      device.setFormat(BufferType.CAPTURE, FourCc.of("YUYV"), 64, 36, 0);

  private CaptureQueue started(int buffers) {
    CaptureQueue queue = CaptureQueue.allocate(device, format, buffers);
    queue.start();
    return queue;
  }

  private void assertNothingIsLeft() {
    device.close();
    assertThat(camera.mappings()).isZero();
    assertThat(camera.descriptors()).isZero();
  }

  @Test
  void buffersGoRound() {
    CaptureQueue queue = started(3);
    assertThat(queue.await(0)).isEqualTo(Outcome.NOTHING);
    camera.fills(7, 1_000_001, 0, 42);
    assertThat(queue.await(0)).isEqualTo(Outcome.PICTURE);
    assertThat(queue.taken().sequence()).isEqualTo(7);
    assertThat(queue.taken().timestampNanos()).isEqualTo(1_000_001_000L);
    assertThat(queue.taken().bytesUsed(0)).isEqualTo(42);
    assertThat(queue.taken().hasMonotonicTime()).isTrue();
    assertThat(queue.taken().isDamaged()).isFalse();
    assertThat(queue.withDevice()).isEqualTo(2);
    queue.requeue(queue.taken().index());
    assertThat(camera.queued()).isEqualTo(3);
    assertThat(queue.withDevice()).isEqualTo(3);
    queue.close();
    queue.releaseAll();
    assertNothingIsLeft();
  }

  @Test
  void aSignalInTheWayIsNothing() {
    CaptureQueue queue = started(2);
    int eintr = Errno.EINTR.number();
    camera.fills(0, 0, 0, 1).fails("poll", eintr, eintr).fails("VIDIOC_DQBUF", eintr);
    assertThat(queue.await(0)).isEqualTo(Outcome.PICTURE);
    queue.close();
  }

  @Test
  void aPictureThatIsNotThereAfterAllIsNothing() {
    CaptureQueue queue = started(2);
    camera.fills(0, 0, 0, 1).fails("VIDIOC_DQBUF", Errno.EAGAIN.number());
    assertThat(queue.await(0)).isEqualTo(Outcome.NOTHING);
    assertThat(queue.await(0)).isEqualTo(Outcome.PICTURE);
    queue.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = Errno.class,
      names = {"ENODEV", "EIO", "EINVAL"})
  void aFailureIsThrownWithItsNumber(Errno errno) {
    CaptureQueue queue = started(2);
    camera.polls(LibC.POLLERR | LibC.POLLIN).fails("VIDIOC_DQBUF", errno.number());
    assertThatExceptionOfType(NativeException.class)
        .isThrownBy(() -> queue.await(0))
        .withMessage("VIDIOC_DQBUF /dev/video0: " + Errno.describe(errno.number()));
    queue.close();
  }

  @Test
  void aDeviceThatHasFailedAndSaysNothingElseIsNotAskedForEver() {
    CaptureQueue queue = started(2);
    camera.polls(LibC.POLLERR);
    assertThatExceptionOfType(NativeException.class)
        .isThrownBy(() -> queue.await(0))
        .withMessage("VIDIOC_DQBUF /dev/video0: EIO (5)");
    queue.close();
  }

  @Test
  void aWakeEndsOneWait() {
    CaptureQueue queue = started(2);
    camera.fills(0, 0, 0, 1);
    queue.wake();
    assertThat(queue.await(0)).isEqualTo(Outcome.NOTHING);
    assertThat(queue.await(0)).isEqualTo(Outcome.PICTURE);
    queue.close();
    queue.wake();
    queue.releaseAll();
    assertNothingIsLeft();
  }

  @Test
  void aBufferThatComesBackAfterTheStopIsNotQueued() {
    CaptureQueue queue = started(2);
    camera.fills(0, 0, 0, 1);
    queue.await(0);
    queue.stop();
    queue.stop();
    queue.requeue(0);
    queue.close();
    queue.close();
    queue.requeue(0);
    assertThat(Collections.frequency(camera.calls(), "VIDIOC_QBUF")).isEqualTo(2);
    assertThat(Collections.frequency(camera.calls(), "VIDIOC_STREAMOFF")).isEqualTo(1);
    assertThat(camera.mappings()).isEqualTo(2);
    queue.release(1);
    queue.release(0);
    assertNothingIsLeft();
  }

  @Test
  void aBufferThatIsRefusedWhenItComesBackFailsTheNextWait() {
    CaptureQueue queue = started(2);
    camera.fills(0, 0, 0, 1);
    queue.await(0);
    camera.fails("VIDIOC_QBUF", Errno.ENODEV.number());
    queue.requeue(0);
    assertThatExceptionOfType(NativeException.class)
        .isThrownBy(() -> queue.await(0))
        .withMessage("VIDIOC_QBUF /dev/video0: ENODEV (19)");
    queue.close();
  }

  @Test
  void aDeviceThatHasGoneIsStoppedAndForgottenWithoutComplaint() {
    CaptureQueue queue = started(2);
    int enodev = Errno.ENODEV.number();
    camera.fails("VIDIOC_STREAMOFF", enodev).fails("VIDIOC_REQBUFS", enodev);
    queue.close();
    queue.releaseAll();
    assertNothingIsLeft();
  }

  @Test
  void whatCannotBeMappedInFullIsGivenBack() {
    camera.fails("mmap", 0, 0, Errno.ENOMEM.number());
    assertThatExceptionOfType(NativeException.class)
        .isThrownBy(() -> CaptureQueue.allocate(device, format, 4))
        .withMessage("mmap /dev/video0: ENOMEM (12)");
    camera.fails("eventfd", Errno.EMFILE.number());
    assertThatExceptionOfType(NativeException.class)
        .isThrownBy(() -> CaptureQueue.allocate(device, format, 4))
        .withMessage("eventfd /dev/video0: EMFILE (24)");
    camera.grantsBuffers(0);
    assertThatExceptionOfType(NativeException.class)
        .isThrownBy(() -> CaptureQueue.allocate(device, format, 4))
        .withMessage("VIDIOC_REQBUFS /dev/video0: ENOMEM (12)");
    assertNothingIsLeft();
  }

  @Test
  void aDeviceThatIsNoneIsClosedAgain() {
    camera.fails("VIDIOC_QUERYCAP", Errno.ENOTTY.number());
    assertThatExceptionOfType(NativeException.class)
        .isThrownBy(() -> V4l2Device.open(camera, "/dev/null"))
        .withMessage("VIDIOC_QUERYCAP /dev/null: ENOTTY (25)");
    assertNothingIsLeft();
  }

  @Test
  void planesWithBuffersOfTheirOwnAreMappedEach() {
    FakeCamera split =
        new FakeCamera(BufferType.CAPTURE_MPLANE, "NM12")
            .grants(new int[] {80, 72}, new int[] {80 * 36, 72 * 18});
    try (V4l2Device two = V4l2Device.open(split, "/dev/video1")) {
      V4l2Format granted = two.setFormat(BufferType.CAPTURE_MPLANE, FourCc.of("NM12"), 1, 1, 0);
      assertThat(granted.planes())
          .containsExactly(new V4l2Format.Plane(80, 80 * 36), new V4l2Format.Plane(72, 72 * 18));
      CaptureQueue queue = CaptureQueue.allocate(two, granted, 3);
      assertThat(split.mappings()).isEqualTo(6);
      assertThat(queue.length(2, 1)).isEqualTo(72 * 18);
      queue.start();
      split.fillsBehind(16, 3, 5);
      assertThat(queue.await(0)).isEqualTo(Outcome.PICTURE);
      assertThat(queue.taken().bytesUsed(1)).isEqualTo(72 * 18);
      assertThat(queue.taken().dataOffset(1)).isEqualTo(16);
      queue.close();
      queue.release(1);
      assertThat(split.mappings()).isEqualTo(4);
      queue.releaseAll();
      assertThat(split.mappings()).isZero();
    }
  }

  /** Whoever believed it would read behind the buffer, which ends the process. */
  @ParameterizedTest
  @CsvSource({
    "2305, 0",
    "2147483647, 0",
    "-1, 0",
    "0, 0",
    "2304, 2304",
    "2304, 2305",
    "2304, -1",
    "2304, 2147483647",
    "100, -2147483648"
  })
  void aBufferThatHoldsMoreThanItsSizeOrNothingIsDamaged(int used, int offset) {
    FakeCamera liar = new FakeCamera(BufferType.CAPTURE_MPLANE, "NM12");
    liar.grants(new int[] {64, 64}, new int[] {64 * 36, 64 * 36});
    V4l2Device opened = V4l2Device.open(liar, "/dev/video0");
    V4l2Format split = opened.setFormat(BufferType.CAPTURE_MPLANE, FourCc.of("NM12"), 64, 36, 0);
    CaptureQueue queue = CaptureQueue.allocate(opened, split, 2);
    queue.start();
    liar.claims(1, used, offset);
    assertThat(queue.await(0)).isEqualTo(Outcome.PICTURE);
    assertThat(queue.taken().isDamaged()).isTrue();
    queue.close();
    queue.releaseAll();
    opened.close();
    assertThat(liar.mappings()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {64 * 54 + 1, -1, 0})
  void aBufferOfOnePlaneIsNotBelievedEither(int used) {
    CaptureQueue queue = started(2);
    camera.claims(0, used, 0);
    assertThat(queue.await(0)).isEqualTo(Outcome.PICTURE);
    assertThat(queue.taken().isDamaged()).isTrue();
    queue.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, -1, 1_000_000})
  void aBufferThatIsNotThereIsAFailureOfTheDevice(int index) {
    CaptureQueue queue = started(2);
    camera.claims(index, 100, 0);
    assertThatExceptionOfType(NativeException.class)
        .isThrownBy(() -> queue.await(0))
        .withMessage("VIDIOC_DQBUF /dev/video0: EIO (5)");
    queue.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 200, 255})
  void aFormatWithoutPlanesOrWithMoreThanThereCanBeIsRefused(int planes) {
    FakeCamera liar = new FakeCamera(BufferType.CAPTURE_MPLANE, "NM12").grantsPlanes(planes);
    V4l2Device opened = V4l2Device.open(liar, "/dev/video0");
    assertThatExceptionOfType(NativeException.class)
        .isThrownBy(() -> opened.setFormat(BufferType.CAPTURE_MPLANE, FourCc.of("NM12"), 64, 36, 0))
        .withMessageContaining("/dev/video0");
    opened.close();
  }
}
