package io.github.raspberryspy.camera.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameLeakExtension;
import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.Packet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A drawn room, encoded for real: 10 frames a second, a keyframe each second unless told. */
@ExtendWith(FrameLeakExtension.class)
class GatedDecoderTest {

  private static final int FPS = 10;

  /** A wall with noise on it, and a square that stands in some of its pictures. */
  private static final class Room implements VideoMaker.Painter {
    private final Random random = new Random(3);
    private final IntPredicate isThere;
    private int light;
    private double noise = 2;

    Room(IntPredicate isThere) {
      this.isThere = isThere;
    }

    Room noise(double sigma) {
      noise = sigma;
      return this;
    }

    @Override
    public void paint(AVFrame frame, int number) {
      int left = 4 + number * 3 % 40;
      byte[] row = new byte[frame.width()];
      for (int y = 0; y < frame.height(); y++) {
        for (int x = 0; x < row.length; x++) {
          boolean isSquare = isThere.test(number) && x >= left && x < left + 9 && y > 20 && y < 38;
          double wall = 90 + 30 * Math.sin(x / 7.0) + 20 * Math.sin(y / 5.0) + light;
          row[x] = (byte) (int) ((isSquare ? 200 : wall) + noise * random.nextGaussian());
        }
        frame.data(0).position((long) y * frame.linesize(0)).put(row, 0, row.length);
      }
      for (int plane = 1; plane < 3; plane++) {
        byte[] gray = new byte[frame.linesize(plane) * frame.height() / 2];
        Arrays.fill(gray, (byte) 128);
        frame.data(plane).position(0).put(gray, 0, gray.length);
      }
    }
  }

  /** Wants every frame for the first 3 s, and while the square is there. */
  private static class Watcher implements GatedDecoder.Viewer {
    final List<Long> shown = new ArrayList<>(); // numbers of the pictures
    private final List<Long> quiet = new ArrayList<>();
    private final IntPredicate isThere;
    private long decoded;
    private long leftOut;
    private long lost;
    private long lag; // so many pictures ago it looked
    private boolean goesOn = true;
    private long glances;
    private long known = -1; // picture

    Watcher(IntPredicate isThere) {
      this.isThere = isThere;
    }

    @Override
    public boolean wantsEveryFrame() {
      return known - lag < 3 * FPS || isThere.test((int) (known - lag));
    }

    @Override
    public void show(Frame frame) {
      known = Math.round(frame.ptsUs() * FPS / 1e6);
      shown.add(known);
    }

    @Override
    public void glance(Frame frame) {
      glances++;
    }

    @Override
    public void quiet(long untilNanos) {
      quiet.add(Math.round(untilNanos * FPS / 1e9));
    }

    @Override
    public void counted(long moreDecoded, long moreLeftOut, long moreLost) {
      decoded += moreDecoded;
      leftOut += moreLeftOut;
      lost += moreLost;
    }

    @Override
    public boolean goesOn() {
      return goesOn;
    }

    /** Whether each picture was shown once, in order, or lies before a moment that was quiet. */
    void assertNothingIsUnknown(int pictures) {
      assertThat(shown).isSorted().doesNotHaveDuplicates();
      long next = 0;
      for (long number : shown) {
        long from = next;
        if (number > from) {
          assertThat(quiet).as("before picture %d", number).contains(number);
        }
        next = number + 1;
      }
      assertThat(next).isEqualTo(pictures);
    }
  }

  private static Watcher watch(List<Packet> film, IntPredicate isThere) {
    Watcher watcher = new Watcher(isThere);
    try (GatedDecoder decoder = new GatedDecoder(watcher, () -> false, () -> 0)) {
      film.forEach(decoder::take);
      decoder.finish();
    }
    assertThat(watcher.decoded + watcher.leftOut).isEqualTo(film.size());
    assertThat(watcher.lost).isZero();
    return watcher;
  }

  private static VideoMaker film(int pictures, IntPredicate isThere) {
    return film(pictures, new Room(isThere));
  }

  private static VideoMaker film(int pictures, Room room) {
    return VideoMaker.with("libx264").frames(FPS, pictures).gop(FPS).showing(room);
  }

  private static Packet later(Packet packet, long us) {
    return new Packet(
        packet.array(),
        packet.ptsUs() + us,
        packet.dtsUs() + us,
        packet.durationUs(),
        packet.isKeyframe());
  }

  private static boolean never(int picture) {
    return false;
  }

