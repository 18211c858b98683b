package io.github.raspberryspy.sink.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.sink.Footage;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.auth.MasterSecret;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.StoredSegment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The process dies after each step of a seal, also while it finishes an earlier one. Whatever the
 * step: the next process answers the camera with "send the rest" or with a receipt, the receipt is
 * true, and the segment exists once.
 */
class SealCrashTest {

  @TempDir Path root;

  /** The index of this folder, as the process before left it. */
  SegmentIndex openIndex(FootageFolder folder) throws IOException {
    return SegmentIndex.open(folder.index());
  }

  /** Where sealed footage goes. */
  FootageFiles openFiles(FootageFolder folder) throws IOException {
    return folder.files();
  }

  /** The folder below which it comes to lie. */
  Path stored() {
    return root;
  }

  /** Takes the index away. */
  void loseIndex() throws IOException {
    Files.delete(root.resolve(".raspberryspy/index.db"));
  }

  /** Stands for SIGKILL: an error that nothing in the store catches. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** One process: everything that the store needs, opened on the folder. */
  private final class Life implements AutoCloseable {
    final SegmentIndex index;
    final MasterSecret secret;
    final Events events = new Events();
    final SegmentStore store;

    Life(SealStep.Probe probe) throws IOException {
      FootageFolder folder = FootageFolder.open(root);
      secret = MasterSecret.openOrCreate(folder.internals());
      index = openIndex(folder);
      SegmentStore opened;
      try {
        opened =
            SegmentStore.open(
                new SegmentStore.Parts(
                    folder,
                    openFiles(folder),
                    secret,
                    index,
                    events,
                    new DiskSpace(root, 0),
                    Clock.systemUTC()),
                probe);
      } catch (Killed e) {
        index.close();
        events.close();
        throw e;
      }
      store = opened;
    }

    CameraCredential credential() {
      return secret.credential("front");
    }

    String fill(Clip clip) throws IOException {
      UploadClaim claim = new UploadClaim(clip.id(), clip.manifest().content());
      UploadStatus upload = store.create("front", claim);
      if (upload.room() > 0) {
        ByteBuffer rest = ByteBuffer.wrap(clip.bytes(), (int) upload.offset(), (int) upload.room());
        store.append("front", upload.token(), upload.offset(), rest);
      }
      return upload.token();
    }

    Receipt upload(Clip clip) throws IOException {
      return store.seal("front", fill(clip), clip.manifest());
    }

    /** Sends all but the last bytes of it as a segment that grows. */
    void sendMost(Clip clip) throws IOException {
      UploadStatus upload = store.createOpen("front", clip.id());
      int most = clip.bytes().length - 10;
      if (upload.offset() < most) {
        int at = (int) upload.offset();
        store.append("front", upload.token(), at, ByteBuffer.wrap(clip.bytes(), at, most - at));
      }
    }

    int salvage() throws IOException {
      return store.salvage(camera -> camera.equals("front"), Duration.ZERO);
    }

    @Override
    public void close() {
      index.close();
      events.close();
    }
  }

  private static SealStep.Probe dieAfter(SealStep last) {
    return step -> {
      if (step == last) {
        throw new Killed();
      }
    };
  }

  @ParameterizedTest
  @EnumSource(SealStep.class)
  void deathAfterAnyStepLosesNothingAndDoublesNothing(SealStep step) throws Exception {
    Clip clip = Footage.clip("front", 0, 5000);
    try (Life first = new Life(dieAfter(step))) {
      String token = first.fill(clip);
      assertThatThrownBy(() -> first.store.seal("front", token, clip.manifest()))
          .isInstanceOf(Killed.class);
    }

    try (Life second = new Life(SealStep.Probe.NONE)) {
      requireTrue(second, clip, step.compareTo(SealStep.INTENT_WRITTEN) >= 0);
    }
  }

  @ParameterizedTest
  @EnumSource(SealStep.class)
  void deathWhileFinishingAnEarlierSealIsFinishedByTheNextProcess(SealStep step) throws Exception {
    Clip clip = Footage.clip("front", 0, 5000);
    try (Life first = new Life(dieAfter(SealStep.INTENT_WRITTEN))) {
      String token = first.fill(clip);
      assertThatThrownBy(() -> first.store.seal("front", token, clip.manifest()))
          .isInstanceOf(Killed.class);
    }
    assertThatThrownBy(() -> new Life(dieAfter(step))).isInstanceOf(Killed.class);

    try (Life third = new Life(SealStep.Probe.NONE)) {
      requireTrue(third, clip, true);
    }
  }

