package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.PipelineListener;
import io.github.raspberryspy.daemon.config.CameraKeys;
import io.github.raspberryspy.daemon.config.Settings;
import io.github.raspberryspy.motion.MotionListener;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.segments.wire.LinkCommand;
import io.github.raspberryspy.segments.wire.LinkMessage.Done;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A camera that is told several things at once. */
class DutiesTest {

  @TempDir Path folder;
  private final CountDownLatch sealing = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private final List<Done> answers = new CopyOnWriteArrayList<>();

  /** One whose segments take as long to seal as the test wants. */
  private final class Slow implements PipelineListener {
    @Override
    public void onSealed(SealedSegment segment) {
      sealing.countDown();
      try {
        mayEnd.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void whatIsUrgentWaitsForNoChange() throws Exception {
    Settings settings =
        Settings.by(
            "a test",
            CameraKeys.ALL,
            Map.of(
                "camera.name", "front",
                "camera.source", "test://?size=160x120&fps=30",
                "spool.folder", folder.toString()));
    FilmingControl control =
        FilmingControl.start(
            Adjustable.of(settings),
            new Filming.Ears(
                new Slow(), MotionListener.NONE, UnaryOperator.identity(), () -> true, () -> {}),
            Spool.at(folder, "front").folder());
    Duties.Parts parts = new Duties.Parts(() -> control, new Uploads(), on -> {}, () -> {});
    try (control;
        Duties duties = new Duties("front", parts, answers::add)) {
      Awaitility.await().until(() -> control.counters().get(Counter.BYTES_RECORDED) > 0);
      duties.accept(new LinkCommand.Stop("stop"));
      sealing.await();
      duties.accept(new LinkCommand.Live("live", true));
      duties.accept(new LinkCommand.Flush("flush", true, "another camera is lost"));
      try {
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> answers.size() == 2);
        assertThat(answers)
            .containsExactly(new Done("live", true, ""), new Done("flush", true, ""));
      } finally {
        mayEnd.countDown();
      }
      Awaitility.await().until(() -> answers.contains(new Done("stop", true, "")));
    }
  }
}
