package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What {@code rpicam://0?size=&fps=&format=…} asks of {@code rpicam-vid}.
 *
 * @param camera which one, counted from 0
 * @param width pixels across
 * @param height pixels down
 * @param fps frames per second
 * @param isEncoded H.264 rather than pixels
 * @param arguments of the program
 */
record RpicamRequest(
    int camera, int width, int height, double fps, boolean isEncoded, List<String> arguments) {

  /** Rows of pixels are padded to this many bytes, which the pipe does not tell. */
  private static final int ROW_BYTES = 64;

  /**
   * Reads an address.
   *
   * @param frames whether pixels are wanted, whatever the address says
   * @throws CameraException of kind INVALID, for an unknown key or a value out of range
   */
  static RpicamRequest of(SourceUri uri, boolean frames) {
    uri.requireOnly(LibcameraKeys.and("size", "fps", "format", "bitrate", "gop", "rotation"));
    int[] size = uri.size("size", "1280x720", 64, 4096);
    double fps = uri.decimal("fps", 30, 1, 240);
    String format = LibcameraKeys.oneOf(uri, "format", "h264", List.of("h264", "yuv420"));
    boolean isEncoded = format.equals("h264") && !frames;
    if (size[0] % 2 != 0 || size[1] % 2 != 0 || (!isEncoded && size[0] % ROW_BYTES != 0)) {
      throw new CameraException(
          Kind.INVALID,
          "source "
              + uri
              + ": key \"size\" is \""
              + size[0]
              + "x"
              + size[1]
              + "\"; allowed are even numbers, and for format yuv420 a width that is a multiple of "
              + ROW_BYTES);
    }
    int camera = camera(uri);
    List<String> arguments = new ArrayList<>();
    add(arguments, "--camera", Integer.toString(camera));
    add(arguments, "--timeout", "0");
    arguments.add("--nopreview");
    arguments.add("--verbose=0"); // otherwise a line for each picture
    arguments.add("--flush");
    add(arguments, "--output", "-");
    add(arguments, "--width", Integer.toString(size[0]));
    add(arguments, "--height", Integer.toString(size[1]));
    add(arguments, "--framerate", String.format(Locale.ROOT, "%.3f", fps));
    add(arguments, "--codec", isEncoded ? "h264" : "yuv420");
    if (isEncoded) {
      double gop = uri.decimal("gop", 1, 0.1, 60);
      arguments.add("--inline");
      add(arguments, "--intra", Long.toString(Math.max(1, Math.round(gop * fps))));
      add(arguments, "--profile", "high");
      add(arguments, "--level", "4.2");
      int bitrate = uri.integer("bitrate", 4_000_000, 100_000, 25_000_000);
      add(arguments, "--bitrate", Integer.toString(bitrate));
    }
    String rotation = LibcameraKeys.oneOf(uri, "rotation", "0", List.of("0", "180"));
    add(arguments, "--rotation", rotation);
    arguments.addAll(LibcameraKeys.forArguments(uri).arguments());
    return new RpicamRequest(camera, size[0], size[1], fps, isEncoded, List.copyOf(arguments));
  }

  private static int camera(SourceUri uri) {
    String text = LibcameraKeys.camera(uri);
    if (!text.matches("[0-9]")) {
      throw new CameraException(
          Kind.INVALID,
          "source "
              + uri
              + " names camera \""
              + text
              + "\"; allowed is its number, from 0 to 9, such as rpicam://0");
    }
    return Integer.parseInt(text);
  }

  private static void add(List<String> arguments, String name, String value) {
    arguments.add(name);
    arguments.add(value);
  }
}
