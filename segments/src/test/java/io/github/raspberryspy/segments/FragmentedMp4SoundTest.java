package io.github.raspberryspy.segments;

import static io.github.raspberryspy.segments.Mp4Builder.box;
import static io.github.raspberryspy.segments.Mp4Builder.esds;
import static io.github.raspberryspy.segments.Mp4Builder.ints;
import static io.github.raspberryspy.segments.Mp4Builder.join;
import static io.github.raspberryspy.segments.Mp4Builder.moovWithSound;
import static io.github.raspberryspy.segments.Mp4Builder.soundEntry;
import static io.github.raspberryspy.segments.Mp4Builder.soundTraf;
import static io.github.raspberryspy.segments.Mp4Builder.traf;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that can be heard as well as seen. */
class FragmentedMp4SoundTest {

  private static final byte[] AAC = soundEntry("mp4a", 2, esds());

  @TempDir Path folder;

  private FragmentedMp4 scan(byte[]... parts) throws IOException {
    return FragmentedMp4.scan(Files.write(folder.resolve("x.mp4"), join(parts)));
  }

  private static byte[] start(byte[] entry) {
    return join(box("ftyp", ints(0, 0)), moovWithSound(30_000, entry));
  }

  /** One second of pictures (of 10 bytes), so many packets of sound (of 5 bytes). */
  private static byte[] fragment(int second, long soundTime, int packets) {
    return join(head(second, soundTime, packets), box("mdat", new byte[300 + 5 * packets]));
  }

  private static byte[] head(int second, long soundTime, int packets) {
    int[] sizes = new int[packets];
    Arrays.fill(sizes, 5);
    return box("moof", pictures(second), soundTraf(soundTime, sizes));
  }

  private static byte[] pictures(int second) {
    int[] samples = new int[60];
    for (int i = 0; i < samples.length; i += 2) {
      samples[i] = 1000;
      samples[i + 1] = 10;
    }
    return traf(second * 30_000L, box("trun", ints(0x305, 30, 0, 0), ints(samples)));
  }

  @Test
  void bothTracksAreReadAndThePicturesAreWhatCounts() throws IOException {
    FragmentedMp4 mp4 = scan(start(AAC), fragment(0, 512, 46), fragment(1, 47_616, 47));
    assertThat(mp4.isWhole()).isTrue();
    assertThat(mp4.frames()).isEqualTo(60);
    assertThat(mp4.durationUs()).isEqualTo(2_000_000);
    assertThat(mp4.startsWithKeyframe()).isTrue();
    assertThat(mp4.codec()).isEqualTo("avc1.42c01f");
    assertThat(mp4.audio())
        .contains(
            new Mp4Audio(new AudioFormat("mp4a.40.2", 48_000, 2), 93, 10_666, 1_994_666, true));
  }

  @Test
  void opusIsReadToo() throws IOException {
    FragmentedMp4 mp4 = scan(start(soundEntry("Opus", 1)), fragment(0, 0, 3));
    assertThat(mp4.audio()).map(Mp4Audio::format).contains(new AudioFormat("opus", 48_000, 1));
  }

  @Test
  void aTrackThatHasNoSoundYetIsOneOfNoPackets() throws IOException {
    byte[] silent = join(box("moof", pictures(0)), box("mdat", new byte[300]));
    FragmentedMp4 mp4 = scan(start(AAC), silent);
    assertThat(mp4.isWhole()).isTrue();
    assertThat(mp4.audio()).map(Mp4Audio::packets).contains(0L);
  }

  @Test
  void aFragmentOfSoundAloneIsNoFrameAndEndsNothing() throws IOException {
    byte[] heard = join(box("moof", soundTraf(47_616, 5)), box("mdat", new byte[5]));
    FragmentedMp4 mp4 = scan(start(AAC), fragment(0, 512, 46), heard, fragment(1, 48_640, 46));
    assertThat(mp4.isWhole()).isTrue();
    assertThat(mp4.frames()).isEqualTo(60);
    assertThat(mp4.durationUs()).isEqualTo(2_000_000);
    assertThat(mp4.audio()).map(Mp4Audio::packets).contains(93L);
    FragmentedMp4 first = scan(start(AAC), heard);
    assertThat(first.frames()).isZero();
    assertThat(first.durationUs()).isZero();
    assertThat(first.isWhole()).isFalse();
  }

