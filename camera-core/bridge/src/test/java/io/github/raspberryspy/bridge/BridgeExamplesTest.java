package io.github.raspberryspy.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.CameraPipeline;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacv.OpenCVFrameConverter;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.Test;

/** What docs/embedding.md shows of the bridge, as it is compiled and run. */
class BridgeExamplesTest {

  private static final String ADDRESS = "test://?size=160x120&realtime=false&frames=10";

  @Test
  void meanLumaByOpencv() throws Exception {
    AtomicLong bright = new AtomicLong();
    String address = ADDRESS;
    // example: mat
    try (var camera =
        CameraPipeline.builder()
            .source(address)
            .sink(
                frame -> {
                  try (MatView view = MatView.of(frame)) { // holds the frame until it is closed
                    Mat luma = view.luma(); // over the frame's own memory
                    if (opencv_core.mean(luma).get(0) > 32) {
                      bright.incrementAndGet();
                    }
                  }
                })
            .start()) {
      camera.awaitStop();
    }
    // end
    assertThat(bright).hasValue(10);
  }

  @Test
  void javacvConvertsWithoutACopy() throws Exception {
    AtomicLong same = new AtomicLong();
    String address = ADDRESS;
    // example: javacv
    try (var converter = new OpenCVFrameConverter.ToMat();
        var camera =
            CameraPipeline.builder()
                .source(address)
                .sink(
                    frame -> {
                      try (JavacvView view = JavacvView.of(frame)) {
                        Mat luma = converter.convert(view.frame());
                        if (luma.data().address() == frame.image().address(0)) {
                          same.incrementAndGet();
                        }
                      }
                    })
                .start()) {
      camera.awaitStop();
    }
    // end
    assertThat(same).hasValue(10);
  }
}
