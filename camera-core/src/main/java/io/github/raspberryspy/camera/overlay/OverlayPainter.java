package io.github.raspberryspy.camera.overlay;

import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.segments.Box;
import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.Polygon;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/**
 * Burns an overlay into pictures of one size, format I420 or NV12, in memory that is the caller's
 * own. For one thread.
 */
public final class OverlayPainter {

  /** With the offset from UTC, so that no hour is there twice when summer ends. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss xxx", Locale.ROOT);

  private static final String UNSURE = " ?";
  private static final int TIME_LETTERS = "2026-11-23 14:00:05 +01:00 ?".length();

  private final OverlayConfig config;
  private final ZoneId zone;
  private Canvas canvas; // for the size, format and range of the latest picture

  /** A painter that writes times as they are in this zone. */
  public OverlayPainter(OverlayConfig config, ZoneId zone) {
    this.config = config;
    this.zone = zone;
  }

  /**
   * Paints.
   *
   * @param into writable, of format I420 or NV12
   * @param time when it was filmed
   * @param clock whether that can be trusted: a question mark behind it says that it cannot
   */
  public void paint(AVFrame into, Instant time, ClockState clock) {
    if (canvas == null || !canvas.fits(into)) {
      canvas = new Canvas(config, into);
    }
    canvas.label(time.getEpochSecond(), () -> lines(time, clock));
    canvas.paint(into);
  }

  private List<String> lines(Instant time, ClockState clock) {
    List<String> lines = new ArrayList<>();
    if (config.time()) {
      lines.add(TIME.format(time.atZone(zone)) + (clock == ClockState.UNSYNCED ? UNSURE : ""));
    }
    if (!config.text().isEmpty()) {
      lines.add(config.text());
    }
    return lines;
  }

  /** What is painted into pictures of one kind, ready to be copied row by row. */
  private static final class Canvas {

    /** Whole pixels, even on every side, so that no chroma of the outside is touched or left. */
    private record Area(int x, int y, int width, int height) {
      static Area around(Box box, int pictureWidth, int pictureHeight) {
        int left = (int) Math.floor(box.x() * pictureWidth) & ~1;
        int top = (int) Math.floor(box.y() * pictureHeight) & ~1;
        int right = (int) Math.ceil((box.x() + box.width()) * pictureWidth) + 1 & ~1;
        int bottom = (int) Math.ceil((box.y() + box.height()) * pictureHeight) + 1 & ~1;
        return new Area(
            left, top, Math.min(pictureWidth, right) - left, Math.min(pictureHeight, bottom) - top);
      }

      /** Two rows at a time; those that reach equally far are one. */
      static List<Area> of(Polygon shape, int pictureWidth, int pictureHeight) {
        List<Area> areas = new ArrayList<>();
        for (int top = 0; top < pictureHeight; top += 2) {
          int rows = Math.min(2, pictureHeight - top);
          double from = (double) top / pictureHeight;
          double to = (double) (top + rows) / pictureHeight;
          for (double[] extent : shape.extents(from, to)) {
            int left = (int) Math.floor(extent[0] * pictureWidth) & ~1;
            int right = (int) Math.ceil(extent[1] * pictureWidth) + 1 & ~1;
            Area area = new Area(left, top, Math.min(pictureWidth, right) - left, rows);
            Area above = areas.isEmpty() ? area : areas.get(areas.size() - 1);
            if (above.x == left && above.width == area.width && above.y + above.height == top) {
              areas.set(
                  areas.size() - 1, new Area(left, above.y, above.width, above.height + rows));
            } else {
              areas.add(area);
            }
          }
        }
        return areas;
      }
    }

    private final int width;
    private final int height;
    private final PixelFormat format;
    private final boolean isFullRange;
    private final List<Area> masks = new ArrayList<>();
    private final List<Area> chromaMasks; // the same in pixels of the other planes
    private final byte[] black;
    private final byte[] grey;
    private final Label label;
    private final List<Area> labelChroma;
    private long labelled = Long.MIN_VALUE;

    Canvas(OverlayConfig config, AVFrame like) {
      width = like.width();
      height = like.height();
      format = PixelFormat.of(like.format()).orElseThrow();
      if (format != PixelFormat.I420 && format != PixelFormat.NV12) {
        throw new IllegalArgumentException("nothing can be painted into pictures of " + format);
      }
      isFullRange = isFullRange(like);
      config.masks().forEach(box -> masks.add(Area.around(box, width, height)));
      config.shapes().forEach(shape -> masks.addAll(Area.of(shape, width, height)));
      chromaMasks = masks.stream().map(this::inChroma).toList();
      black = new byte[width];
      Arrays.fill(black, (byte) (isFullRange ? 0 : 16));
      grey = new byte[format.rowBytes(1, width)];
      Arrays.fill(grey, (byte) 128);
      int lines = (config.time() ? 1 : 0) + (config.text().isEmpty() ? 0 : 1);
      int letters = Math.max(config.time() ? TIME_LETTERS : 0, config.text().length());
      label = lines == 0 ? null : new Label(lines, letters, width, height, isFullRange);
      labelChroma =
          label == null
              ? List.of()
              : List.of(inChroma(new Area(0, 0, label.width(), label.height())));
    }

    boolean fits(AVFrame frame) {
      return frame.width() == width
          && frame.height() == height
          && PixelFormat.of(frame.format()).orElse(null) == format
          && isFullRange(frame) == isFullRange;
    }

    void label(long second, Supplier<List<String>> lines) {
      if (label != null && second != labelled) {
        label.draw(lines.get());
        labelled = second;
      }
    }

    void paint(AVFrame into) {
      fill(into, 0, masks, black);
      fillChroma(into, chromaMasks);
      if (label != null) {
        try (BytePointer plane = into.data(0)) {
          for (int row = 0; row < label.height(); row++) {
            plane
                .position((long) row * into.linesize(0))
                .put(label.luma(), row * label.width(), label.width());
          }
        }
        fillChroma(into, labelChroma);
      }
    }

    /** Bytes of the chroma planes that an area takes. */
    private Area inChroma(Area area) {
      Area half = new Area(area.x / 2, area.y / 2, (area.width + 1) / 2, (area.height + 1) / 2);
      return format == PixelFormat.NV12
          ? new Area(half.x * 2, half.y, half.width * 2, half.height)
          : half;
    }

    private void fillChroma(AVFrame into, List<Area> areas) {
      for (int plane = 1; plane < format.planes(); plane++) {
        fill(into, plane, areas, grey);
      }
    }

    private static void fill(AVFrame into, int plane, List<Area> areas, byte[] with) {
      if (areas.isEmpty()) {
        return;
      }
      int stride = into.linesize(plane);
      try (BytePointer bytes = into.data(plane)) {
        for (Area area : areas) {
          for (int row = area.y; row < area.y + area.height; row++) {
            bytes.position((long) row * stride + area.x).put(with, 0, area.width);
          }
        }
      }
    }

    private static boolean isFullRange(AVFrame frame) {
      return frame.color_range() == avutil.AVCOL_RANGE_JPEG
          || frame.format() == avutil.AV_PIX_FMT_YUVJ420P;
    }
  }
}