  @ParameterizedTest
  @EnumSource(SealStep.class)
  void deathAndLossOfTheIndexTogetherLoseNothing(SealStep step) throws Exception {
    Clip before = Footage.clip("front", 0, 4000);
    Clip clip = Footage.clip("front", 1, 5000);
    try (Life zero = new Life(SealStep.Probe.NONE)) {
      zero.upload(before);
      zero.store.save(before.id(), true);
    }
    try (Life first = new Life(dieAfter(step))) {
      String token = first.fill(clip);
      assertThatThrownBy(() -> first.store.seal("front", token, clip.manifest()))
          .isInstanceOf(Killed.class);
    }
    loseIndex();

    try (Life second = new Life(SealStep.Probe.NONE)) {
      requireTrue(second, clip, step.compareTo(SealStep.INTENT_WRITTEN) >= 0);
      assertThat(second.index.find(before.id())).map(StoredSegment::saved).contains(true);
      assertThat(second.index.find(clip.id())).map(StoredSegment::saved).contains(false);
    }
  }

  @ParameterizedTest
  @EnumSource(SealStep.class)
  void failureAfterAnyStepIsMadeGoodByTheSameProcess(SealStep step) throws Exception {
    Clip clip = Footage.clip("front", 0, 5000);
    AtomicBoolean broken = new AtomicBoolean(true);
    SealStep.Probe failing =
        reached -> {
          if (reached == step && broken.get()) {
            throw new UncheckedIOException(new IOException("No space left on device"));
          }
        };
    try (Life life = new Life(failing)) {
      String token = life.fill(clip);
      for (int i = 0; i < 3 && step != SealStep.CLEANED && step != SealStep.INDEXED; i++) {
        assertThatThrownBy(() -> life.store.seal("front", token, clip.manifest()))
            .isInstanceOf(UncheckedIOException.class);
      }
      broken.set(false);

      requireTrue(life, clip, false);
    }
  }

  @Test
  void bytesThatChangedAfterTheIntentAreNotTrusted() throws Exception {
    Clip clip = Footage.clip("front", 0, 5000);
    String token;
    try (Life first = new Life(dieAfter(SealStep.INTENT_WRITTEN))) {
      token = first.fill(clip);
      assertThatThrownBy(() -> first.store.seal("front", token, clip.manifest()))
          .isInstanceOf(Killed.class);
    }
    Path part = root.resolve(".raspberryspy/incoming").resolve(token + ".part");
    byte[] zeroed = clip.bytes().clone();
    java.util.Arrays.fill(zeroed, 3000, 4000, (byte) 0); // a page that the power cut took
    Files.write(part, zeroed);

    try (Life second = new Life(SealStep.Probe.NONE)) {
      assertThat(second.index.find(clip.id())).isEmpty();
      requireTrue(second, clip, false);
    }
  }

  @Test
  void rowWithoutItsFileIsNoReasonForAReceipt() throws Exception {
    Clip clip = Footage.clip("front", 0, 5000);
    try (Life process = new Life(SealStep.Probe.NONE)) {
      process.upload(clip);
      Path video = stored().resolve(process.index.find(clip.id()).orElseThrow().path());
      Files.delete(video);

      requireTrue(process, clip, false);
    }
  }

  @Test
  void damagedIndexIsPutAsideAndRebuilt() throws Exception {
    Clip clip = Footage.withMotion("front", 0);
    try (Life first = new Life(SealStep.Probe.NONE)) {
      first.upload(clip);
      first.store.save(clip.id(), true);
    }
    Files.writeString(root.resolve(".raspberryspy/index.db"), "this is no database ".repeat(1000));

    try (Life second = new Life(SealStep.Probe.NONE)) {
      assertThat(second.index.find(clip.id())).map(StoredSegment::saved).contains(true);
      requireTrue(second, clip, true);
    }
    assertThat(root.resolve(".raspberryspy/index.db.damaged")).exists();
  }

  @ParameterizedTest
  @EnumSource(SealStep.class)
  void deathWhileALostCamerasSegmentIsSalvagedIsMadeGood(SealStep step) throws Exception {
    Clip clip = Footage.recorded("front", 0, 5000);
    try (Life first = new Life(dieAfter(step))) {
      first.sendMost(clip);
      assertThatThrownBy(first::salvage).isInstanceOf(Killed.class);
    }

    try (Life second = new Life(SealStep.Probe.NONE)) {
      second.salvage();

      StoredSegment salvaged = second.index.find(clip.id()).orElseThrow();
      SegmentManifest manifest = salvaged.manifest();
      assertThat(manifest.closed()).isEqualTo(CloseReason.SALVAGED);
      assertThat(manifest.frames()).isEqualTo(10);
      assertThat(manifest.start()).isEqualTo(clip.manifest().start());
      assertThat(manifest.end()).isEqualTo(manifest.start().plusSeconds(1));
      assertThat(manifest.gaps()).extracting(Gap::reason).containsExactly("restart");
      assertThat(manifest.isMotionKnown()).isFalse();
      assertThat(DurableFiles.hash(stored().resolve(salvaged.path())))
          .isEqualTo(manifest.content());
      assertThat(copies(clip.id())).hasSize(1);
      assertThat(second.salvage()).isZero();
      requireTrue(second, clip, true);
    }
  }