  @Test
  void aFragmentWhoseSoundIsCutOffIsItsPictures() throws IOException {
    byte[] cut = join(head(1, 47_616, 47), box("mdat", new byte[300 + 5 * 47 - 1]));
    FragmentedMp4 mp4 = scan(start(AAC), fragment(0, 512, 46), cut);
    assertThat(mp4.frames()).isEqualTo(60);
    assertThat(mp4.isWhole()).isTrue();
    assertThat(mp4.audio())
        .contains(
            new Mp4Audio(new AudioFormat("mp4a.40.2", 48_000, 2), 46, 10_666, 992_000, false));
  }

  @Test
  void aCutAnywhereLeavesTheWholeFragmentsBeforeIt() throws IOException {
    byte[] init = start(AAC);
    byte[] first = fragment(0, 512, 46);
    byte[] all = join(init, first, fragment(1, 47_616, 47));
    for (int cut = init.length; cut < all.length; cut++) {
      FragmentedMp4 mp4 = scan(Arrays.copyOf(all, cut));
      int whole = cut < init.length + first.length ? 0 : 1;
      assertThat(mp4.fragments()).as("cut at %s", cut).isEqualTo(whole);
      assertThat(mp4.wholeBytes()).isEqualTo(init.length + whole * first.length);
    }
  }

  @Test
  void soundWhoseDescriptionIsDamagedIsNoSoundAndTheFileIsItsPictures() throws IOException {
    List<byte[]> damaged = new ArrayList<>();
    damaged.add(soundEntry("mp4a", 2));
    damaged.add(soundEntry("mp4a", 2, box("esds", ints(0))));
    damaged.add(soundEntry("mp4a", 0, esds()));
    damaged.add(box("mp4a"));
    damaged.add(soundEntry("what", 2));
    for (byte[] entry : damaged) {
      FragmentedMp4 mp4 = scan(start(entry), fragment(0, 512, 46), fragment(1, 47_616, 47));
      assertThat(mp4.audio()).isEmpty();
      assertThat(mp4.frames()).isEqualTo(60);
      assertThat(mp4.isWhole()).isTrue();
    }
  }

  @Test
  void soundThatIsDamagedInAFragmentCostsNoPicture() throws IOException {
    byte[] sound = soundTraf(47_616, 5, 5);
    List<byte[]> damaged = new ArrayList<>();
    byte[] leaves = sound.clone();
    leaves[2] = 77;
    damaged.add(leaves);
    damaged.add(soundTraf(-1, 5, 5));
    damaged.add(soundTraf(512, 5, 5)); // a second time
    damaged.add(soundTraf(47_616));
    damaged.add(box("traf", box("tfhd", ints(0, 2))));
    for (byte[] traf : damaged) {
      byte[] torn = join(box("moof", pictures(1), traf), box("mdat", new byte[310]));
      FragmentedMp4 mp4 = scan(start(AAC), fragment(0, 512, 46), torn, fragment(2, 96_000, 46));
      assertThat(mp4.frames()).isEqualTo(90);
      assertThat(mp4.isWhole()).isTrue();
      assertThat(mp4.audio()).map(Mp4Audio::isWhole).contains(false);
    }
  }

  /** All bytes that it says belong to the pictures are there; what it says of sound cannot be. */
  @Test
  void soundThatIsLargerThanWhatIsThereCostsNoPicture() throws IOException {
    for (int size : new int[] {1 << 20, -1}) {
      byte[] large = box("moof", pictures(1), soundTraf(47_616, size, 5));
      byte[] torn = join(large, box("mdat", new byte[310]));
      FragmentedMp4 mp4 = scan(start(AAC), fragment(0, 512, 46), torn, fragment(2, 96_000, 46));
      assertThat(mp4.frames()).isEqualTo(90);
      assertThat(mp4.isWhole()).isTrue();
      assertThat(mp4.audio()).map(Mp4Audio::isWhole).contains(false);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void randomDamageNeverHangsAndNeverThrowsAnythingButIoException(long seed) {
    Random random = new Random(seed);
    byte[] sound = join(start(AAC), fragment(0, 512, 46), fragment(1, 47_616, 47));
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          for (int round = 0; round < 2000; round++) {
            byte[] bytes = sound.clone();
            for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
              bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
              FragmentedMp4 mp4 = scan(bytes);
              assertThat(mp4.wholeBytes()).isBetween(0L, (long) bytes.length);
              assertThat(mp4.frames()).isNotNegative();
              assertThat(mp4.audio().map(Mp4Audio::packets).orElse(0L)).isNotNegative();
            } catch (IOException e) {
              assertThat(e).hasMessageContaining("x.mp4");
            }
          }
        });
  }
}
