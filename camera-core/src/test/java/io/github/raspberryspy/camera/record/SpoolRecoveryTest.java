package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.NalUnits;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.SegmentHeader;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.faults.FaultyFiles;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.segments.spool.Spool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class SpoolRecoveryTest {

  @TempDir Path root;

  private final FaultyFiles faults = new FaultyFiles(Path.of("."));
  private final List<Integer> ends = new ArrayList<>();
  private final List<Packet> packets =
      VideoMaker.with("libx264").frames(10, 36).bFrames(2).packets();
  private byte[] whole;

  @BeforeEach
  void recordAPart() throws IOException {
    whole = part(0);
    assertThat(ends).hasSizeGreaterThan(3).endsWith(whole.length);
  }

  /** What a recorder that was killed right after its last fragment leaves. */
  private byte[] part(int number) throws IOException {
    Path made = root.resolve("made" + number);
    RecorderRig rig = new RecorderRig(made, Duration.ofHours(1));
    SegmentHeader header =
        new SegmentHeader(
            new SegmentId("front", "3f9a1c22", 1, number),
            rig.start.plusSeconds(number),
            rig.clock().state(),
            0,
            10);
    byte[] sets = NalUnits.parameterSets(packets.get(0).array());
    SegmentFiles files = files(rig.spool, number);
    ends.clear();
    try (OpenSegment segment =
        OpenSegment.begin(rig.spool, header, rig.info(), sets, Optional.empty(), 1_000_000)) {
      ends.add((int) Files.size(files.part()));
      for (Packet packet : packets) {
        segment.add(packet);
        int size = (int) Files.size(files.part());
        if (size != ends.get(ends.size() - 1)) {
          ends.add(size);
        }
      }
    }
    byte[] bytes = Files.readAllBytes(files.part());
    Files.delete(files.part());
    return bytes;
  }

  private static SegmentFiles files(Spool spool, int second) {
    return spool.files(
        new SegmentName(RecorderRig.START.plusSeconds(second), ClockState.SYNCED, 1, second));
  }

  private Spool spool(String name) throws IOException {
    return Spool.open(root.resolve(name), "front");
  }

  private static Path put(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  private static List<String> left(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(f -> f.getFileName().toString())
          .filter(f -> !f.equals("camera.properties"))
          .sorted()
          .toList();
    }
  }

  @Test
  void aPartThatWasCutAnywhereBecomesTheWholeFragmentsBeforeTheCut() throws IOException {
    TreeSet<Integer> cuts = new TreeSet<>(List.of(0, 1, 7, 8, 9));
    for (int end : ends) {
      cuts.addAll(List.of(end - 1, end, Math.min(whole.length, end + 1)));
    }
    new Random(5).ints(15, 0, whole.length).forEach(cuts::add);
    for (int cut : cuts) {
      Path at = root.resolve("cut" + cut);
      Spool spool = Spool.open(at, "front");
      put(files(spool, 0).part(), Arrays.copyOf(whole, cut));
      List<SegmentManifest> recovered = SpoolRecovery.recover(spool);
      long fragments = ends.stream().filter(end -> end <= cut).count() - 1;
      if (fragments < 1) {
        assertThat(recovered).isEmpty();
        assertThat(left(at)).as("cut at %s", cut).isEmpty();
        continue;
      }
      assertThat(recovered).isEqualTo(Playback.check(spool, at)).hasSize(1);
      SegmentManifest manifest = recovered.get(0);
      assertThat(manifest.closed()).isEqualTo(CloseReason.RECOVERED);
      assertThat(manifest.content().bytes()).isEqualTo(ends.get((int) fragments).longValue());
      assertThat(manifest.duration()).isEqualTo(Duration.ofMillis(100 * manifest.frames()));
      assertThat(manifest.start()).isEqualTo(RecorderRig.START);
      assertThat(spool.state().recordedUntil()).contains(manifest.end());
    }
  }

  /** The other one is whole, and comes after it: it must not be held up, nor any later start. */
  @Test
  void damageInAPartsBeginningHoldsUpNoOther() throws IOException {
    byte[] other = part(1);
    String beginning = new String(whole, 0, ends.get(0), StandardCharsets.ISO_8859_1);
    int entry = beginning.indexOf("avc1", beginning.indexOf("stsd"));
    List<Integer> places = new ArrayList<>();
    IntStream.range(entry, entry + 40).forEach(places::add);
    IntStream.range(beginning.indexOf("uuid"), ends.get(0)).forEach(places::add);
    new Random(7).ints(40, 0, ends.get(0)).forEach(places::add);
    for (int at : places) {
      for (int flip : new int[] {0x01, 0x80}) {
        Spool spool = spool("beginning" + at + "-" + flip);
        byte[] damaged = whole.clone();
        damaged[at] ^= (byte) flip;
        put(files(spool, 0).part(), damaged);
        put(files(spool, 1).part(), other);
        assertThatCode(() -> SpoolRecovery.recover(spool))
            .as("byte %s ^ %s", at, flip)
            .doesNotThrowAnyException();
        assertThat(files(spool, 1).manifest()).as("byte %s ^ %s", at, flip).exists();
      }
    }
  }

  @Test
  void damageInAPartCostsNothingInFrontOfIt() throws IOException {
    Random random = new Random(3);
    for (int i = 0; i < 20; i++) {
      Path at = root.resolve("damaged" + i);
      Spool spool = Spool.open(at, "front");
      int from = ends.get(1) + random.nextInt(whole.length - ends.get(1));
      byte[] damaged = whole.clone();
      byte[] noise = new byte[Math.min(64, whole.length - from)];
      random.nextBytes(noise);
      System.arraycopy(noise, 0, damaged, from, noise.length);
      put(files(spool, 0).part(), damaged);
      List<SegmentManifest> recovered = SpoolRecovery.recover(spool);
      assertThat(recovered).hasSize(1);
      assertThat(recovered.get(0).content().bytes()).isGreaterThanOrEqualTo(ends.get(1));
      assertThat(FragmentedMp4.scan(files(spool, 0).video()).isWhole()).isTrue();
    }
  }

  @Test
  void garbageThatIsCalledAPartIsNeverSealed() throws IOException {
    Random random = new Random(4);
    for (int size : new int[] {1, 100, 5000}) {
      Path at = root.resolve("garbage" + size);
      Spool spool = Spool.open(at, "front");
      byte[] garbage = new byte[size];
      random.nextBytes(garbage);
      put(files(spool, 0).part(), garbage);
      assertThat(SpoolRecovery.recover(spool)).isEmpty();
      assertThat(spool.list(SegmentName.PART)).isEmpty();
      assertThat(spool.sealed()).isEmpty();
    }
  }

  @Test
  void aPartWhoseBeginningIsDamagedIsKeptForAPerson() throws IOException {
    Spool spool = spool("torn");
    byte[] damaged = whole.clone();
    Arrays.fill(damaged, 0, 64, (byte) 0xff);
    put(files(spool, 0).part(), damaged);
    assertThat(SpoolRecovery.recover(spool)).isEmpty();
    assertThat(spool.list(SegmentName.PART)).isEmpty();
    assertThat(spool.folder().resolve("quarantine").resolve(files(spool, 0).name() + ".mp4.part"))
        .hasBinaryContent(damaged);
  }

  @Test
  void aVideoWithoutItsManifestIsSealed() throws IOException {
    Spool spool = spool("video");
    put(files(spool, 0).video(), whole);
    assertThat(SpoolRecovery.recover(spool)).hasSize(1);
    assertThat(Playback.check(spool, root.resolve("video"))).hasSize(1);
  }

  @Test
  void aManifestWithoutItsVideoGoesIntoQuarantine() throws IOException {
    Spool spool = spool("manifest");
    put(files(spool, 0).video(), whole);
    SpoolRecovery.recover(spool);
    Files.delete(files(spool, 0).video());
    assertThat(SpoolRecovery.recover(spool)).isEmpty();
    assertThat(spool.sealed()).isEmpty();
    assertThat(spool.folder().resolve("quarantine")).isDirectoryContaining("glob:**.json");
  }

  @Test
  void whatIsNotOursIsLeftAlone() throws IOException {
    Spool spool = spool("foreign");
    Path note = put(spool.folder().resolve("2026-11-23").resolve("note.txt"), new byte[] {1});
    Path other = put(spool.folder().resolve("notes").resolve("x.mp4.part"), new byte[] {1});
    SpoolRecovery.recover(spool);
    assertThat(note).exists();
    assertThat(other).exists();
  }

  @Test
  void recoveringAgainChangesNothing() throws IOException {
    Spool spool = spool("again");
    put(files(spool, 0).part(), whole);
    SpoolRecovery.recover(spool);
    List<String> before = left(root.resolve("again"));
    assertThat(SpoolRecovery.recover(spool)).isEmpty();
    assertThat(left(root.resolve("again"))).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCrashInRecoveryIsFinishedByTheNextOne(boolean forEver) throws IOException {
    messAndRecover(root.resolve("expected"));
    List<String> expected = left(root.resolve("expected"));
    boolean survived = false;
    for (int n = 1; !survived; n++) {
      Path at = root.resolve("crash" + n);
      mess(Spool.open(at, "front"));
      Spool faulty = Spool.open(faults.path(at), "front");
      faults.failAt(n, forEver);
      try {
        SpoolRecovery.recover(faulty);
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("injected");
      }
      survived = faults.changes() < n;
      faults.heal();
      Spool again = Spool.open(at, "front");
      SpoolRecovery.recover(again);
      assertThat(left(at)).as("after a crash at step %s", n).isEqualTo(expected);
      assertThat(Playback.check(again, at)).hasSize(3);
    }
  }

  private void messAndRecover(Path at) throws IOException {
    Spool spool = Spool.open(at, "front");
    mess(spool);
    assertThat(SpoolRecovery.recover(spool)).hasSize(3);
  }

  private void mess(Spool spool) throws IOException {
    put(files(spool, 0).part(), part(0));
    put(files(spool, 1).part(), Arrays.copyOf(part(1), ends.get(2) + 5));
    put(files(spool, 2).part(), Arrays.copyOf(part(2), ends.get(0) + 5));
    put(files(spool, 3).video(), part(3));
    put(files(spool, 4).manifest(), new byte[] {'{', '}'});
    put(files(spool, 5).manifest().resolveSibling("left.json.tmp"), new byte[] {1});
  }

  @Test
  void aDiskThatFailsIsTold() throws IOException {
    Path at = root.resolve("failing");
    mess(Spool.open(at, "front"));
    Spool faulty = Spool.open(faults.path(at), "front");
    faults.failAt(1, true);
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> SpoolRecovery.recover(faulty));
  }
}