  @ParameterizedTest
  @EnumSource(SealStep.class)
  void deathWhileTheWholeReplacesWhatWasSalvagedLeavesOneAndItsMark(SealStep step)
      throws Exception {
    Clip clip = Footage.recorded("front", 0, 5000);
    try (Life zero = new Life(SealStep.Probe.NONE)) {
      zero.sendMost(clip);
      assertThat(zero.salvage()).isOne();
      zero.store.save(clip.id(), true);
    }
    try (Life first = new Life(dieAfter(step))) {
      first.sendMost(clip);
      String token = first.fill(clip);
      assertThatThrownBy(() -> first.store.seal("front", token, clip.manifest()))
          .isInstanceOf(Killed.class);
    }

    try (Life second = new Life(SealStep.Probe.NONE)) {
      assertThat(second.index.find(clip.id())).map(StoredSegment::saved).contains(true);
      requireTrue(second, clip, true);
      assertThat(second.index.find(clip.id())).map(StoredSegment::saved).contains(true);
      assertThat(second.index.totals().segments()).isOne();
    }
    try (Stream<Path> files = Files.walk(stored().resolve("front"))) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(3); // video, manifest, saved mark
    }
  }

  @ParameterizedTest
  @EnumSource(SealStep.class)
  void whatIsThereAgainAfterItWasDeletedIsThereAlsoWithoutTheIndex(SealStep step) throws Exception {
    Clip clip = Footage.recorded("front", 0, 5000);
    try (Life zero = new Life(SealStep.Probe.NONE)) {
      zero.upload(clip);
      zero.store.trash(clip.id());
    }
    try (Life first = new Life(dieAfter(step))) {
      String token = first.fill(clip);
      assertThatThrownBy(() -> first.store.seal("front", token, clip.manifest()))
          .isInstanceOf(Killed.class);
    }
    try (Life second = new Life(SealStep.Probe.NONE)) {
      requireTrue(second, clip, step.compareTo(SealStep.INTENT_WRITTEN) >= 0);
    }
    loseIndex();
    try (Life third = new Life(SealStep.Probe.NONE)) {
      requireTrue(third, clip, true);
    }
  }

  @Test
  void aSalvageInTheTrashDoesNotTakeTheWholeWithItIntoANewIndex() throws Exception {
    Clip clip = Footage.recorded("front", 0, 5000);
    Path salvaged;
    try (Life life = new Life(SealStep.Probe.NONE)) {
      life.sendMost(clip);
      assertThat(life.salvage()).isOne();
      salvaged = stored().resolve(life.index.find(clip.id()).orElseThrow().path());
      byte[] video = Files.readAllBytes(salvaged);
      byte[] manifest = Files.readAllBytes(Beside.manifest(salvaged));
      life.upload(clip);
      Files.write(salvaged, video); // as a master left them that forgot to delete them
      Files.write(Beside.manifest(salvaged), manifest);
      Files.writeString(Beside.trashMark(salvaged), "2026-11-24T00:00:00Z");
    }
    loseIndex();
    try (Life next = new Life(SealStep.Probe.NONE)) {
      assertThat(next.index.find(clip.id()).orElseThrow().isSalvaged()).isFalse();
      assertThat(next.index.trash().find(clip.id())).isEmpty();
    }
  }

  @Test
  void theMarkItselfSaysSinceWhenASegmentIsInTheTrash() throws Exception {
    Clip clip = Footage.recorded("front", 0, 5000);
    Instant deleted;
    Path mark;
    try (Life life = new Life(SealStep.Probe.NONE)) {
      life.upload(clip);
      Path video = stored().resolve(life.index.find(clip.id()).orElseThrow().path());
      life.store.trash(clip.id());
      deleted = life.index.trash().find(clip.id()).orElseThrow().deletedAt();
      mark = Beside.trashMark(video);
    }
    Files.setLastModifiedTime(mark, FileTime.from(Instant.EPOCH)); // as a copy of it may have
    loseIndex();
    try (Life next = new Life(SealStep.Probe.NONE)) {
      assertThat(next.index.trash().find(clip.id()).orElseThrow().deletedAt()).isEqualTo(deleted);
    }
  }

  @Test
  void uploadOfTheWholeSurvivesARestartBesideWhatWasSalvaged() throws Exception {
    Clip clip = Footage.recorded("front", 0, 5000);
    try (Life first = new Life(SealStep.Probe.NONE)) {
      first.sendMost(clip);
      assertThat(first.salvage()).isOne();
      first.sendMost(clip);
    }
    try (Life second = new Life(SealStep.Probe.NONE)) {
      assertThat(second.store.createOpen("front", clip.id()).offset())
          .isEqualTo(clip.bytes().length - 10);
      requireTrue(second, clip, true);
    }
  }

  @Test
  void moreOfASegmentReplacesLessOfItAndLessGoes() throws Exception {
    Clip clip = Footage.recorded("front", 0, 5000);
    try (Life life = new Life(SealStep.Probe.NONE)) {
      life.sendMost(clip);
      assertThat(life.salvage()).isOne();
      life.sendMost(clip);
      assertThat(life.salvage()).isZero();
      assertThat(copies(clip.id())).hasSize(1);

      UploadStatus again = life.store.createOpen("front", clip.id());
      int at = (int) again.offset();
      assertThat(at).as("what was salvaged is not sent again").isPositive();
      life.store.append(
          "front", again.token(), at, ByteBuffer.wrap(clip.bytes(), at, clip.bytes().length - at));
      assertThat(life.salvage()).isOne();
      assertThat(life.index.find(clip.id()).orElseThrow().manifest().frames()).isEqualTo(20);
      assertThatThrownBy(() -> life.store.status("front", again.token()))
          .as("only the whole is for ever")
          .isInstanceOf(StoreException.class);
      requireTrue(life, clip, true);
    }
  }

  @Test
  void whatCameAfterASalvageThatFailedIsInTheNextOne() throws Exception {
    Clip clip = Footage.recorded("front", 0, 5000);
    AtomicBoolean broken = new AtomicBoolean(true);
    SealStep.Probe failing =
        reached -> {
          if (reached == SealStep.SYNCED && broken.get()) {
            throw new UncheckedIOException(new IOException("the bucket is away"));
          }
        };
    try (Life life = new Life(failing)) {
      life.sendMost(clip);
      assertThat(life.salvage()).isZero();
      broken.set(false);
      UploadStatus upload = life.store.createOpen("front", clip.id());
      int at = (int) upload.offset();
      life.store.append(
          "front", upload.token(), at, ByteBuffer.wrap(clip.bytes(), at, clip.bytes().length - at));

      assertThat(life.salvage()).isOne();

      assertThat(life.index.find(clip.id()).orElseThrow().manifest().frames()).isEqualTo(20);
      Path quarantine = stored().resolve(".raspberryspy/quarantine");
      assertThat(!Files.exists(quarantine) || isEmpty(quarantine)).isTrue();
      requireTrue(life, clip, true);
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.findAny().isEmpty();
    }
  }

  @Test
  void whatIsNotYetVideoOrIsAnothersStaysAnUpload() throws Exception {
    Clip clip = Footage.recorded("front", 0, 5000);
    Clip other = Footage.recorded("front", 1, 5000);
    try (Life life = new Life(SealStep.Probe.NONE)) {
      UploadStatus upload = life.store.createOpen("front", clip.id());
      life.store.append("front", upload.token(), 0, ByteBuffer.wrap(clip.bytes(), 0, 700));
      UploadStatus wrong = life.store.createOpen("front", other.id());
      life.store.append("front", wrong.token(), 0, ByteBuffer.wrap(clip.bytes()));

      assertThat(life.salvage()).isZero();
      assertThat(life.store.salvage(camera -> false, Duration.ZERO)).isZero();
      assertThat(life.store.salvage(camera -> true, Duration.ofMinutes(1))).isZero();
      assertThat(life.store.status("front", upload.token()).offset()).isEqualTo(700);
      assertThat(life.store.status("front", wrong.token()).offset()).isEqualTo(clip.bytes().length);
    }
  }

  /** I1 to I3, and that the camera can come to its receipt. */
  private void requireTrue(Life process, Clip clip, boolean storedAlready) throws IOException {
    if (storedAlready) {
      assertThat(process.index.find(clip.id())).isPresent();
    }
    Receipt receipt = process.upload(clip);
    assertThat(receipt.vouchesFor(process.credential(), clip.id(), clip.manifest().content()))
        .isTrue();
    StoredSegment row = process.index.find(clip.id()).orElseThrow();
    Path video = stored().resolve(row.path());
    assertThat(DurableFiles.hash(video)).isEqualTo(clip.manifest().content());
    assertThat(ManifestCodec.read(Beside.manifest(video))).isEqualTo(clip.manifest());
    assertThat(copies(clip.id())).hasSize(1);
    try (Stream<Path> left = Files.list(root.resolve(".raspberryspy/incoming"))) {
      assertThat(left).isEmpty();
    }
  }

  private List<Path> copies(SegmentId id) throws IOException {
    try (Stream<Path> files = Files.walk(stored().resolve(id.camera()))) {
      return files
          .filter(f -> f.toString().contains(id.runAndSequence()))
          .filter(f -> f.toString().endsWith(".mp4"))
          .toList();
    }
  }
}
