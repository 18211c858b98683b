package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.PacketCursor;
import io.github.raspberryspy.camera.encode.PacketWindow;
import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.camera.supervise.PictureWatch;
import io.github.raspberryspy.camera.supervise.SuperviseConfig;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Decoding for sinks beside a recording, with real packets. */
@Timeout(60)
class DecodingTest {

  private static final List<Packet> FILM =
      VideoMaker.with("libx264").frames(10, 100).gop(10).packets();

  private final Counters counters = new Counters();
  private final PacketWindow window = new PacketWindow(1 << 20, false);
  private final List<String> heard = new CopyOnWriteArrayList<>();

  /** Times are told in tenths of a second: numbers of pictures. */
  private Decoding decoding(Consumer<Frame> look, LongSupplier startNanos) {
    FrameSink sink =
        new FrameSink() {
          @Override
          public void onFrame(Frame frame) {
            heard.add("frame at " + frame.captureNanos() / 100_000_000);
            look.accept(frame);
          }

          @Override
          public void onUnseen(long untilNanos) {
            heard.add("unseen until " + untilNanos / 100_000_000);
          }
        };
    Showing showing =
        new Showing(
            "test",
            counters,
            List.of(new WatchedSink(sink)),
            new PictureWatch("test", SuperviseConfig.defaults()),
            false);
    showing.announce(
        new StreamInfo(true, true, 64, 48, 10, Optional.empty(), List.of()),
        new RunThreads("test"),
        problem -> {});
    return new Decoding("test", counters, showing, true, startNanos);
  }

  private void assertEachIsCountedOnce(long packets) {
    assertThat(counters.get(Counter.FRAMES_DECODED) + counters.get(Counter.FRAMES_NOT_DECODED))
        .isEqualTo(packets);
  }

  @Test
  void ofABacklogThatNobodyNeedsAnyMoreNothingIsDecodedAndThatIsTold() {
    AtomicReference<Decoding> decoding = new AtomicReference<>();
    decoding.set(
        decoding(
            frame -> {
              if (frame.captureNanos() >= 1_000_000_000) {
                decoding.get().endBy(System.nanoTime());
              }
            },
            () -> 0));
    PacketCursor cursor = window.openCursor();
    FILM.forEach(window::append);
    window.close();
    decoding.get().run(cursor);
    assertThat(counters.get(Counter.FRAMES_DECODED)).isBetween(11L, 15L);
    assertThat(heard).contains("frame at 10").endsWith("unseen until 100");
    assertEachIsCountedOnce(100);
  }

  @Test
  void whatWasMissedIsTold() {
    PacketWindow small = new PacketWindow(1, false);
    PacketCursor cursor = small.openCursor();
    FILM.subList(5, 35).forEach(small::append); // it keeps the last GOP only
    small.close();
    decoding(frame -> {}, () -> 0).run(cursor);
    assertThat(heard).startsWith("unseen until 30", "frame at 30").endsWith("frame at 34");
    assertEachIsCountedOnce(30);
  }

  @Test
  void aDecoderThatFailsOnEachKeyframeIsLoggedTheFirstSecondFourthAndEighthTime() {
    try (LogLines log = LogLines.of(Decoding.class)) {
      LongSupplier broken =
          () -> {
            throw new CameraException(CameraException.Kind.BUG, "no decoder works here");
          };
      PacketCursor cursor = window.openCursor();
      FILM.forEach(window::append);
      window.close();
      decoding(frame -> {}, broken).run(cursor);
      assertThat(log.lines()).filteredOn(line -> line.contains("next keyframe on")).hasSize(4);
    }
    assertThat(counters.get(Counter.DECODER_FAILURES)).isEqualTo(10);
  }
}
