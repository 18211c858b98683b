package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.natives.libcamera.LibcameraDevice;
import java.util.List;
import java.util.Optional;

/**
 * What {@code libcamera://0?size=&fps=&lores=&format=…} asks for.
 *
 * @param uri the address
 * @param camera number, id, or part of a name
 * @param width pixels across
 * @param height pixels down
 * @param fps frames per second
 * @param pixels how they are to lie in memory
 * @param ask the same in libcamera's terms
 * @param keys what else is to be set
 */
record LibcameraRequest(
    SourceUri uri,
    String camera,
    int width,
    int height,
    double fps,
    PixelFormat pixels,
    LibcameraDevice.Ask ask,
    LibcameraKeys keys) {

  /** A pixel format by its name in addresses and by DRM's code. */
  private record Format(String name, PixelFormat pixels, String fourcc) {}

  // DRM names the bytes of RGB from the highest to the lowest, FFmpeg and addresses as they lie.
  private static final List<Format> FORMATS =
      List.of(
          new Format("yuv420", PixelFormat.I420, "YU12"),
          new Format("nv12", PixelFormat.NV12, "NV12"),
          new Format("yuyv", PixelFormat.YUYV, "YUYV"),
          new Format("grey", PixelFormat.GRAY8, "R8  "),
          new Format("rgb24", PixelFormat.RGB24, "BG24"),
          new Format("bgr24", PixelFormat.BGR24, "RG24"));

  /**
   * Reads an address.
   *
   * @throws io.github.raspberryspy.camera.CameraException of kind INVALID, for an unknown key or a
   *     value out of range
   */
  static LibcameraRequest of(SourceUri uri) {
    uri.requireOnly(LibcameraKeys.and("size", "fps", "lores", "format", "buffers", "rotation"));
    int[] size = uri.size("size", "1280x720", 16, 9152);
    double fps = uri.decimal("fps", 30, 0.1, 240);
    String name =
        LibcameraKeys.oneOf(uri, "format", "yuv420", FORMATS.stream().map(Format::name).toList());
    Format format = FORMATS.stream().filter(f -> f.name().equals(name)).findFirst().orElseThrow();
    Optional<LibcameraDevice.StreamAsk> lores = Optional.empty();
    if (!uri.text("lores", "").isEmpty()) {
      int[] small = uri.size("lores", "", 16, 9152);
      lores = Optional.of(stream(small, "YU12"));
    }
    int rotation =
        Integer.parseInt(
            LibcameraKeys.oneOf(uri, "rotation", "0", List.of("0", "90", "180", "270")));
    return new LibcameraRequest(
        uri,
        LibcameraKeys.camera(uri),
        size[0],
        size[1],
        fps,
        format.pixels(),
        new LibcameraDevice.Ask(
            stream(size, format.fourcc()), lores, uri.integer("buffers", 12, 3, 32), rotation),
        LibcameraKeys.forControls(uri));
  }

  /** How long a picture is exposed, where the address says. */
  long exposureNanos() {
    return 1000L * uri.integer("exposure", 0, 0, Integer.MAX_VALUE);
  }

  private static LibcameraDevice.StreamAsk stream(int[] size, String fourcc) {
    return new LibcameraDevice.StreamAsk(size[0], size[1], LibcameraDevice.fourcc(fourcc));
  }
}
