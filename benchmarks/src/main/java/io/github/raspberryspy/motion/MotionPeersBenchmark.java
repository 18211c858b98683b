package io.github.raspberryspy.motion;

import io.github.raspberryspy.camera.Frame;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.global.opencv_video;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.MatVector;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.opencv.opencv_video.BackgroundSubtractor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What others do with a luma plane, by the same OpenCV on one thread, over the same pictures as
 * {@link MotionBenchmark}: reading it once is the machine's own limit.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:TieredStopAtLevel=1", "-XX:+UseShenandoahGC", "-Xmx64m"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MotionPeersBenchmark {

  private static final long FRAME_NANOS = 33_333_333;
  private static final double THRESHOLD = 25;

  @Param({"640x480", "1280x720", "1920x1080", "3840x2160"})
  private String size;

  private final Size blur = new Size(21, 21);
  private final Mat before = new Mat();
  private final Mat now = new Mat();
  private final Mat mask = new Mat();
  private final Mat kernel = new Mat();
  private WatchedPictures pictures;
  private BackgroundSubtractor mog2;
  private BackgroundSubtractor knn;

  /** Draws the pictures. */
  @Setup
  public void open() {
    Loader.load(opencv_video.class);
    opencv_core.setNumThreads(1);
    pictures = new WatchedPictures(size, true);
    mog2 = opencv_video.createBackgroundSubtractorMOG2();
    knn = opencv_video.createBackgroundSubtractorKNN();
    withPlane(
        plane -> {
          plane.copyTo(before);
          return 0;
        });
  }

  /** Gives their memory back. */
  @TearDown
  public void close() {
    mog2.close();
    knn.close();
    pictures.close();
  }

  /** Reading each pixel once, and nothing else. */
  @Benchmark
  public double readOnce() {
    return withPlane(
        plane -> {
          try (Scalar sum = opencv_core.sumElems(plane)) {
            return sum.get();
          }
        });
  }

  /** The least that a frame differencer on full pictures does. */
  @Benchmark
  public double absdiffThresholdCount() {
    return withPlane(
        plane -> {
          opencv_core.absdiff(plane, before, mask);
          opencv_imgproc.threshold(mask, mask, THRESHOLD, 255, opencv_imgproc.THRESH_BINARY);
          return opencv_core.countNonZero(mask);
        });
  }

  /** What tutorials do. */
  @Benchmark
  public double blurDiffDilateContours() {
    return withPlane(
        plane -> {
          opencv_imgproc.GaussianBlur(plane, now, blur, 0);
          opencv_core.absdiff(now, before, mask);
          now.copyTo(before);
          opencv_imgproc.threshold(mask, mask, THRESHOLD, 255, opencv_imgproc.THRESH_BINARY);
          opencv_imgproc.dilate(mask, mask, kernel);
          opencv_imgproc.dilate(mask, mask, kernel);
          try (MatVector contours = new MatVector()) {
            opencv_imgproc.findContours(
                mask, contours, opencv_imgproc.RETR_EXTERNAL, opencv_imgproc.CHAIN_APPROX_SIMPLE);
            return contours.size();
          }
        });
  }

  /** A mixture of Gaussians for each pixel. */
  @Benchmark
  public double mog2() {
    return subtract(mog2);
  }

  /** The nearest neighbours of each pixel. */
  @Benchmark
  public double knn() {
    return subtract(knn);
  }

  private double subtract(BackgroundSubtractor subtractor) {
    return withPlane(
        plane -> {
          subtractor.apply(plane, mask);
          return opencv_core.countNonZero(mask);
        });
  }

  private double withPlane(Work work) {
    try (Frame frame = pictures.next(FRAME_NANOS);
        BytePointer data = frame.image().avFrame().data(0);
        Mat plane =
            new Mat(
                pictures.height(),
                pictures.width(),
                opencv_core.CV_8UC1,
                data,
                pictures.stride())) {
      return work.on(plane);
    } finally {
      pictures.reclaim();
    }
  }

  /** What is done with a plane. */
  private interface Work {
    double on(Mat plane);
  }
}
