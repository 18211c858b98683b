package io.github.raspberryspy.sink.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.segments.faults.FaultyFiles;
import io.github.raspberryspy.segments.faults.MemoryDisk;
import io.github.raspberryspy.sink.Footage;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.auth.MasterSecret;
import io.github.raspberryspy.sink.index.FileFact;
import io.github.raspberryspy.sink.index.StoredSegment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the master took in is not lost to whoever speaks for the camera next, nor to a bad disk. */
class KeptFootageTest {

  @TempDir Path real;

  private final Clip clip = Footage.recorded("front", 0, 3000);

  /** As long as the clip without its end, and so as what is salvaged of it. */
  private final int most = clip.bytes().length - 10;

  private final Clip forged = Footage.clip(clip.id(), 100, 99);
  private final MemoryDisk disk = new MemoryDisk();
  private final FaultyFiles faults = new FaultyFiles(disk.path("/"));
  private final Path root = faults.path(disk.path("/footage"));
  private MasterSecret secret;
  private StoreLife life;

  @BeforeEach
  void open() throws IOException {
    secret = MasterSecret.openOrCreate(real.resolve("secret"));
    life = new StoreLife(root, real.resolve("index.db"), secret);
  }

  @AfterEach
  void close() {
    life.close();
  }

  @Test
  void anotherClipUnderTheIdOfWhatWasSalvagedIsKeptBesideIt() throws Exception {
    sendOpen(most);
    assertThat(life.store.salvage(camera -> true, Duration.ZERO)).isOne();
    life.store.save(clip.id(), true);

    refuse(StoreException.Kind.CONFLICT, stranger(forged), forged);

    requireSalvaged();
    life.requireListedAndSaved(clip.id());
    assertThat(quarantined()).containsExactly(forged.bytes());
  }

  @Test
  void aClipThatIsTheSameAtFirstIsNotTheWhole() throws Exception {
    sendOpen(most);
    assertThat(life.store.salvage(camera -> true, Duration.ZERO)).isOne();
    byte[] bytes = clip.bytes().clone();
    bytes[1500] ^= 1;
    Clip other = Footage.of(clip.id(), bytes, List.of());

    refuse(StoreException.Kind.CONFLICT, stranger(other), other);

    requireSalvaged();
  }

  @Test
  void whatWasSentOfTheOpenSegmentIsSalvagedBeforeSomethingShorterTakesItsId() throws Exception {
    sendOpen(most);

    refuse(StoreException.Kind.CONFLICT, life.fill(forged, forged.bytes().length), forged);

    requireSalvaged();
    assertThat(quarantined()).containsExactly(forged.bytes());
  }

  @Test
  void whatWasProvedOfTheOpenSegmentIsKeptWhereItsSealFindsOtherBytes() throws Exception {
    UploadStatus open = sendOpen(most);
    byte[] bytes = clip.bytes().clone();
    bytes[2000] ^= 1;
    Clip other = Footage.of(clip.id(), bytes, List.of());
    assertThat(life.fill(other, bytes.length)).isEqualTo(open.token());

    refuse(StoreException.Kind.CORRUPT, open.token(), other);

    assertThat(quarantined()).hasSize(1);
    assertThat(quarantined().get(0)).startsWith(Arrays.copyOf(clip.bytes(), most));
    life.requireTaken(other);
  }

  @Test
  void whatWasSentOfTheOpenSegmentIsSalvagedWhereItsUploadIsDropped() throws Exception {
    UploadStatus open = sendOpen(most);

    life.store.drop("front", open.token());

    requireSalvaged();
  }

  @Test
  void aFailedFsyncCostsOnlyWhatCameAfterTheOneBefore() throws Exception {
    UploadStatus open = sendOpen(3000);
    faults.before(
        what -> {
          if (what.startsWith("fsync") && what.endsWith(".part")) {
            faults.before(any -> {});
            throw new IOException("injected: Input/output error");
          }
        });
    assertThatThrownBy(() -> append(open.token(), 3000, 4000)).isInstanceOf(StoreException.class);
    assertThat(offset(open)).isEqualTo(3000);
    assertThat(Files.size(part(open))).isEqualTo(3000);

    append(open.token(), 3000, most);
    life.requireTaken(clip);
  }

