package io.github.raspberryspy.sink.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.segments.faults.FaultProxy;
import io.github.raspberryspy.segments.faults.Toxic;
import io.github.raspberryspy.segments.servers.S3Server;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.sink.Footage;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.TestBucket;
import io.github.raspberryspy.sink.auth.MasterSecret;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.StoredSegment;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What grows at one replica of a master is not lost with it: the bucket has it. */
@Timeout(120)
class SharedUploadsTest {

  @TempDir Path folder;

  private final Clip clip = Footage.recorded("front", 0, 30_000);
  private final int whole = clip.bytes().length;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private S3Server server;
  private FaultProxy proxy;
  private MasterSecret secret;
  private SegmentIndex index;
  private Replica first;

  /** A store with a folder of its own; index and bucket are those of all. */
  private final class Replica {
    final SegmentStore store;
    final Path root;

    Replica(String name, URI endpoint) throws IOException {
      this.root = folder.resolve(name);
      FootageFolder home = FootageFolder.open(root);
      BucketFiles files =
          keep(
              BucketFiles.open(
                  TestBucket.of(endpoint, "s3://cctv/home", S3Server.SECRET_KEY, false, folder),
                  "the-id"));
      files.share();
      store =
          keep(
              SegmentStore.open(
                  new SegmentStore.Parts(
                      home,
                      files,
                      secret,
                      index,
                      keep(new Events()),
                      new DiskSpace(root, 0, false),
                      Clock.systemUTC())));
    }

    /** Sends on from where the master is, in pieces of so many bytes. */
    UploadStatus grow(int upTo, int piece) throws IOException {
      UploadStatus upload = store.createOpen("front", clip.id());
      while (upload.offset() < upTo) {
        upload = append(upload, (int) Math.min(piece, upTo - upload.offset()));
      }
      return upload;
    }

    UploadStatus append(UploadStatus upload, int bytes) throws IOException {
      return store.append(
          "front",
          upload.token(),
          upload.offset(),
          ByteBuffer.wrap(clip.bytes(), (int) upload.offset(), bytes));
    }

    Receipt finish() throws IOException {
      UploadStatus upload =
          store.create("front", new UploadClaim(clip.id(), clip.manifest().content()));
      if (upload.offset() < whole) {
        append(upload, (int) (whole - upload.offset()));
      }
      return store.seal("front", upload.token(), clip.manifest());
    }
  }

  private <T extends AutoCloseable> T keep(T part) {
    open.push(part);
    return part;
  }

  @BeforeEach
  void start() throws IOException {
    server = keep(S3Server.start(Files.createDirectory(folder.resolve("s3")), "cctv"));
    proxy = keep(new FaultProxy(server.uri().getPort(), 1));
    secret = MasterSecret.openOrCreate(folder.resolve("secret"));
    index = keep(SegmentIndex.open(folder.resolve("index.db")));
    first = new Replica("first", server.uri());
  }

