package io.github.raspberryspy.daemon.analyze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.PixelFormat;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PanelVideoTest {

  @TempDir Path folder;

  @Test
  void aPainterThatFailsKeepsNothing() {
    Path target = folder.resolve("debug.mp4");
    try (FramePool pool = FramePool.allocate(PixelFormat.I420, 64, 48, 1);
        Frame frame = pool.poll().publish(0, 0, 0);
        PanelVideo video = new PanelVideo(target, frame.image(), 10)) {
      for (int i = 0; i < 2; i++) {
        OutOfMemoryError error = new OutOfMemoryError("made up");
        assertThatThrownBy(
                () ->
                    video.add(
                        frame.image(),
                        0,
                        panels -> {
                          throw error;
                        }))
            .isSameAs(error);
      }
      video.add(frame.image(), 0, panels -> assertThat(panels).hasSize(4));
      video.finish();
    }
    assertThat(target).isNotEmptyFile();
  }

  @Test
  void whatWasNotFinishedLeavesNoFile() {
    try (FramePool pool = FramePool.allocate(PixelFormat.I420, 64, 48, 1);
        Frame frame = pool.poll().publish(0, 0, 0);
        PanelVideo video = new PanelVideo(folder.resolve("debug.mp4"), frame.image(), 10)) {
      video.close();
      video.close();
      assertThat(folder).isEmptyDirectory();
    }
  }
}
