package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.PacketCursor;
import io.github.raspberryspy.camera.encode.PacketWindow;
import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.camera.supervise.PictureWatch;
import io.github.raspberryspy.camera.supervise.SuperviseConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decoding for sinks beside a recording, with real packets. */
@Timeout(60)
class DecodingTest {

  private static final List<Packet> FILM =
      VideoMaker.with("libx264").frames(10, 100).gop(10).packets();

  @RegisterExtension final FrameLeakExtension leaks = new FrameLeakExtension();

  private final Counters counters = new Counters();
  private final PacketWindow window = new PacketWindow(1 << 20, false);
  private final List<String> heard = new CopyOnWriteArrayList<>();

  /** Times are told in tenths of a second: numbers of pictures. */
  private Decoding decoding(Consumer<Frame> look, LongSupplier startNanos) {
    return decoding(look, () -> true, startNanos);
  }

  private Decoding decoding(Consumer<Frame> look, BooleanSupplier wants, LongSupplier startNanos) {
    FrameSink sink =
        new FrameSink() {
          @Override
          public void onFrame(Frame frame) {
            heard.add("frame at " + frame.captureNanos() / 100_000_000);
            look.accept(frame);
          }

          @Override
          public boolean wantsEveryFrame() {
            return wants.getAsBoolean();
          }

          @Override
          public void onQuiet(long untilNanos) {
            heard.add("quiet until " + untilNanos / 100_000_000);
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

  /** The last moments before somebody pulls the plug of a camera before which nothing moved. */
  @Test
  void whatIsStillHeldWhenNobodyNeedsItAnyMoreIsToldAsUnseen() {
    List<Packet> still = still(57);
    AtomicReference<Decoding> decoding = new AtomicReference<>();
    AtomicInteger asked = new AtomicInteger();
    decoding.set(
        decoding(
            frame -> {},
            () -> {
              if (asked.incrementAndGet() == still.size()) {
                decoding.get().endBy(System.nanoTime()); // before the last packet is held as well
              }
              return false;
            },
            () -> 0));
    PacketCursor cursor = window.openCursor();
    still.forEach(window::append);
    window.close();
    decoding.get().run(cursor);
    assertThat(heard).contains("quiet until 50").endsWith("unseen until 57");
    assertEachIsCountedOnce(still.size());
  }

  /** A camera that is stolen, a cable that is cut: the last moments are not kept back. */
  @Test
  void ofAStreamThatStallsWhatIsHeldIsShown() throws Exception {
    List<Packet> still = still(57);
    Decoding decoding = decoding(frame -> {}, () -> false, () -> 0);
    PacketCursor cursor = window.openCursor();
    Thread thread = new Thread(() -> decoding.run(cursor), "decode-test");
    still.subList(0, 55).forEach(window::append);
    thread.start();
    await().until(() -> heard.contains("frame at 54"));
    still.subList(55, 57).forEach(window::append);
    window.close();
    thread.join();
    assertThat(heard)
        .containsSubsequence("quiet until 50", "frame at 50", "frame at 54")
        .endsWith("frame at 55", "frame at 56");
    assertEachIsCountedOnce(57);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theKeyframeAfterAFailureIsShown(boolean isError) {
    AtomicInteger failures = new AtomicInteger();
    LongSupplier brokenOnce =
        () -> {
          if (heard.contains("frame at 18") && failures.getAndIncrement() == 0) {
            if (isError) {
              throw new OutOfMemoryError("made up");
            }
            throw new CameraException(CameraException.Kind.BUG, "made up");
          }
          return 0;
        };
    PacketCursor cursor = window.openCursor();
    FILM.forEach(window::append);
    window.close();
    decoding(frame -> {}, brokenOnce).run(cursor);
    assertThat(heard).doesNotContain("frame at 19").contains("unseen until 20", "frame at 20");
    assertThat(heard).endsWith("frame at 99");
    assertThat(counters.get(Counter.DECODER_FAILURES)).isEqualTo(1);
    assertEachIsCountedOnce(100);
  }

  private static List<Packet> still(int pictures) {
    return VideoMaker.with("libx264")
        .frames(10, pictures)
        .gop(10)
        .showing((frame, n) -> gray(frame))
        .packets();
  }

  private static void gray(AVFrame frame) {
    for (int plane = 0; plane < 3; plane++) {
      byte[] gray = new byte[frame.linesize(plane) * frame.height() / (plane == 0 ? 1 : 2)];
      Arrays.fill(gray, (byte) 128);
      frame.data(plane).position(0).put(gray, 0, gray.length);
    }
  }

  /** Half a second of it would be seen before and after; of more nobody can tell. */
  @Test
  void whatADecoderMakesNoPictureOfForLongIsToldAsUnseen() {
    PacketCursor cursor = window.openCursor();
    for (int i = 0; i < FILM.size(); i++) {
      boolean isBroken = (i >= 20 && i < 70) || (i >= 75 && i < 80);
      window.append(isBroken ? broken(FILM.get(i)) : FILM.get(i));
    }
    window.close();
    decoding(frame -> {}, () -> 0).run(cursor);
    assertThat(heard)
        .containsSubsequence("frame at 19", "unseen until 70", "frame at 70", "frame at 80")
        .doesNotContain("unseen until 80")
        .endsWith("frame at 99");
    assertThat(counters.get(Counter.FRAMES_LOST_BY_DECODER)).isGreaterThanOrEqualTo(55);
  }

  @Test
  void whatADecoderMakesNoPictureOfAtTheEndIsToldAsUnseen() {
    PacketCursor cursor = window.openCursor();
    for (int i = 0; i < FILM.size(); i++) {
      window.append(i >= 70 ? broken(FILM.get(i)) : FILM.get(i));
    }
    window.close();
    decoding(frame -> {}, () -> 0).run(cursor);
    assertThat(heard).endsWith("frame at 69", "unseen until 100");
  }

  /** Its header can be read as that of no picture. */
  private static Packet broken(Packet packet) {
    byte[] nothing = {0, 0, 0, 1, (byte) (packet.isKeyframe() ? 0x65 : 0x41), 0, 0, 0x40};
    return new Packet(
        nothing, packet.ptsUs(), packet.dtsUs(), packet.durationUs(), packet.isKeyframe());
  }

  /** As where its source begins in the middle of what a camera sends. */
  @Test
  void whatComesBeforeTheFirstKeyframeIsToldAsUnseen() {
    PacketCursor cursor = window.openCursor();
    FILM.subList(5, 35).forEach(window::append);
    window.close();
    decoding(frame -> {}, () -> 0).run(cursor);
    assertThat(heard).startsWith("unseen until 10", "frame at 10").endsWith("frame at 34");
    assertEachIsCountedOnce(30);
  }

  /** A sink that keeps what it is shown, and gives it back just before it is calm for long. */
  @Test
  void whatADecoderHadNoRoomForBeforeAQuietMomentIsToldAsUnseen() {
    List<Frame> kept = new ArrayList<>();
    AtomicInteger asked = new AtomicInteger();
    Decoding decoding =
        decoding(
            frame -> {
              if (frame.ptsUs() >= 4_300_000 && frame.ptsUs() < 10_000_000) {
                kept.add(frame.share("test"));
              }
            },
            () -> {
              if (asked.incrementAndGet() > 100) { // for the keyframe at 10 s
                kept.forEach(Frame::close);
              }
              return asked.get() <= 80;
            },
            () -> 0);
    PacketCursor cursor = window.openCursor();
    still(101).forEach(window::append);
    window.close();
    decoding.run(cursor);
    assertThat(heard).containsSubsequence("frame at 57", "unseen until 100", "quiet until 100");
    assertThat(counters.get(Counter.FRAMES_LOST_BY_DECODER)).isEqualTo(42);
  }

  /** For the watch over the picture alone, whose clock fails. */
  @Test
  void aPictureThatCannotBeTimedIsNotKept() {
    Showing watch =
        new Showing(
            "test",
            counters,
            List.of(),
            new PictureWatch("test", SuperviseConfig.defaults()),
            true);
    LongSupplier broken =
        () -> {
          throw new CameraException(CameraException.Kind.BUG, "made up");
        };
    PacketCursor cursor = window.openCursor();
    FILM.forEach(window::append);
    window.close();
    new Decoding("test", counters, watch, true, broken).run(cursor);
    assertThat(counters.get(Counter.DECODER_FAILURES)).isEqualTo(10);
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