  @Test
  void aThreadThatIsInterruptedAndADiskThatCannotCutLoseNothing() throws Exception {
    UploadStatus open = sendOpen(3000);
    faults.before(
        what -> {
          if (what.startsWith("fsync") && what.endsWith(".part")) {
            throw new ClosedByInterruptException();
          }
        });
    assertThatThrownBy(() -> append(open.token(), 3000, 4000)).isInstanceOf(StoreException.class);
    faults.before(any -> {});
    assertThat(offset(open)).isEqualTo(3000);

    append(open.token(), 3000, 3500); // shorter than what was left behind
    assertThat(Files.size(part(open))).isEqualTo(3500);
    life.requireTaken(clip);
  }

  @Test
  void aSealThatCannotSyncGoesBackToWhatWasProved() throws Exception {
    UploadStatus open = sendOpen(most);
    String token = life.fill(clip, clip.bytes().length);
    faults.before(
        what -> {
          if (what.startsWith("fsync") && what.endsWith(".part")) {
            throw new IOException("injected: Input/output error");
          }
        });
    refuse(StoreException.Kind.IO, token, clip);
    faults.before(any -> {});
    assertThat(offset(open)).isEqualTo(most);
    life.requireTaken(clip);
  }

  @Test
  void anUploadThatExpiresAndCannotBeSalvagedYetIsKeptForTheNextTime() throws Exception {
    UploadStatus open = sendOpen(most);
    faults.before(
        what -> {
          if (what.contains(".seal")) {
            throw new IOException("injected: No space left on device");
          }
        });
    life.store.expire(Duration.ZERO);
    assertThat(offset(open)).isGreaterThan(3000);

    faults.before(any -> {});
    life.store.expire(Duration.ZERO);
    requireSalvaged();
  }

  @Test
  void aDamagedSegmentStaysListedAndSavedUntilAWholeOneWasVerified() throws Exception {
    life.upload(clip);
    life.store.save(clip.id(), true);
    StoredSegment row = life.index.find(clip.id()).orElseThrow();
    byte[] flipped = clip.bytes().clone();
    flipped[900] ^= 1;
    Files.write(root.resolve(row.path()), flipped);
    FileFact fact = FileFact.of(life.index.find(clip.id()).orElseThrow());
    life.index.damage().note(fact, "its bytes changed", Instant.EPOCH);

    String token = life.fill(clip, 2000);
    assertThat(life.store.status("front", token).offset()).isEqualTo(2000);
    life.store.createOpen("front", clip.id());
    life.requireListedAndSaved(clip.id());
    refuse(StoreException.Kind.CONFLICT, stranger(forged), forged);
    life.requireListedAndSaved(clip.id());

    life.requireTaken(clip);
    life.requireSaved(clip);
    assertThat(life.index.find(clip.id()).orElseThrow())
        .isEqualTo(new StoredSegment(row.manifest(), row.receivedAt(), true, row.path()));
  }

  @Test
  void aSegmentThatTurnsOutDamagedOnTheWayToItsReceiptStaysListed() throws Exception {
    life.upload(clip);
    String path = life.index.find(clip.id()).orElseThrow().path();
    byte[] flipped = clip.bytes().clone();
    flipped[900] ^= 1;
    Files.write(root.resolve(path), flipped);

    String token = life.fill(clip, 0);
    refuse(StoreException.Kind.NOT_FOUND, token, clip);

    assertThat(life.index.find(clip.id()).orElseThrow().damage()).isPresent();
    assertThat(root.resolve(path)).exists();
    life.requireTaken(clip);
    assertThat(life.index.find(clip.id()).orElseThrow().damage()).isEmpty();
  }

  @Test
  void aFreshCopyTakesThePlaceOfBytesThatNobodyLookedAtSince() throws Exception {
    String token = stranger(clip);
    life.upload(clip);
    Path video = root.resolve(life.index.find(clip.id()).orElseThrow().path());
    byte[] flipped = clip.bytes().clone();
    flipped[900] ^= 1;
    Files.write(video, flipped);

    life.store.seal("front", token, clip.manifest());

    life.requireHeld(clip);
  }

