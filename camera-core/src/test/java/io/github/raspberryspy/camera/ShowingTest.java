package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;

import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.camera.supervise.PictureWatch;
import io.github.raspberryspy.camera.supervise.SuperviseConfig;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs that follow each other, and one sink that outlasts them. */
@Timeout(60)
class ShowingTest {

  @RegisterExtension final FrameLeakExtension leaks = new FrameLeakExtension();

  private final FramePool pool = FramePool.allocate(PixelFormat.I420, 64, 48, 1);
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final RunThreads threads = new RunThreads("test");
  private final List<WatchedSink> sinks = List.of(new WatchedSink(new Hearer()));
  private final Showing first = showing();
  private final Showing second = showing();

  /** Is held up by the frame whose number is 7. */
  private final class Hearer implements FrameSink {
    @Override
    public void onFrame(Frame frame) {
      heard.add("frame " + frame.number());
      if (frame.number() == 7) {
        entered.countDown();
        ScriptedSource.await(released);
      }
    }

    @Override
    public void onStream(StreamInfo info) {
      heard.add("stream of width " + info.width());
    }

    @Override
    public boolean wantsEveryFrame() {
      heard.add("asked");
      return true;
    }

    @Override
    public void onQuiet(long untilNanos) {
      heard.add("quiet until " + untilNanos);
    }

    @Override
    public void onUnseen(long untilNanos) {
      heard.add("unseen until " + untilNanos);
    }
  }

  private Showing showing() {
    PictureWatch pictures = new PictureWatch("test", SuperviseConfig.defaults());
    return new Showing("test", new Counters(), sinks, pictures, false);
  }

  private void announce(Showing showing, int width) {
    showing.announce(
        new StreamInfo(false, true, width, 48, 10, Optional.empty(), List.of()),
        threads,
        problem -> {});
  }

  private void show(Showing showing, long number) {
    try (Frame frame = pool.poll().publish(number, number, number)) {
      showing.show(frame);
    }
  }

  /** Leaves the sink in a call of the first run while the second is announced. */
  private void beginWhileTheSinkIsHeldUp() throws Exception {
    leaks.watch(pool);
    announce(first, 64);
    Thread held = new Thread(() -> show(first, 7), "decode-test");
    held.start();
    entered.await();
    announce(second, 128);
    released.countDown();
    held.join();
    assertThat(heard).containsExactly("stream of width 64", "frame 7");
    heard.clear();
  }

  @Test
  void onceTheNextRunHasBegunNothingComesOfTheOneBefore() throws Exception {
    beginWhileTheSinkIsHeldUp();
    show(first, 1);
    first.quiet(5);
    assertThat(first.wantsEveryFrame()).isFalse();
    assertThat(heard).isEmpty();
    show(second, 2);
    show(first, 3);
    first.quiet(6);
    assertThat(heard).containsExactly("stream of width 128", "frame 2");
  }

  @Test
  void anErrorOfTheWatchOverThePictureGoesNoFurther() {
    leaks.watch(pool);
    PictureWatch broken = mock(PictureWatch.class);
    doThrow(new LinkageError("made up")).when(broken).look(any());
    Showing showing = new Showing("test", new Counters(), sinks, broken, true);
    announce(showing, 64);
    show(showing, 1);
    show(showing, 2);
    assertThat(heard).containsExactly("stream of width 64", "frame 1", "frame 2");
  }

  /** As where its native library cannot be loaded: whoever is behind it hears all the same. */
  @Test
  void anErrorOfASinkGoesNoFurther() {
    leaks.watch(pool);
    FrameSink broken =
        mock(
            FrameSink.class,
            call -> {
              throw new LinkageError("made up");
            });
    List<WatchedSink> both = List.of(new WatchedSink(broken), sinks.get(0));
    PictureWatch pictures = new PictureWatch("test", SuperviseConfig.defaults());
    Counters counters = new Counters();
    Showing showing = new Showing("test", counters, both, pictures, false);
    announce(showing, 64);
    show(showing, 1);
    showing.quiet(2);
    showing.unseen(3);
    assertThat(showing.wantsEveryFrame()).as("nobody knows").isTrue();
    assertThat(heard)
        .containsExactly("stream of width 64", "frame 1", "quiet until 2", "unseen until 3");
    assertThat(counters.get(Counter.SINK_FAILURES)).isEqualTo(5);
  }

  @Test
  void theStreamIsToldBeforeAQuietMoment() throws Exception {
    beginWhileTheSinkIsHeldUp();
    second.quiet(5);
    second.quiet(6);
    assertThat(heard).containsExactly("stream of width 128", "quiet until 5", "quiet until 6");
  }

  @Test
  void theStreamIsToldBeforeItIsAskedWhatItWants() throws Exception {
    beginWhileTheSinkIsHeldUp();
    assertThat(second.wantsEveryFrame()).isTrue();
    assertThat(heard).containsExactly("stream of width 128", "asked");
  }
}