  @ParameterizedTest
  @CsvSource({"libx264,0", "libx264,2"})
  void ofQuietVideoLittleMoreThanAKeyframeASecondIsDecoded(String codec, int bFrames) {
    int pictures = 100 * FPS;
    Watcher watcher =
        watch(
            VideoMaker.with(codec)
                .frames(FPS, pictures)
                .gop(FPS)
                .bFrames(bFrames)
                .showing(new Room(GatedDecoderTest::never))
                .packets(),
            GatedDecoderTest::never);
    watcher.assertNothingIsUnknown(pictures);
    assertThat(watcher.leftOut).isGreaterThan(pictures * 7 / 10);
    assertThat(watcher.decoded).isLessThan(pictures * 3 / 10);
    assertThat(watcher.glances).isGreaterThan(80);
  }

  @Test
  void ofOpenH264NothingIsUnknownEither() {
    Watcher watcher =
        watch(
            VideoMaker.with("libopenh264")
                .frames(FPS, 40 * FPS)
                .gop(FPS)
                .showing(new Room(GatedDecoderTest::never))
                .packets(),
            GatedDecoderTest::never);
    watcher.assertNothingIsUnknown(40 * FPS);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void whoComesInIsSeenFromTheKeyframeBefore(int bFrames) {
    IntPredicate isThere = picture -> picture >= 157 && picture < 200;
    int pictures = 30 * FPS;
    Watcher watcher = watch(film(pictures, isThere).bFrames(bFrames).packets(), isThere);
    watcher.assertNothingIsUnknown(pictures);
    for (long picture = 150; picture < 200; picture++) {
      assertThat(watcher.shown).contains(picture);
    }
    assertThat(watcher.shown).doesNotContain(130L, 260L);
  }

  @Test
  void anEncoderThatKeepsToItsBitrateIsSeenThrough() {
    IntPredicate isThere = picture -> picture >= 153 && picture < 158;
    Watcher watcher =
        watch(
            film(30 * FPS, isThere)
                .x264("bitrate=200:vbv-maxrate=200:vbv-bufsize=60:rc-lookahead=0")
                .packets(),
            isThere);
    assertThat(watcher.shown).contains(150L, 153L, 157L).doesNotContain(130L);
  }

  @Test
  void anotherSceneIsSeenAtOnce() {
    Room room = new Room(GatedDecoderTest::never);
    List<Packet> film =
        VideoMaker.with("libx264")
            .frames(FPS, 30 * FPS)
            .gop(FPS)
            .showing(
                (frame, number) -> {
                  room.light = number < 155 ? 0 : (number % 2) * 60;
                  room.paint(frame, number);
                })
            .packets();
    Watcher watcher = watch(film, GatedDecoderTest::never);
    watcher.assertNothingIsUnknown(30 * FPS);
    assertThat(watcher.shown).contains(150L, 151L, 155L, 156L).doesNotContain(130L);
  }

  @Test
  void streamWithoutKeyframesIsDecodedAsAWhole() {
    Watcher watcher =
        watch(film(30 * FPS, GatedDecoderTest::never).gop(1000).packets(), GatedDecoderTest::never);
    assertThat(watcher.shown).hasSize(30 * FPS);
  }

  @Test
  void keyframesThatAreFarApartAreNotWaitedFor() {
    Watcher watcher =
        watch(
            film(40 * FPS, GatedDecoderTest::never).gop(10 * FPS).packets(),
            GatedDecoderTest::never);
    assertThat(watcher.shown).hasSize(40 * FPS);
  }

  @Test
  void afterAPictureThatIsMissingAllIsDecoded() {
    List<Packet> film = new ArrayList<>(film(30 * FPS, GatedDecoderTest::never).packets());
    film.remove(154);
    Watcher watcher = watch(film, GatedDecoderTest::never);
    assertThat(watcher.shown).contains(150L, 153L, 155L, 159L).doesNotContain(130L);
  }

  @Test
  void afterAPauseAllIsDecoded() {
    List<Packet> film = new ArrayList<>(film(30 * FPS, GatedDecoderTest::never).packets());
    film.subList(140, 160).clear();
    Watcher watcher = watch(film, GatedDecoderTest::never);
    assertThat(watcher.shown).contains(135L, 139L, 160L, 165L).doesNotContain(125L);
  }

  @Test
  void anotherStreamIsLearntAnew() {
    List<Packet> film = new ArrayList<>(film(20 * FPS, GatedDecoderTest::never).packets());
    for (Packet later : film(20 * FPS, GatedDecoderTest::never).x264("ref=4").packets()) {
      long us = 20_000_000;
      film.add(later(later, us));
    }
    Watcher watcher = watch(film, GatedDecoderTest::never);
    watcher.assertNothingIsUnknown(40 * FPS);
    for (long picture = 190; picture < 230; picture++) {
      assertThat(watcher.shown).contains(picture);
    }
    assertThat(watcher.shown).doesNotContain(180L, 350L);
  }

  /** Be it so few that neither times nor numbers tell. */
  @ParameterizedTest
  @ValueSource(ints = {160, 170})
  void packetsThatWereMissedEndTheRestAndWhatWasHeldIsStillShown(int next) {
    List<Packet> film = film(30 * FPS, GatedDecoderTest::never).packets();
    Watcher watcher = new Watcher(GatedDecoderTest::never);
    try (GatedDecoder decoder = new GatedDecoder(watcher, () -> false, () -> 0)) {
      film.subList(0, 155).forEach(decoder::take);
      decoder.interrupt();
      film.subList(next, 300).forEach(decoder::take);
      decoder.finish();
    }
    assertThat(watcher.shown)
        .contains(150L, 154L, (long) next, next + 1L)
        .doesNotContain(130L, next - 1L);
    assertThat(watcher.quiet).doesNotContain((long) next);
  }

  /** A network that hiccups: what comes late has its own time, and its keyframe came before. */
  @Test
  void whatComesAfterAStallIsShownToo() {
    IntPredicate isThere = picture -> picture >= 160 && picture < 200;
    List<Packet> film = film(30 * FPS, isThere).packets();
    Watcher watcher = new Watcher(isThere);
    try (GatedDecoder decoder = new GatedDecoder(watcher, () -> false, () -> 0)) {
      film.subList(0, 155).forEach(decoder::take);
      decoder.stall();
      film.subList(155, 300).forEach(decoder::take);
      decoder.finish();
    }
    watcher.assertNothingIsUnknown(300);
    assertThat(watcher.shown).contains(150L, 154L, 155L, 159L, 160L).doesNotContain(130L);
    assertThat(watcher.lost).isZero();
  }

  @Test
  void whatIsHeldIsLeftOutOnceNothingIsWantedAnyMore() {
    List<Packet> film = film(20 * FPS, GatedDecoderTest::never).packets();
    Watcher watcher = new Watcher(GatedDecoderTest::never);
    try (GatedDecoder decoder = new GatedDecoder(watcher, () -> false, () -> 0)) {
      film.subList(0, 158).forEach(decoder::take);
      watcher.goesOn = false;
      decoder.finish();
    }
    assertThat(watcher.shown).contains(30L).doesNotContain(150L, 157L);
    assertThat(watcher.decoded + watcher.leftOut).isEqualTo(158);
  }

  @Test
  void whatIsHeldAtTheEndIsCountedAsLeftOut() {
    List<Packet> film = film(20 * FPS, GatedDecoderTest::never).packets();
    Watcher watcher = new Watcher(GatedDecoderTest::never);
    try (GatedDecoder decoder = new GatedDecoder(watcher, () -> false, () -> 0)) {
      film.subList(0, 158).forEach(decoder::take);
    }
    assertThat(watcher.shown).doesNotContain(157L);
    assertThat(watcher.decoded + watcher.leftOut).isEqualTo(158);
  }

  /** It says that it is calm for a while when it no longer is: nothing is learnt of what moves. */
  @Test
  void ofAViewerThatLagsNothingIsLearntBeforeItHasSeenIt() {
    IntPredicate isThere = picture -> picture > 100 && picture % 50 >= 5 && picture % 50 < 8;
    Watcher watcher = new Watcher(isThere);
    watcher.lag = 8;
    try (GatedDecoder decoder = new GatedDecoder(watcher, () -> false, () -> 0)) {
      film(60 * FPS, isThere).x264("qp=28").packets().forEach(decoder::take);
      decoder.finish();
    }
    watcher.assertNothingIsUnknown(60 * FPS);
    for (int picture = 0; picture < 60 * FPS; picture++) {
      if (isThere.test(picture)) {
        assertThat(watcher.shown).contains((long) picture);
      }
    }
    assertThat(watcher.shown).doesNotContain(140L);
  }

  /** What noise cost in the stream before says nothing of what a body costs in this one. */
  @Test
  void whatAnotherStreamCostIsForgotten() {
    IntPredicate isThere = picture -> picture >= 153 && picture < 158;
    List<Packet> film =
        new ArrayList<>(film(20 * FPS, new Room(GatedDecoderTest::never).noise(9)).packets());
    for (Packet later : film(20 * FPS, new Room(isThere).noise(1)).x264("ref=4").packets()) {
      film.add(later(later, 20_000_000));
    }
    IntPredicate isThereThen = picture -> isThere.test(picture - 20 * FPS);
    Watcher watcher = watch(film, isThereThen);
    assertThat(watcher.shown).contains(353L, 357L).doesNotContain(180L, 330L);
  }

  /** Whoever looks keeps what he is shown from a moment on, so that there is no room for more. */
  private static class Keeper extends Watcher {
    private final List<Frame> kept = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    Keeper() {
      super(GatedDecoderTest::never);
    }

    @Override
    public void show(Frame frame) {
      super.show(frame);
      long picture = shown.get(shown.size() - 1);
      told.add("shown " + picture);
      if (picture >= 210 && picture < 230) {
        kept.add(frame.share("test"));
      }
    }

    @Override
    public void counted(long moreDecoded, long moreLeftOut, long moreLost) {
      super.counted(moreDecoded, moreLeftOut, moreLost);
      if (moreLost > 0) {
        told.add("lost");
      }
    }

    void giveBack() {
      kept.forEach(Frame::close);
    }
  }

  @Test
  void whatIsLostWhileItCatchesUpIsToldBeforeTheNextPictureIsShown() {
    List<Packet> film = film(30 * FPS, GatedDecoderTest::never).gop(3 * FPS).packets();
    int[] caughtUp = {0};
    Keeper keeper =
        new Keeper() {
          @Override
          public boolean goesOn() {
            if (caughtUp[0]++ == 26) {
              giveBack();
            }
            return true;
          }
        };
    try (GatedDecoder decoder = new GatedDecoder(keeper, () -> false, () -> 0)) {
      film.subList(0, 239).forEach(decoder::take);
      decoder.stall();
    }
    assertThat(keeper.told).containsSubsequence("shown 224", "lost", "shown 236", "shown 238");
  }

  @Test
  void whatIsLostAtTheEndIsTold() {
    List<Packet> film = film(30 * FPS, GatedDecoderTest::never).gop(3 * FPS).packets();
    Keeper keeper = new Keeper();
    try (GatedDecoder decoder = new GatedDecoder(keeper, () -> false, () -> 0)) {
      film.subList(0, 239).forEach(decoder::take);
      decoder.finish();
      keeper.giveBack();
    }
    assertThat(keeper.told).endsWith("shown 224", "lost");
  }

  /** Each takes the one place of another, and no picture comes out of it. */
  @Test
  void packetsOfWhichNoPictureComesAreCounted() {
    List<Packet> film = film(30, GatedDecoderTest::never).packets();
    byte[] noise = new byte[40];
    new Random(5).nextBytes(noise);
    noise[0] = 0;
    noise[1] = 0;
    noise[2] = 1;
    noise[3] = 0x41;
    Watcher watcher = new Watcher(GatedDecoderTest::never);
    try (GatedDecoder decoder = new GatedDecoder(watcher, () -> false, () -> 0)) {
      for (int i = 0; i < film.size(); i++) {
        Packet good = film.get(i);
        boolean isBad = i == 15 || i == 17;
        decoder.take(
            isBad ? new Packet(noise, good.ptsUs(), good.dtsUs(), good.durationUs(), false) : good);
      }
      decoder.finish();
    }
    assertThat(watcher.lost).isEqualTo(2);
    assertThat(watcher.decoded).isEqualTo(30);
  }

  /** Whatever comes and stays for longer than keyframes are apart: no picture is left out. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void nothingThatMovesIsLeftOut(long seed) {
    Random random = new Random(seed);
    int pictures = 60 * FPS;
    boolean[] there = new boolean[pictures];
    for (int i = 80 + random.nextInt(60); i < pictures; i += 60 + random.nextInt(120)) {
      int end = Math.min(pictures, i + 26 + random.nextInt(30));
      for (; i < end; i++) {
        there[i] = true;
      }
    }
    IntPredicate isThere = i -> i >= 0 && i < pictures && there[i];
    Watcher watcher =
        watch(
            film(pictures, isThere)
                .bFrames(random.nextInt(3))
                .gop(FPS / 2 + random.nextInt(2 * FPS))
                .packets(),
            isThere);
    watcher.assertNothingIsUnknown(pictures);
    for (int i = 0; i < pictures; i++) {
      if (there[i]) {
        assertThat(watcher.shown).as("seed %d", seed).contains((long) i);
      }
    }
  }
}
