package io.github.raspberryspy.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.Image;
import io.github.raspberryspy.camera.PixelFormat;
import org.bytedeco.javacpp.indexer.UByteIndexer;
import org.bytedeco.javacv.OpenCVFrameConverter;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The views lie over the frame's own memory, and hold it exactly as long as they are open. */
class BridgeTest {

  private static final int WIDTH = 50;
  private static final int HEIGHT = 38;

  private FramePool pool;

  @AfterEach
  void everySlotIsBack() {
    assertThat(pool.outstanding()).isZero();
    pool.close();
  }

  /** A frame whose luma at (x, y) is x + 2y; owned by the caller. */
  private Frame frame(PixelFormat format) {
    pool = FramePool.allocate(format, WIDTH, HEIGHT, 1);
    FrameSlot slot = pool.poll();
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        long at =
            (long) y * slot.avFrame().linesize(0)
                + (long) x * format.lumaStep()
                + format.lumaOffset();
        slot.avFrame().data(0).put(at, (byte) (x + 2 * y));
      }
    }
    return slot.publish(7, 1_234_567, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "I420, 3, 1, 1",
    "NV12, 2, 1, 2",
    "I422, 3, 1, 1",
    "I444, 3, 1, 1",
    "YUYV, 1, 2, 0",
    "GRAY8, 1, 1, 0",
    "BGR24, 1, 3, 0"
  })
  void aMatrixHasTheAddressOfItsPlane(
      PixelFormat format, int planes, int lumaChannels, int chromaChannels) {
    try (Frame frame = frame(format);
        MatView view = MatView.of(frame)) {
      Image image = frame.image();
      for (int plane = 0; plane < planes; plane++) {
        Mat mat = view.plane(plane);
        assertThat(mat.data().address()).isEqualTo(image.address(plane));
        assertThat(mat.step()).isEqualTo(image.stride(plane));
        assertThat(mat.rows()).isEqualTo(format.rows(plane, HEIGHT));
        assertThat((long) mat.cols() * mat.elemSize()).isEqualTo(format.rowBytes(plane, WIDTH));
        assertThat(mat.channels()).isEqualTo(plane == 0 ? lumaChannels : chromaChannels);
      }
      assertThat(view.frame().number()).isEqualTo(7);
    }
  }

  @Test
  void whatOpencvReadsIsWhatTheCameraWrote() {
    try (Frame frame = frame(PixelFormat.I420);
        MatView view = MatView.of(frame);
        UByteIndexer pixels = view.luma().createIndexer()) {
      assertThat(pixels.get(10, 20)).isEqualTo(20 + 2 * 10);
      double sum = opencv_core.sumElems(view.luma()).get(0);
      double expected = 0;
      for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
          expected += x + 2 * y;
        }
      }
      assertThat(sum).isEqualTo(expected);
    }
  }

  @Test
  void aMatrixHoldsItsFrameUntilTheViewIsClosed() {
    Frame frame = frame(PixelFormat.I420);
    MatView view = MatView.of(frame);
    frame.close();
    assertThat(pool.outstanding()).isEqualTo(1);
    Mat luma = view.luma();
    assertThat(luma.rows()).isEqualTo(HEIGHT);
    view.close();
    view.close();
    assertThat(pool.outstanding()).isZero();
    assertThatIllegalStateException().isThrownBy(view::luma).withMessageContaining("closed");
    assertThatIllegalStateException().isThrownBy(view::frame);
    assertThat(luma.isNull()).isTrue();
    assertThatThrownBy(() -> opencv_core.sumElems(luma)).isInstanceOf(RuntimeException.class);
  }

  @Test
  void aClosedFrameHasNoView() {
    Frame frame = frame(PixelFormat.I420);
    frame.close();
    assertThatIllegalStateException().isThrownBy(() -> MatView.of(frame));
    assertThatIllegalStateException().isThrownBy(() -> JavacvView.of(frame));
  }

  @ParameterizedTest
  @CsvSource({"I420, 1", "NV12, 1", "YUYV, 2", "GRAY8, 1", "BGR24, 3"})
  void javacvSeesTheSameMemory(PixelFormat format, int channels) {
    try (Frame frame = frame(format);
        JavacvView view = JavacvView.of(frame);
        OpenCVFrameConverter.ToMat converter = new OpenCVFrameConverter.ToMat()) {
      org.bytedeco.javacv.Frame seen = view.frame();
      assertThat(seen.timestamp).isEqualTo(1_234_567);
      assertThat(seen.imageChannels).isEqualTo(channels);
      assertThat(seen.imageStride).isEqualTo(frame.image().stride(0));
      Mat mat = converter.convert(seen);
      assertThat(mat.data().address()).isEqualTo(frame.image().address(0));
      assertThat(mat.cols()).isEqualTo(WIDTH);
      try (UByteIndexer pixels = seen.createIndexer()) {
        assertThat(pixels.get(10, 20, format.lumaOffset())).isEqualTo(20 + 2 * 10);
      }
    }
  }

  @Test
  void javacvsFrameIsEmptyOnceTheViewIsClosed() {
    Frame frame = frame(PixelFormat.I420);
    JavacvView view = JavacvView.of(frame);
    frame.close();
    org.bytedeco.javacv.Frame seen = view.frame();
    assertThat(pool.outstanding()).isEqualTo(1);
    view.close();
    view.close();
    assertThat(pool.outstanding()).isZero();
    assertThat(seen.image).isNull();
    assertThatIllegalStateException().isThrownBy(view::frame).withMessageContaining("closed");
  }
}
