package io.github.raspberryspy.camera.internal;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.javacpp.Loader;

/** Loads FFmpeg, once, with whichever of its builds lies on the class path. */
public final class Natives {

  private static final String EXTENSION = "org.bytedeco.javacpp.platform.extension";

  static {
    preferGplBuild();
    try {
      Loader.load(avutil.class);
      Loader.load(avcodec.class);
      Loader.load(avformat.class);
      Loader.load(swscale.class);
    } catch (UnsatisfiedLinkError e) {
      throw new CameraException(
          Kind.BUG,
          "FFmpeg's libraries for "
              + Loader.Detector.getPlatform()
              + " cannot be loaded: "
              + rootOf(e).getMessage(),
          e);
    }
    avutil.av_log_set_level(avutil.AV_LOG_QUIET);
  }

  private Natives() {}

  /** Does nothing but make sure that the libraries are there. */
  public static void load() {
    // The static initialiser has done it.
  }

  /**
   * The class path holds FFmpeg's plain (LGPL) build, its {@code -gpl} one with libx264, or both;
   * the loader must be told before it looks.
   */
  private static void preferGplBuild() {
    String gpl = "/org/bytedeco/ffmpeg/" + Loader.Detector.getPlatform() + "-gpl/";
    String probe = gpl + System.mapLibraryName("jniavutil");
    if (System.getProperty(EXTENSION) == null && avutil.class.getResource(probe) != null) {
      System.setProperty(EXTENSION, "-gpl");
    }
  }

  private static Throwable rootOf(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