  @AfterEach
  void stop() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  /** The names of what is under way in the bucket. */
  private List<String> pieces() throws IOException {
    Path incoming = server.bucket("cctv").resolve("home/.raspberryspy/incoming");
    if (!Files.exists(incoming)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(incoming)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private byte[] stored() throws IOException {
    StoredSegment row = index.find(clip.id()).orElseThrow();
    return Files.readAllBytes(server.bucket("cctv").resolve("home").resolve(row.path()));
  }

  @Test
  void anotherReplicaGoesOnWithWhatGrewAndSealsIt() throws Exception {
    first.grow(20_000, 7_000);
    assertThat(pieces()).as("a note and three pieces").hasSize(4);

    Replica second = new Replica("second", server.uri());
    assertThat(second.grow(20_000, 7_000).offset()).isEqualTo(20_000);
    second.grow(25_000, 100_000);
    Receipt receipt = second.finish();

    assertThat(receipt.vouchesFor(secret.credential("front"), clip.id(), clip.manifest().content()))
        .isTrue();
    assertThat(stored()).isEqualTo(clip.bytes());
    assertThat(pieces()).isEmpty();
    assertThat(second.root.resolve(".raspberryspy/incoming")).isEmptyDirectory();
  }

  @Test
  void whatACameraThatIsGoneHadSentToOneReplicaIsSalvagedByAnother() throws Exception {
    first.grow(whole - 10, 5_000);

    Replica second = new Replica("second", server.uri());
    assertThat(second.store.salvage(camera -> true, Duration.ZERO)).isOne();

    assertThat(index.find(clip.id()).orElseThrow().isSalvaged()).isTrue();
    assertThat(stored()).isEqualTo(Arrays.copyOf(clip.bytes(), stored().length));
    assertThat(stored().length).isGreaterThan(whole / 3);
    assertThat(pieces()).isEmpty();
  }

  @Test
  void theCameraThatIsBackSendsOnlyTheRestOfWhatWasSalvagedAndThatIsShared() throws Exception {
    first.grow(whole - 10, 5_000);
    assertThat(first.store.salvage(camera -> true, Duration.ZERO)).isOne();
    int salvaged = stored().length;
    assertThat(first.grow(0, 1).offset()).isEqualTo(salvaged);

    Replica second = new Replica("second", server.uri());
    assertThat(second.grow(0, 1).offset()).isEqualTo(salvaged);
    second.finish();
    assertThat(stored()).isEqualTo(clip.bytes());
  }

  @Test
  void whoThinksThatItStillServesIsToldWhereTheOtherOneIs() throws Exception {
    UploadStatus stale = first.grow(5_000, 5_000);
    Replica second = new Replica("second", server.uri());
    second.grow(11_000, 3_000);

    assertThatThrownBy(() -> first.append(stale, 4_000))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(StoreException.Kind.WRONG_OFFSET);
              assertThat(e.offset()).isEqualTo(11_000);
            });
    first.grow(15_000, 2_000);
    assertThat(second.grow(0, 1).offset()).as("as far as it knows").isEqualTo(11_000);
    assertThat(second.store.salvage(camera -> true, Duration.ZERO)).as("not yet whole").isZero();
    assertThat(second.grow(0, 1).offset()).isEqualTo(15_000);
    second.finish();
    assertThat(stored()).isEqualTo(clip.bytes());
  }

  @Test
  void anUploadThatTheOtherBeganMeanwhileIsFound() throws Exception {
    Replica second = new Replica("second", server.uri());
    first.grow(9_000, 4_000);
    assertThat(second.grow(0, 1).offset()).isEqualTo(9_000);
    second.finish();
    assertThat(stored()).isEqualTo(clip.bytes());
  }

  @Test
  void whatWasCutGoesOnFromTheCut() throws Exception {
    Path file = Files.write(folder.resolve("file"), clip.bytes());
    for (int cut : new int[] {0, 1, 4_000, 4_001, 9_999, 10_000, 12_000}) {
      BucketFiles files =
          keep(BucketFiles.open(TestBucket.of(server, "s3://cctv/cut" + cut, folder), "an-id"));
      UploadPieces.Shared shared = new UploadPieces.Shared(files, () -> {});
      UploadPieces pieces = new UploadPieces(shared, "token");
      UploadInfo info = new UploadInfo("front", OptionalLong.empty(), Optional.of(clip.id()));
      assertThat(pieces.begin(info)).isEqualTo(info);
      for (int to : new int[] {4_000, 6_000, 10_000, 12_000}) {
        assertThat(pieces.add(file, to)).isTrue();
      }
      pieces.cut(file, cut);
      assertThat(pieces.end()).isEqualTo(cut);
      UploadPieces other = new UploadPieces(shared, "token");
      other.look();
      assertThat(other.end()).isEqualTo(cut);
      assertThat(other.add(file, whole)).isTrue();
      pieces.look();
      assertThat(pieces.end()).isEqualTo(whole);
      Path copy = folder.resolve("copy" + cut);
      pieces.fetch(copy, whole);
      assertThat(copy).hasBinaryContent(clip.bytes());
    }
  }

  @Test
  void whoDoesNotServeTakesNothingAway() throws Exception {
    Path file = Files.write(folder.resolve("file"), clip.bytes());
    BucketFiles files =
        keep(BucketFiles.open(TestBucket.of(server, "s3://cctv/home", folder), "the-id"));
    UploadInfo info = new UploadInfo("front", OptionalLong.empty(), Optional.of(clip.id()));
    UploadPieces mine = new UploadPieces(new UploadPieces.Shared(files, () -> {}), "token");
    mine.begin(info);
    mine.add(file, 4_000);
    mine.add(file, 6_000);
    Runnable refusing =
        () -> {
          throw new IllegalStateException("another one serves");
        };
    UploadPieces stale = new UploadPieces(new UploadPieces.Shared(files, refusing), "token");
    stale.look();

    assertThatThrownBy(() -> stale.cut(file, 5_000)).hasMessage("another one serves");
    assertThatThrownBy(stale::discard).hasMessage("another one serves");
    assertThatThrownBy(() -> stale.begin(info)).hasMessage("another one serves");
    mine.look();
    assertThat(mine.end()).isEqualTo(6_000);
    assertThat(pieces()).hasSize(3);
  }

