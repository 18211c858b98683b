package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.source.StreamInfo;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class WatchedSinkTest {

  @RegisterExtension final FrameLeakExtension leaks = new FrameLeakExtension();

  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final List<String> heard = new CopyOnWriteArrayList<>();

  private final WatchedSink sink =
      new WatchedSink(
          new FrameSink() {
            @Override
            public void onFrame(Frame frame) {
              heard.add("frame of width " + frame.image().width());
            }

            @Override
            public void onStream(StreamInfo info) {
              entered.countDown();
              ScriptedSource.await(released);
              heard.add("stream of width " + info.width());
            }
          });

  private WatchedSink.Run run(int width) {
    WatchedSink.Run run =
        new WatchedSink.Run(
            new StreamInfo(false, true, width, 48, 10, Optional.empty(), List.of()));
    sink.begin(run);
    return run;
  }

  /** It was in a call about the stream before when the next one began. */
  @Test
  void aSinkThatComesBackHearsOfTheStreamThatItMissedBeforeItIsShownAFrameOfIt() throws Exception {
    FramePool pool = FramePool.allocate(PixelFormat.I420, 128, 48, 1);
    leaks.watch(pool);
    WatchedSink.Run before = run(64);
    Thread first = new Thread(() -> sink.announce(before), "stream-test");
    first.start();
    entered.await();
    WatchedSink.Run run = run(128);
    sink.announce(run);
    released.countDown();
    first.join();
    for (int i = 0; i < 2; i++) {
      try (Frame frame = pool.poll().publish(i, 0, 0)) {
        sink.show(run, frame);
      }
    }
    assertThat(heard)
        .containsExactly(
            "stream of width 64",
            "stream of width 128",
            "frame of width 128",
            "frame of width 128");
  }
}
