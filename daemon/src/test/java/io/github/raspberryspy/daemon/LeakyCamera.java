package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.record.RecorderConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A program whose sink keeps something for each frame, once two seconds are recorded. */
final class LeakyCamera {

  private static final List<byte[]> KEPT = new ArrayList<>();

  private LeakyCamera() {}

  /** Records the test pattern into the folder that is named, until memory is full. */
  public static void main(String[] args) throws InterruptedException {
    CameraPipeline[] running = new CameraPipeline[1];
    try (CameraPipeline camera =
        CameraPipeline.builder()
            .source("test://?size=160x120&fps=30")
            .record(RecorderConfig.into(Path.of(args[0])).segment(Duration.ofHours(1)))
            .sink(
                frame -> {
                  if (running[0] != null
                      && running[0].counters().get(Counter.FRAMES_RECORDED) > 60) {
                    KEPT.add(new byte[1 << 20]);
                  }
                })
            .retries(true)
            .start()) {
      running[0] = camera;
      camera.awaitStop();
    }
  }
}
