package io.github.raspberryspy.natives.v4l2;

import com.sun.jna.Memory;
import io.github.raspberryspy.natives.libc.Descriptor;
import io.github.raspberryspy.natives.libc.NativeException;
import io.github.raspberryspy.natives.v4l2.V4l2Layout.FormatDescription;
import io.github.raspberryspy.natives.v4l2.V4l2Layout.FrameIntervals;
import io.github.raspberryspy.natives.v4l2.V4l2Layout.FrameSizes;
import java.util.ArrayList;
import java.util.List;

/** What an open device offers. Lists end where the device says so; a device may know no rates. */
public final class V4l2Offers {

  private static final int DISCRETE = 1;
  private static final int MOST = 1000; // of a list of a device that never says that it ends
  private static final int COMPRESSED = 1;

  private final Descriptor descriptor;

  V4l2Offers(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * A format that a device offers.
   *
   * @param pixels its letters
   * @param description the device's words
   * @param isCompressed whether it is a codec's stream
   */
  public record Format(FourCc pixels, String description, boolean isCompressed) {}

  /** The formats of a queue. */
  public List<Format> formats(BufferType type) {
    List<Format> formats = new ArrayList<>();
    try (Memory item = V4l2Device.cleared(FormatDescription.SIZE)) {
      for (int i = 0; i < MOST; i++) {
        item.clear();
        item.setInt(0, i);
        item.setInt(FormatDescription.TYPE, type.number());
        if (isEnd(Request.VIDIOC_ENUM_FMT, item)) {
          break;
        }
        formats.add(
            new Format(
                new FourCc(item.getInt(FormatDescription.PIXEL_FORMAT)),
                V4l2Device.text(
                    item, FormatDescription.DESCRIPTION, FormatDescription.DESCRIPTION_BYTES),
                (item.getInt(FormatDescription.FLAGS) & COMPRESSED) != 0));
      }
    }
    return formats;
  }

  /** The sizes of a format. */
  public List<FrameSize> sizes(FourCc pixels) {
    List<FrameSize> sizes = new ArrayList<>();
    try (Memory item = V4l2Device.cleared(FrameSizes.SIZE)) {
      for (int i = 0; i < MOST; i++) {
        item.clear();
        item.setInt(0, i);
        item.setInt(FrameSizes.PIXEL_FORMAT, pixels.code());
        if (isEnd(Request.VIDIOC_ENUM_FRAMESIZES, item)) {
          break;
        }
        if (item.getInt(FrameSizes.TYPE) != DISCRETE) {
          sizes.add(
              new FrameSize(
                  item.getInt(FrameSizes.MIN_WIDTH),
                  item.getInt(FrameSizes.MAX_WIDTH),
                  item.getInt(FrameSizes.STEP_WIDTH),
                  item.getInt(FrameSizes.MIN_HEIGHT),
                  item.getInt(FrameSizes.MAX_HEIGHT),
                  item.getInt(FrameSizes.STEP_HEIGHT)));
          break; // a range is the only item
        }
        sizes.add(
            FrameSize.discrete(
                item.getInt(FrameSizes.DISCRETE_WIDTH), item.getInt(FrameSizes.DISCRETE_HEIGHT)));
      }
    }
    return sizes;
  }

  /** The intervals of a format at a size; of a range, its two ends. */
  public List<Interval> intervals(FourCc pixels, int width, int height) {
    List<Interval> intervals = new ArrayList<>();
    try (Memory item = V4l2Device.cleared(FrameIntervals.SIZE)) {
      for (int i = 0; i < MOST; i++) {
        item.clear();
        item.setInt(0, i);
        item.setInt(FrameIntervals.PIXEL_FORMAT, pixels.code());
        item.setInt(FrameIntervals.WIDTH, width);
        item.setInt(FrameIntervals.HEIGHT, height);
        if (isEnd(Request.VIDIOC_ENUM_FRAMEINTERVALS, item)) {
          break;
        }
        if (item.getInt(FrameIntervals.TYPE) != DISCRETE) {
          intervals.add(interval(item, FrameIntervals.MIN));
          intervals.add(interval(item, FrameIntervals.MAX));
          break; // a range is the only item
        }
        intervals.add(interval(item, FrameIntervals.DISCRETE));
      }
    }
    return intervals;
  }

  private static Interval interval(Memory item, int at) {
    return new Interval(item.getInt(at), item.getInt(at + Integer.BYTES));
  }

  /** A list ends with EINVAL; what a device cannot list, with ENOTTY. */
  private boolean isEnd(Request request, Memory item) {
    int error = descriptor.tryIoctl(request.number(), item);
    if (V4l2Controls.isRefusal(error)) {
      return true;
    }
    if (error != 0) {
      throw new NativeException(request.name(), descriptor.subject(), error);
    }
    return false;
  }
}
