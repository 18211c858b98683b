package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.CameraPipelineBuilder;
import io.github.raspberryspy.motion.MotionAids;
import io.github.raspberryspy.motion.MotionConfig;
import io.github.raspberryspy.motion.MotionEvent;
import io.github.raspberryspy.motion.MotionListener;
import io.github.raspberryspy.motion.PirFusion;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The motion stage of a camera under test, and what it told. */
public final class MotionEvents implements AutoCloseable {

  private final List<String> told = new CopyOnWriteArrayList<>();
  private final MotionStage stage;

  private MotionEvents(CameraPipelineBuilder builder, PirFusion sensor) {
    MotionListener listener =
        new MotionListener() {
          @Override
          public void began(MotionEvent event) {
            told.add("began " + event.zones());
          }

          @Override
          public void ended(MotionEvent event) {
            told.add("ended " + event.zones());
          }
        };
    MotionAids aids = new MotionAids(Optional.of(sensor), Optional.empty());
    stage = MotionStage.attachTo(builder, "yard", MotionConfig.defaults(), aids, listener);
  }

  /** Puts a stage with a sensor beside a camera. */
  public static MotionEvents of(CameraPipelineBuilder builder, PirFusion sensor) {
    return new MotionEvents(builder, sensor);
  }

  /** Whether a frame was looked at. */
  public boolean hasSeen() {
    return stage.seenUntilNanos().orElse(Long.MIN_VALUE) > Long.MIN_VALUE;
  }

  /** What was told, in order. */
  public List<String> told() {
    return List.copyOf(told);
  }

  @Override
  public void close() {
    stage.close();
  }
}
