package io.github.raspberryspy.motion;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;

/** Loads the two libraries of OpenCV that are used, once, and keeps them to the calling thread. */
final class Natives {

  static {
    Loader.load(opencv_core.class);
    Loader.load(opencv_imgproc.class);
    // It would divide its work among threads, and wake them up for a few microseconds of it.
    opencv_core.setNumThreads(1);
  }

  private Natives() {}

  /** Makes sure that they are there. */
  static void load() {
    // The static initialiser does it.
  }
}
