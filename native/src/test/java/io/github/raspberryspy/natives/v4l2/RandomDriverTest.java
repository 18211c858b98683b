package io.github.raspberryspy.natives.v4l2;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Pointer;
import io.github.raspberryspy.natives.libc.NativeException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A driver that answers with whatever comes to its mind. It is refused in a {@link NativeException}
 * or believed, and what is believed lies within what was mapped.
 */
@Timeout(600)
class RandomDriverTest {

  private static final int ROUNDS = Integer.getInteger("raspberryspy.fuzz.rounds", 3_000);
  private static final int MAPPED = 1 << 20;

  private final Random random = new Random(81);

  /** Fills each answer with random bytes, small numbers among them, and refuses some requests. */
  private final class RandomDriver extends FakeCamera {
    private final BufferType type;
    private int mappings;
    private int descriptors;

    RandomDriver(BufferType type) {
      super(type, "YUYV");
      this.type = type;
    }

    @Override
    public synchronized int ioctl(int fd, long number, Pointer argument) {
      if (random.nextInt(60) == 0) {
        return super.ioctl(fd, -1, argument); // refused
      }
      for (Request request : Request.values()) {
        if (request.number() == number) {
          answer(request, argument, (int) (number >> 16) & 0x3fff);
        }
      }
      return 0;
    }

    private void answer(Request request, Pointer argument, int bytes) {
      boolean isBuffer =
          request == Request.VIDIOC_QUERYBUF
              || request == Request.VIDIOC_QBUF
              || request == Request.VIDIOC_DQBUF;
      V4l2Layout layout = V4l2Layout.HERE;
      if (isBuffer && type.isMultiPlanar()) {
        int planes = argument.getInt(layout.bufferLength());
        scribble(argument.getPointer(layout.bufferUnion()), planes * layout.planeSize());
      } else if (request != Request.VIDIOC_G_EXT_CTRLS && request != Request.VIDIOC_S_EXT_CTRLS) {
        scribble(argument, bytes);
      }
      if (random.nextInt(8) != 0) {
        soften(request, argument, isBuffer);
      }
    }

    /** Mostly an answer is plausible at first sight, or nothing would ever come to be looked at. */
    private void soften(Request request, Pointer argument, boolean isBuffer) {
      V4l2Layout layout = V4l2Layout.HERE;
      if (request == Request.VIDIOC_REQBUFS) {
        argument.setInt(V4l2Layout.RequestBuffers.COUNT, 1 + random.nextInt(6));
      } else if (request == Request.VIDIOC_S_FMT) {
        long planes = (long) layout.formatUnion() + V4l2Layout.PixMplane.NUM_PLANES;
        argument.setByte(planes, (byte) (1 + random.nextInt(8)));
      } else if (isBuffer) {
        argument.setInt(V4l2Layout.Buffer.INDEX, random.nextInt(3));
        if (type.isMultiPlanar()) {
          for (int i = 0; i < argument.getInt(layout.bufferLength()); i++) {
            Pointer plane =
                argument.getPointer(layout.bufferUnion()).share((long) i * layout.planeSize());
            plane.setInt(V4l2Layout.Plane.LENGTH, 1 + random.nextInt(MAPPED));
          }
        } else {
          argument.setInt(layout.bufferLength(), 1 + random.nextInt(MAPPED));
        }
      }
    }

    private void scribble(Pointer memory, int bytes) {
      for (int at = 0; at + 4 <= bytes; at += 4) {
        int value =
            switch (random.nextInt(4)) {
              case 0 -> random.nextInt();
              case 1 -> random.nextInt(16);
              case 2 -> random.nextInt(MAPPED + 2);
              default -> 1 << random.nextInt(32);
            };
        memory.setInt(at, value);
      }
    }

    @Override
    public synchronized int open(String path, int flags) {
      descriptors++;
      return 100;
    }

    @Override
    public synchronized int eventfd(int initial, int flags) {
      descriptors++;
      return 101;
    }

    @Override
    public synchronized int close(int fd) {
      descriptors--;
      return 0;
    }

    @Override
    public synchronized long mmap(long bytes, int protection, int flags, int fd, long offset) {
      if (bytes < 1 || bytes > MAPPED) {
        super.ioctl(fd, -1, Pointer.NULL);
        return -1;
      }
      mappings++;
      return 0x10000;
    }

    @Override
    public synchronized int munmap(long address, long bytes) {
      mappings--;
      return 0;
    }

    @Override
    public synchronized int poll(Pointer entries, int count, int timeoutMillis) {
      entries.setShort(6, (short) random.nextInt(32));
      entries.setShort(14, (short) 0);
      return 1;
    }
  }

  @Test
  void nothingIsBelievedThatCannotBe() {
    int pictures = 0;
    int refusals = 0;
    for (int round = 0; round < ROUNDS; round++) {
      BufferType type = round % 2 == 0 ? BufferType.CAPTURE : BufferType.CAPTURE_MPLANE;
      RandomDriver driver = new RandomDriver(type);
      try (V4l2Device device = V4l2Device.open(driver, "/dev/video0")) {
        device.capabilities().captureType();
        device.offers().intervals(FourCc.of("YUYV"), 64, 36).forEach(Interval::fps);
        device.offers().sizes(FourCc.of("YUYV")).forEach(s -> s.contains(64, 36));
        device.setInterval(type, Interval.ofFps(30));
        V4l2Format format = device.setFormat(type, FourCc.of("YUYV"), 64, 36, 0);
        assertThat(format.planes()).isNotEmpty();
        pictures += pictures(device, format);
      } catch (NativeException e) {
        refusals++;
      }
      assertThat(driver.mappings).isZero();
      assertThat(driver.descriptors).isZero();
    }
    assertThat(pictures).isPositive();
    assertThat(refusals).isPositive();
  }

  private static int pictures(V4l2Device device, V4l2Format format) {
    int pictures = 0;
    CaptureQueue queue = CaptureQueue.allocate(device, format, 4);
    try {
      queue.start();
      for (int i = 0; i < 20; i++) {
        if (queue.await(0) == CaptureQueue.Outcome.PICTURE && !queue.taken().isDamaged()) {
          V4l2Buffer taken = queue.taken();
          for (int plane = 0; plane < format.planes().size(); plane++) {
            int offset = taken.dataOffset(plane);
            int used = taken.bytesUsed(plane);
            assertThat(offset).isBetween(0, used - 1);
            assertThat(used).isLessThanOrEqualTo(queue.length(taken.index(), plane));
          }
          pictures++;
          queue.requeue(taken.index());
        }
      }
    } finally {
      queue.close();
      queue.releaseAll();
    }
    return pictures;
  }

  /** A driver that goes round in its list of controls, or that names a heading without end. */
  @Test
  void aListThatNeverEndsIsCut() {
    int[] asked = new int[1];
    FakeCamera endless =
        new FakeCamera(BufferType.CAPTURE, "YUYV") {
          @Override
          public synchronized int ioctl(int fd, long number, Pointer argument) {
            if (number != Request.VIDIOC_QUERY_EXT_CTRL.number()) {
              return super.ioctl(fd, number, argument);
            }
            if (asked[0]++ > 100_000) {
              throw new AssertionError("still asking");
            }
            argument.setInt(V4l2Layout.QueryControl.ID, 0x00980001);
            argument.setInt(V4l2Layout.QueryControl.TYPE, 6); // a heading
            return 0;
          }
        };
    try (V4l2Device device = V4l2Device.open(endless, "/dev/video0")) {
      assertThat(device.controls().list()).isEmpty();
    }
  }
}