  @Test
  void theWholeOfADeletedSalvageLeavesNothingOfItBehind() throws Exception {
    sendOpen(most);
    assertThat(life.store.salvage(camera -> true, Duration.ZERO)).isOne();
    life.store.trash(clip.id());

    life.requireTaken(clip);

    assertThat(life.index.trash().find(clip.id())).isEmpty();
    try (Stream<Path> files = Files.walk(root.resolve("front"))) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(2); // video and manifest
    }
  }

  @Test
  void anotherClipUnderTheIdOfADeletedOneLeavesItInTheTrash() throws Exception {
    life.upload(clip);
    life.store.trash(clip.id());

    refuse(StoreException.Kind.CONFLICT, stranger(forged), forged);

    life.store.restore(clip.id());
    life.requireHeld(clip);
  }

  @Test
  void theTrashIsMarkedAtTheStartWithoutReadingWhatMayBeLarge() throws Exception {
    life.upload(clip);
    Path mark = Beside.trashMark(root.resolve(life.index.find(clip.id()).orElseThrow().path()));
    life.store.trash(clip.id());
    life.close();
    Files.delete(mark);
    try (Connection database =
            DriverManager.getConnection("jdbc:sqlite:" + real.resolve("index.db"));
        Statement statement = database.createStatement()) {
      statement.execute("UPDATE trash SET manifest = x'00'"); // whoever reads it fails
    }

    open();

    assertThat(mark).exists();
  }

  @Test
  void whereThereIsNoRoomForACopyOfWhatWasSalvagedTheWholeIsSent() throws Exception {
    Clip large = Footage.recorded("front", 1, 1_500_000);
    life.grow(large, large.bytes().length - 10);
    assertThat(life.store.salvage(camera -> true, Duration.ZERO)).isOne();
    life.close();
    long reserve = Files.getFileStore(root).getUsableSpace() - 1_400_000;
    life = new StoreLife(root, real.resolve("index.db"), secret, reserve);

    assertThat(life.store.createOpen("front", large.id()).offset()).isZero();
    assertThat(life.index.find(large.id()).orElseThrow().isSalvaged()).isTrue();
  }

  @Test
  void whoBeginsAndDropsAgainHasTheCopyDroppedAndNothingStored() throws Exception {
    sendOpen(most);
    assertThat(life.store.salvage(camera -> true, Duration.ZERO)).isOne();
    StoredSegment row = life.index.find(clip.id()).orElseThrow();

    life.store.drop("front", life.store.createOpen("front", clip.id()).token());

    assertThat(life.index.find(clip.id())).contains(row);
    assertThat(quarantined()).isEmpty();
    assertThat(life.store.create("front", claim(forged)).offset()).as("no copy").isZero();
  }

  private static UploadClaim claim(Clip clip) {
    return new UploadClaim(clip.id(), clip.manifest().content());
  }

  private UploadStatus sendOpen(int upTo) throws IOException {
    UploadStatus open = life.store.createOpen("front", clip.id());
    for (int at = (int) open.offset(); at < upTo; at += 1000) {
      append(open.token(), at, Math.min(at + 1000, upTo));
    }
    return open;
  }

  private void append(String token, int from, int to) throws IOException {
    life.store.append("front", token, from, ByteBuffer.wrap(clip.bytes(), from, to - from));
  }

  /** The upload of a client that does not say what it is. */
  private String stranger(Clip clip) throws IOException {
    UploadStatus upload = life.store.create("front", OptionalLong.of(clip.bytes().length));
    life.store.append("front", upload.token(), 0, ByteBuffer.wrap(clip.bytes()));
    return upload.token();
  }

  private void refuse(StoreException.Kind kind, String token, Clip clip) {
    assertThatThrownBy(() -> life.store.seal("front", token, clip.manifest()))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).as("%s", e).isEqualTo(kind));
  }

  private long offset(UploadStatus upload) {
    return life.store.status("front", upload.token()).offset();
  }

  private Path part(UploadStatus upload) {
    return root.resolve(".raspberryspy/incoming").resolve(upload.token() + ".part");
  }

  /** What the first fragment holds is listed, and its file is the beginning of the clip. */
  private void requireSalvaged() throws IOException {
    StoredSegment row = life.index.find(clip.id()).orElseThrow();
    assertThat(row.isSalvaged()).isTrue();
    byte[] held = Files.readAllBytes(root.resolve(row.path()));
    assertThat(held.length).isGreaterThan(3000);
    assertThat(clip.bytes()).startsWith(held);
  }

  private List<byte[]> quarantined() throws IOException {
    try (Stream<Path> files = Files.list(root.resolve(".raspberryspy/quarantine"))) {
      List<byte[]> videos = new ArrayList<>();
      for (Path file : files.filter(f -> f.toString().endsWith(".mp4")).toList()) {
        videos.add(Files.readAllBytes(file));
      }
      return videos;
    }
  }
}
