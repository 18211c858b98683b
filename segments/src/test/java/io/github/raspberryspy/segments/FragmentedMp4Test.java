package io.github.raspberryspy.segments;

import static io.github.raspberryspy.segments.Mp4Builder.box;
import static io.github.raspberryspy.segments.Mp4Builder.ints;
import static io.github.raspberryspy.segments.Mp4Builder.join;
import static io.github.raspberryspy.segments.Mp4Builder.lyingBox;
import static io.github.raspberryspy.segments.Mp4Builder.moof;
import static io.github.raspberryspy.segments.Mp4Builder.moov;
import static io.github.raspberryspy.segments.Mp4Builder.traf;
import static io.github.raspberryspy.segments.Mp4Builder.wideBox;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FragmentedMp4Test {

  private static final SegmentHeader HEADER =
      new SegmentHeader(
          SegmentId.parse("front-3f9a1c22-r17-000123"),
          Instant.parse("2026-11-23T14:00:00.123456Z"),
          ClockState.UNSYNCED,
          7_200_000_000L,
          29.97);

  @TempDir Path folder;

  private static Mp4Builder three() {
    return new Mp4Builder()
        .start(30_000, HEADER)
        .fragment(0, 900, 40, 41)
        .fragment(3000, 901, 42)
        .fragment(5000, 902, 43, 44, 45);
  }

  private FragmentedMp4 scan(byte[] bytes) throws IOException {
    return FragmentedMp4.scan(Files.write(folder.resolve("x.mp4"), bytes));
  }

  @Test
  void readsAWholeFile() throws IOException {
    byte[] bytes = three().bytes();
    FragmentedMp4 mp4 = scan(bytes);
    assertThat(mp4)
        .isEqualTo(
            new FragmentedMp4(
                bytes.length,
                bytes.length,
                3,
                9,
                300_000,
                "avc1.42c01f",
                1280,
                720,
                true,
                java.util.Optional.empty(),
                List.of(),
                java.util.Optional.of(HEADER)));
    assertThat(mp4.isWhole()).isTrue();
  }

  @Test
  void whereAFragmentBeginsTooLateThereIsAHole() throws IOException {
    byte[] bytes =
        new Mp4Builder()
            .start(30_000, HEADER)
            .fragment(0, 900, 40)
            .fragment(2000 + 700, 901)
            .fragment(3700 + 800, 902)
            .bytes();
    assertThat(scan(bytes).holes())
        .as("1.7 intervals are none, 1.8 are one")
        .containsExactly(new FragmentedMp4.Hole(123_333, 150_000));
  }

  @Test
  void aCutAnywhereLeavesTheWholeFragmentsBeforeIt() throws IOException {
    Mp4Builder file = three();
    byte[] bytes = file.bytes();
    int moovEnd = box("ftyp", ints(0, 0)).length + moov(30_000, "avc1").length;
    int headerEnd = file.ends().get(0);
    for (int cut = 0; cut < bytes.length; cut++) {
      byte[] part = Arrays.copyOf(bytes, cut);
      if (cut < moovEnd) {
        assertThatThrownBy(() -> scan(part)).isInstanceOf(IOException.class);
        continue;
      }
      FragmentedMp4 mp4 = scan(part);
      int at = cut;
      long whole =
          cut < headerEnd
              ? moovEnd
              : file.ends().stream().mapToLong(e -> e).filter(e -> e <= at).max().orElseThrow();
      assertThat(mp4.wholeBytes()).as("cut at %d", cut).isEqualTo(whole);
      assertThat(mp4.fragments())
          .isEqualTo((int) file.ends().stream().skip(1).filter(e -> e <= at).count());
      assertThat(mp4.isWhole()).isEqualTo(mp4.fragments() > 0 && whole == cut);
      assertThat(mp4.header().isPresent()).isEqualTo(cut >= headerEnd);
    }
  }

  /** What a power cut leaves of a file whose size was written and whose last bytes were not. */
  @Test
  void zeroesFromAnyByteOnLeaveTheWholeFragmentsBeforeThem() throws IOException {
    Mp4Builder file = three();
    byte[] bytes = file.bytes();
    for (int from = file.ends().get(0); from < bytes.length; from++) {
      byte[] torn = bytes.clone();
      Arrays.fill(torn, from, torn.length, (byte) 0);
      FragmentedMp4 mp4 = scan(torn);
      int at = from;
      long before = file.ends().stream().mapToLong(e -> e).filter(e -> e <= at).max().orElseThrow();
      assertThat(mp4.wholeBytes()).as("zeroes from %d", from).isGreaterThanOrEqualTo(before);
      assertThat(file.ends()).contains((int) mp4.wholeBytes());
    }
  }

  @Test
  void damageInALaterFragmentKeepsTheEarlierOnes() throws IOException {
    Mp4Builder file = three();
    byte[] bytes = file.bytes();
    int second = file.ends().get(1);
    bytes[second + 8 + 3] = 77; // the size of mfhd now leaves its moof
    FragmentedMp4 mp4 = scan(bytes);
    assertThat(mp4.fragments()).isEqualTo(1);
    assertThat(mp4.wholeBytes()).isEqualTo(second);
    assertThat(mp4.isWhole()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void randomDamageNeverHangsAndNeverThrowsAnythingButIoException(long seed) {
    Random random = new Random(seed);
    byte[] sound = three().bytes();
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          for (int round = 0; round < 1000; round++) {
            byte[] bytes = sound.clone();
            for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
              bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
              FragmentedMp4 mp4 = scan(bytes);
              assertThat(mp4.wholeBytes()).isBetween(0L, (long) bytes.length);
              assertThat(mp4.durationUs()).isNotNegative();
              assertThat(mp4.frames()).isNotNegative();
            } catch (IOException e) {
              assertThat(e).hasMessageContaining("x.mp4");
            }
          }
        });
  }

  @Test
  void aHugeNumberOfSamplesCostsNoTime() {
    byte[] lie = box("moof", traf(0, box("trun", ints(0, 4_000_000))));
    byte[] mdat = box("mdat");
    Mp4Builder file = new Mp4Builder().start(30_000, HEADER);
    for (int i = 0; i < 20_000; i++) {
      file.add(lie).add(mdat);
    }
    Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> scan(file.bytes()));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, Integer.MAX_VALUE, 4_194_305, 3})
  void aNumberOfSamplesThatTheBoxCannotHoldIsDamage(int count) throws IOException {
    byte[] head = box("moof", traf(0, box("trun", ints(0x300, count, 1000, 10, 1000, 10))));
    Mp4Builder file = new Mp4Builder().start(30_000, HEADER).add(head).add(box("mdat"));
    FragmentedMp4 mp4 = scan(file.bytes());
    assertThat(mp4.fragments()).isZero();
    assertThat(mp4.wholeBytes()).isEqualTo(file.ends().get(0).longValue());
  }

  @Test
  void everyRunOfSamplesCounts() throws IOException {
    byte[] first = box("trun", ints(0x304, 2, 0, 1000, 10, 1000, 20));
    byte[] second = box("trun", ints(0x300, 1, 1000, 30));
    byte[] head = box("moof", traf(500, first, second));
    byte[] start = new Mp4Builder().start(30_000, HEADER).bytes();
    FragmentedMp4 mp4 = scan(join(start, head, box("mdat", new byte[60])));
    assertThat(mp4.frames()).isEqualTo(3);
    assertThat(mp4.durationUs()).isEqualTo(100_000);
    assertThat(mp4.isWhole()).isTrue();
    assertThat(scan(join(start, head, box("mdat", new byte[59]))).fragments()).isZero();
  }

  @Test
  void sampleFlagsSayWhetherTheFirstSampleDecodesAlone() throws IOException {
    byte[] start = new Mp4Builder().start(30_000, HEADER).bytes();
    byte[] mdat = box("mdat", new byte[20]);
    byte[] byDefault = box("moof", traf(0, box("trun", ints(0x200, 1, 20))));
    byte[] own = box("moof", traf(0, box("trun", ints(0x700, 1, 1000, 20, 0x02000000))));
    assertThat(scan(join(start, byDefault, mdat)).startsWithKeyframe()).isFalse();
    assertThat(scan(join(start, own, mdat)).startsWithKeyframe()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 62})
  void anImpossibleTimeIsDamage(long time) throws IOException {
    Mp4Builder file = new Mp4Builder().start(30_000, HEADER).fragment(0, 900).fragment(time, 900);
    FragmentedMp4 mp4 = scan(file.bytes());
    assertThat(mp4.fragments()).isEqualTo(1);
    assertThat(mp4.durationUs()).isEqualTo(33_333);
  }

  @Test
  void timeThatGoesBackIsDamage() throws IOException {
    Mp4Builder file =
        new Mp4Builder().start(30_000, HEADER).fragment(9000, 900).fragment(8999, 900);
    assertThat(scan(file.bytes()).fragments()).isEqualTo(1);
  }

  @Test
  void aLongFileWithATimescaleOfMicrosecondsHasItsDuration() throws IOException {
    long dayUs = 86_400_000_000L;
    Mp4Builder file =
        new Mp4Builder().start(1_000_000, HEADER).fragment(0, 900).fragment(200 * dayUs, 900);
    assertThat(scan(file.bytes()).durationUs()).isEqualTo(200 * dayUs + 33_333);
  }

  @Test
  void sizesOf64BitsAreRead() throws IOException {
    byte[] media = new byte[900];
    byte[] start = new Mp4Builder().start(30_000, HEADER).bytes();
    byte[] head = moof(0, 1000, 900);
    assertThat(scan(join(start, head, wideBox("mdat", 916, media))).isWhole()).isTrue();
    for (long lie : new long[] {917, 15, 0, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
      FragmentedMp4 mp4 = scan(join(start, head, wideBox("mdat", lie, media)));
      assertThat(mp4.fragments()).as("size %d", lie).isZero();
      assertThat(mp4.wholeBytes()).isEqualTo(start.length);
    }
  }

  @Test
  void aSizeOfZeroReachesToTheEnd() throws IOException {
    byte[] start = new Mp4Builder().start(30_000, HEADER).bytes();
    byte[] head = moof(0, 1000, 900);
    assertThat(scan(join(start, head, lyingBox("mdat", 0, new byte[900]))).isWhole()).isTrue();
    assertThat(scan(join(start, head, lyingBox("mdat", 0, new byte[899]))).fragments()).isZero();
  }

  @Test
  void everyLieAboutASizeInsideAFragmentIsDamage() throws IOException {
    byte[] start = new Mp4Builder().start(30_000, HEADER).bytes();
    byte[] sound = moof(0, 1000, 900);
    for (int at = 8; at + 4 <= sound.length; at++) {
      for (int lie : new int[] {0, 1, 7, Integer.MAX_VALUE, -1}) {
        byte[] head = sound.clone();
        System.arraycopy(ints(lie), 0, head, at, 4);
        FragmentedMp4 mp4 = scan(join(start, head, box("mdat", new byte[900])));
        assertThat(mp4.wholeBytes()).isGreaterThanOrEqualTo(start.length);
      }
    }
  }

  @Test
  void aMoofBeforeAMoofOrASecondMoovEndsTheTrust() throws IOException {
    Mp4Builder file = new Mp4Builder().start(30_000, HEADER).fragment(0, 900);
    byte[] one = file.bytes();
    byte[] twoHeads = join(one, moof(1000, 1000, 9), moof(2000, 1000, 9), box("mdat", new byte[9]));
    assertThat(scan(twoHeads).wholeBytes()).isEqualTo(one.length);
    byte[] again = join(one, moov(90_000, "avc1"));
    assertThat(scan(again).wholeBytes()).isEqualTo(one.length);
    assertThat(scan(again).durationUs()).isEqualTo(33_333);
  }

  @Test
  void theFirstHeaderCounts() throws IOException {
    SegmentHeader other =
        new SegmentHeader(
            SegmentId.parse("back-3f9a1c22-r1-000001"), Instant.EPOCH, ClockState.SYNCED, 0, 25);
    byte[] bytes = join(three().bytes(), other.toBox());
    assertThat(scan(bytes).header()).contains(HEADER);
  }

  @Test
  void aVideoWithParameterSetsInItsStreamIsNamedAvc3() throws IOException {
    byte[] bytes = join(moov(30_000, "avc3"), moof(0, 1000, 9), box("mdat", new byte[9]));
    assertThat(scan(bytes).codec()).isEqualTo("avc3.42c01f");
  }

  @Test
  void whatIsNoSuchFileIsRefusedInOneSentenceThatNamesIt() {
    byte[] hevc = moov(30_000, "hvc1");
    byte[] stopped = moov(0, "avc1");
    for (byte[] bytes :
        new byte[][] {
          {},
          "hello, this is a text file\n".getBytes(java.nio.charset.StandardCharsets.UTF_8),
          new byte[5000],
          box("ftyp", ints(0)),
          hevc,
          stopped,
          box("moov"),
          box("moov", new byte[FragmentedMp4.MAX_INIT_BYTES + 1])
        }) {
      assertThatThrownBy(() -> scan(bytes))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("x.mp4")
          .hasMessageMatching("[^\n]{10,200}");
    }
  }

  @Test
  void aHeadThatIsTooLargeIsDamage() throws IOException {
    Mp4Builder file = new Mp4Builder().start(30_000, HEADER).fragment(0, 900);
    byte[] huge = box("moof", new byte[FragmentedMp4.MAX_MOOF_BYTES + 1]);
    FragmentedMp4 mp4 = scan(join(file.bytes(), huge));
    assertThat(mp4.fragments()).isEqualTo(1);
    assertThat(mp4.isWhole()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"free", "uuid"})
  void strangersAreNotPassedOverForEver(String type) throws IOException {
    byte[] playable = three().bytes(); // its ftyp is the first box that says nothing here
    byte[] flood = new byte[100_000 * 8];
    byte[] free = box(type);
    for (int at = 0; at < flood.length; at += free.length) {
      System.arraycopy(free, 0, flood, at, free.length);
    }
    FragmentedMp4 mp4 = scan(join(playable, flood));
    assertThat(mp4.wholeBytes())
        .isEqualTo(playable.length + (FragmentedMp4.MAX_STRANGERS - 1) * 8L);
    assertThat(mp4.fragments()).isEqualTo(3);
    assertThat(mp4.isWhole()).isFalse();

    byte[] few = Arrays.copyOf(flood, (FragmentedMp4.MAX_STRANGERS - 1) * 8);
    assertThat(scan(join(playable, few)).isWhole()).isTrue();
    byte[] next = join(moof(9000, 1000, 9), box("mdat", new byte[9]));
    assertThat(scan(join(playable, few, next)).fragments()).isEqualTo(4);
    assertThat(scan(join(playable, few, free, next)).fragments()).isEqualTo(3);
  }

  @Test
  void aFloodOfStrangersBeforeTheTrackIsNoSuchFile() {
    byte[] flood = new byte[0];
    for (int i = 0; i < FragmentedMp4.MAX_STRANGERS; i++) {
      flood = join(flood, box("free"));
    }
    byte[] bytes = join(flood, three().bytes());
    assertThatThrownBy(() -> scan(bytes))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no whole moov box");
  }
}