  @Test
  void whatAnEndedUploadLeftIsNotTheBeginningOfTheNext() throws Exception {
    UploadStatus upload = first.grow(9_000, 3_000);
    Path incoming = server.bucket("cctv").resolve("home/.raspberryspy/incoming");
    Files.delete(incoming.resolve(upload.token() + ".info")); // the end was interrupted here

    Replica second = new Replica("second", server.uri());
    assertThat(pieces()).isEmpty();
    second.grow(4_000, 2_000);
    Files.delete(incoming.resolve(upload.token() + ".info"));
    Replica third = new Replica("third", server.uri());
    second.grow(6_000, 2_000); // a piece that belongs to nothing any more
    assertThat(pieces()).hasSize(1);
    assertThat(third.grow(0, 1).offset()).isZero();
    third.finish();
    assertThat(stored()).isEqualTo(clip.bytes());
  }

  @Test
  void whatIsNotInTheBucketIsNotVouchedForAndALostAnswerDoublesNothing() throws Exception {
    Replica far = new Replica("far", URI.create("http://127.0.0.1:" + proxy.port()));
    UploadStatus upload = far.grow(5_000, 5_000);
    proxy.refuse(true);
    proxy.cut();
    assertThatThrownBy(() -> far.append(upload, 3_000))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.AWAY));
    assertThat(far.store.status("front", upload.token()).offset()).isEqualTo(5_000);
    proxy.heal();

    proxy.downstream(new Toxic.LimitData(0)); // the store takes it, and nobody is told
    assertThatThrownBy(() -> far.append(upload, 3_000)).isInstanceOf(StoreException.class);
    proxy.heal();
    assertThatThrownBy(() -> far.append(upload, 3_000))
        .isInstanceOfSatisfying(StoreException.class, e -> assertThat(e.offset()).isEqualTo(8_000));
    far.grow(12_000, 4_000);
    far.finish();
    assertThat(stored()).isEqualTo(clip.bytes());
  }

  @Test
  void wholeSegmentsOfABacklogGoThroughTheFolderOnly() throws Exception {
    UploadStatus upload =
        first.store.create("front", new UploadClaim(clip.id(), clip.manifest().content()));
    first.store.append(
        "front", upload.token(), 0, new ByteArrayInputStream(clip.bytes()), whole, () -> {});
    assertThat(pieces()).isEmpty();
    first.store.seal("front", upload.token(), clip.manifest());
    assertThat(stored()).isEqualTo(clip.bytes());
  }

  @Test
  void whatAReplicaHadBesideTheBucketDoesNotCountWhenItIsBack() throws Exception {
    UploadStatus upload = first.grow(9_000, 9_000);
    Path copy = first.root.resolve(".raspberryspy/incoming").resolve(upload.token() + ".part");
    Files.write(copy, new byte[20_000]); // as a power cut leaves it

    Replica again = new Replica("first", server.uri());
    assertThat(again.grow(0, 1).offset()).isEqualTo(9_000);
    again.finish();
    assertThat(stored()).isEqualTo(clip.bytes());
  }

  @Test
  void refusedBytesAreKeptInTheBucket() throws Exception {
    first.grow(whole, 10_000);
    byte[] bytes = clip.bytes().clone();
    bytes[2000] ^= 1;
    Clip other = Footage.of(clip.id(), bytes, List.of());
    UploadStatus upload =
        first.store.create("front", new UploadClaim(clip.id(), other.manifest().content()));
    assertThatThrownBy(() -> first.store.seal("front", upload.token(), other.manifest()))
        .isInstanceOf(StoreException.class);
    try (Stream<Path> files =
        Files.list(server.bucket("cctv").resolve("home/.raspberryspy/quarantine"))) {
      assertThat(files.filter(f -> f.toString().endsWith(".mp4")))
          .singleElement()
          .satisfies(video -> assertThat(video).hasBinaryContent(clip.bytes()));
    }
    assertThat(pieces()).isEmpty();
  }
}
