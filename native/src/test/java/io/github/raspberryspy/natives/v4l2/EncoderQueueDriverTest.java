package io.github.raspberryspy.natives.v4l2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.jna.Pointer;
import io.github.raspberryspy.natives.libc.LibC;
import io.github.raspberryspy.natives.libc.NativeException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The queue at the kernel's own virtual encoder. Its codec is FWHT; its interface is that of the
 * Raspberry Pi's H.264 encoder.
 */
@Tag("driver")
@Timeout(120)
class EncoderQueueDriverTest implements EncoderQueue.Receiver {

  private static final LibC LIBC = LibC.load();
  private static final int PICTURES = 100;
  private static final int WIDTH = 640;
  private static final int HEIGHT = 480;
  private static final int PICTURE = WIDTH * HEIGHT * 3 / 2;

  private final List<byte[]> coded = new ArrayList<>();
  private final List<Long> times = new ArrayList<>();
  private final List<Integer> returned = new ArrayList<>();

  @Override
  public void onCoded(byte[] data, long ptsUs) {
    coded.add(data);
    times.add(ptsUs);
  }

  @Override
  public void onDamaged() {
    throw new AssertionError("a damaged picture");
  }

  @Override
  public void onReturned(int place) {
    returned.add(place);
  }

  private static EncoderQueue prepare(V4l2Device device, String codec) {
    EncoderQueue.Job job =
        new EncoderQueue.Job(
            FourCc.of(codec), FourCc.of("YU12"), WIDTH, HEIGHT, new Interval(1, 30), PICTURE);
    return EncoderQueue.prepare(device, job);
  }

  private int place(EncoderQueue queue) {
    OptionalInt place = queue.freeInput();
    while (place.isEmpty()) {
      assertThat(queue.exchange(5000, this)).isTrue();
      place = queue.freeInput();
    }
    return place.getAsInt();
  }

  private void drain(EncoderQueue queue) {
    queue.drain();
    while (!queue.isDrained()) {
      assertThat(queue.exchange(5000, this)).isTrue();
    }
  }

  private static byte[] picture(int n) {
    byte[] picture = new byte[PICTURE];
    for (int i = 0; i < PICTURE; i++) {
      picture[i] = (byte) (16 + (i / 8 + n * 5) % 200);
    }
    return picture;
  }

  @Test
  void everyPictureComesOutWithItsTimeAndTheLastOnesWhenDrained() {
    String path = TestDevices.fwhtEncoder();
    long descriptors = TestDevices.descriptors();
    long mappings = TestDevices.mappings();
    try (V4l2Device device = V4l2Device.open(LIBC, path);
        EncoderQueue queue = prepare(device, "FWHT")) {
      assertThat(queue.raw().planes()).hasSize(1);
      assertThat(queue.raw().planes().get(0).bytesPerLine()).isEqualTo(WIDTH);
      assertThat(device.controls().trySet(EncoderControl.GOP_SIZE.id(), 10)).isTrue();
      assertThat(device.controls().trySet(EncoderControl.BITRATE.id(), 1_000_000)).isFalse();
      queue.reserve();
      queue.startCopying(3);
      for (int i = 0; i < PICTURES; i++) {
        int place = place(queue);
        new Pointer(queue.inputAddress(place, 0)).write(0, picture(i), 0, PICTURE);
        queue.queueCopied(place, i * 33_333L);
        assertThat(queue.pending()).isPositive();
      }
      drain(queue);
      assertThat(queue.pending()).isZero();
    }
    assertThat(coded).hasSize(PICTURES);
    for (int i = 0; i < PICTURES; i++) {
      assertThat(times.get(i)).isEqualTo(i * 33_333L);
      boolean isWhole = coded.get(i).length > 100_000; // and not a difference to another
      assertThat(isWhole).isEqualTo(i % 10 == 0);
    }
    assertThat(returned).hasSize(PICTURES);
    assertThat(TestDevices.mappings()).isEqualTo(mappings);
    assertThat(TestDevices.descriptors()).isEqualTo(descriptors);
  }

  /** The camera's buffer goes into the encoder as it is: what comes out is what a copy gives. */
  @Test
  void aCamerasBufferIsEncodedWhereItIs() {
    long mappings = TestDevices.mappings();
    try (V4l2Device camera = V4l2Device.open(LIBC, TestDevices.vivid(BufferType.CAPTURE));
        V4l2Device importing = V4l2Device.open(LIBC, TestDevices.fwhtEncoder());
        V4l2Device copying = V4l2Device.open(LIBC, TestDevices.fwhtEncoder());
        EncoderQueue imports = prepare(importing, "FWHT");
        EncoderQueue copies = prepare(copying, "FWHT")) {
      V4l2Format format = camera.setFormat(BufferType.CAPTURE, FourCc.of("YU12"), WIDTH, HEIGHT, 0);
      assertThat(format.planes()).isEqualTo(imports.raw().planes());
      try (CaptureQueue queue = CaptureQueue.allocate(camera, format, 4)) {
        imports.reserve();
        copies.reserve();
        imports.startImporting(4);
        copies.startCopying(4);
        queue.start();
        assertThat(queue.await(5000)).isEqualTo(CaptureQueue.Outcome.PICTURE);
        int taken = queue.taken().index();
        int[] dmabuf = {queue.dmabuf(taken, 0).number()};
        imports.queueImported(place(imports), dmabuf, 7);
        drain(imports);
        byte[] bytes = new Pointer(queue.address(taken, 0)).getByteArray(0, PICTURE);
        int place = place(copies);
        new Pointer(copies.inputAddress(place, 0)).write(0, bytes, 0, PICTURE);
        copies.queueCopied(place, 8);
        drain(copies);
        queue.stop();
        queue.releaseAll();
      }
    }
    assertThat(times).containsExactly(7L, 8L);
    assertThat(coded.get(0)).isEqualTo(coded.get(1));
    assertThat(TestDevices.mappings()).isEqualTo(mappings);
  }

  @Test
  void anEncoderWithoutTheCodecIsRefused() {
    try (V4l2Device device = V4l2Device.open(LIBC, TestDevices.fwhtEncoder())) {
      assertThatExceptionOfType(NativeException.class)
          .isThrownBy(() -> prepare(device, "H264"))
          .withMessage("VIDIOC_S_FMT " + device.path() + ": EINVAL (22)");
    }
  }
}
