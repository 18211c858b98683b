package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.FileFacts;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.UnknownSpan;
import io.github.raspberryspy.segments.wire.BoardHealth;
import io.github.raspberryspy.segments.wire.LinkCodec;
import io.github.raspberryspy.segments.wire.LinkMessage.CameraState;
import io.github.raspberryspy.segments.wire.LinkMessage.Hello;
import io.github.raspberryspy.segments.wire.LinkMessage.Motion;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.auth.MasterSecret;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.fleet.Beats;
import io.github.raspberryspy.sink.fleet.FakePeer;
import io.github.raspberryspy.sink.fleet.Fleet;
import io.github.raspberryspy.sink.fleet.LinkPeer;
import io.github.raspberryspy.sink.index.CameraEvent;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.SegmentQuery;
import io.github.raspberryspy.sink.store.DiskSpace;
import io.github.raspberryspy.sink.store.FootageFolder;
import io.github.raspberryspy.sink.store.SegmentStore;
import io.github.raspberryspy.sink.store.StoreException;
import io.github.raspberryspy.sink.store.UploadClaim;
import io.github.raspberryspy.sink.store.UploadStatus;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose segments are salvaged, and whose not. */
class SalvagerTest {

  @TempDir Path root;

  @Test
  void onlyWhatCamerasSentThatAreNotHeardIsSalvagedAndOnlyOnceItRests() throws Exception {
    FootageFolder folder = FootageFolder.open(root);
    MasterSecret secret = MasterSecret.openOrCreate(folder.internals());
    Clock clock = Clock.systemUTC();
    try (SegmentIndex index = SegmentIndex.open(folder.index());
        Events events = new Events();
        Fleet fleet = new Fleet(index.cameras(), events, clock);
        SegmentStore store =
            SegmentStore.open(
                new SegmentStore.Parts(
                    folder, folder.files(), secret, index, events, new DiskSpace(root, 0), clock));
        Salvager salvager = new Salvager(fleet, store, Duration.ofDays(7))) {
      Clip heard = Footage.recorded("front", 0, 3000);
      Clip gone = Footage.recorded("back", 0, 3000);
      send(store, heard);
      send(store, gone);
      hear(fleet, "front", CameraState.RECORDING);

      salvager.look(Duration.ofMinutes(1), Duration.ofDays(1));
      assertThat(index.totals().segments()).isZero();

      salvager.look(Duration.ZERO, Duration.ofDays(1));
      assertThat(index.find(heard.id())).isEmpty();
      assertThat(index.find(gone.id()).orElseThrow().isSalvaged()).isTrue();
    }
  }

  @Test
  void whatACameraHadSentThatStoppedAndHungUpIsSalvaged() throws Exception {
    try (Master master = new Master(root);
        Fleet fleet = new Fleet(master.index.cameras(), master.events, Clock.systemUTC());
        Salvager salvager = new Salvager(fleet, master.store, Duration.ofDays(7))) {
      Clip clip = Footage.recorded("back", 0, 3000);
      send(master.store, clip);
      LinkPeer peer = hear(fleet, "back", CameraState.STOPPED);
      salvager.look(Duration.ZERO, Duration.ofDays(1));
      assertThat(master.index.find(clip.id())).isEmpty(); // it may be sending the rest of it

      fleet.disconnected("back", peer);
      salvager.look(Duration.ZERO, Duration.ofDays(1));
      assertThat(master.index.find(clip.id()).orElseThrow().isSalvaged()).isTrue();
    }
  }

  @Test
  void whatACameraDeletedUnsealedIsSalvagedOnceItFilmsTheNextAndNothingWaitsAndItsGapStaysListed()
      throws Exception {
    try (Master master = new Master(root);
        Fleet fleet = new Fleet(master.index.cameras(), master.events, Clock.systemUTC());
        Salvager salvager = new Salvager(fleet, master.store, Duration.ofDays(7))) {
      Clip lost = Footage.recorded("back", 0, 3000);
      Clip next = Footage.recorded("back", 1, 3000);
      send(master.store, lost);
      LinkPeer peer = hear(fleet, "back", CameraState.RECORDING);
      salvager.look(Duration.ZERO, Duration.ZERO);
      assertThat(master.index.find(lost.id())).as("it still grows").isEmpty();

      Gap gap = new Gap(lost.manifest().start(), lost.manifest().end(), "lost");
      UploadStatus growing = master.store.createOpen("back", next.id());
      beat(fleet, peer, "back", 0);
      salvager.look(Duration.ZERO, Duration.ofDays(1));
      assertThat(master.index.find(lost.id()).orElseThrow().isSalvaged()).isTrue();
      assertThat(master.store.status("back", growing.token()).offset()).isZero();

      master.append(growing, next.bytes(), next.bytes().length);
      master.store.seal("back", growing.token(), withGap(next.manifest(), gap));
      assertThat(master.index.find(next.id()).orElseThrow().manifest().gaps()).contains(gap);
      assertThat(master.index.totals().segments()).isEqualTo(2);
    }
  }

  @Test
  void whatMayWaitInABacklogIsLeftToItsCameraForADayAndTakesTheSalvagedOnesPlaceIfItComesLater()
      throws Exception {
    try (Master master = new Master(root);
        Fleet fleet = new Fleet(master.index.cameras(), master.events, Clock.systemUTC());
        Salvager salvager = new Salvager(fleet, master.store, Duration.ofDays(7))) {
      LinkPeer peer = hear(fleet, "back", CameraState.RECORDING); // before the outage: none waits
      Clip clip = Footage.recorded("back", 0, 3000);
      master.append(
          master.store.createOpen("back", clip.id()), clip.bytes(), clip.bytes().length - 5);
      master.store.createOpen("back", Footage.recorded("back", 500, 3000).id());
      beat(fleet, peer, "back", 500);
      salvager.look(Duration.ZERO, Duration.ofDays(1));
      assertThat(master.index.find(clip.id())).isEmpty();

      salvager.look(Duration.ZERO, Duration.ZERO);
      assertThat(master.index.find(clip.id()).orElseThrow().isSalvaged()).isTrue();
      UploadStatus rest = master.store.create("back", claim(clip));
      assertThat(rest.offset()).isPositive();
      master.append(rest, clip.bytes(), clip.bytes().length);
      master.store.seal("back", rest.token(), clip.manifest());
      assertThat(master.index.find(clip.id()).orElseThrow().isSalvaged()).isFalse();
      assertThat(master.index.totals().segments()).isOne();
    }
  }

  @Test
  void whatACameraHadSentThatCountsAnewUnderAnotherKeyIsSalvaged() throws Exception {
    try (Master master = new Master(root);
        Fleet fleet = new Fleet(master.index.cameras(), master.events, Clock.systemUTC());
        Salvager salvager = new Salvager(fleet, master.store, Duration.ofDays(7))) {
      Clip before = Footage.recorded("back", 7, 3000);
      send(master.store, before);
      UploadStatus after = master.store.createOpen("back", new SegmentId("back", "ffffffff", 1, 0));
      hear(fleet, "back", CameraState.RECORDING);
      salvager.look(Duration.ZERO, Duration.ofDays(1));
      assertThat(master.index.find(before.id()).orElseThrow().isSalvaged()).isTrue();
      assertThat(master.store.status("back", after.token()).offset()).isZero();
    }
  }

  @Test
  void whatWasSealedOfABacklogIsNoSignThatWhatIsFilmedNowIsOver() throws Exception {
    try (Master master = new Master(root);
        Fleet fleet = new Fleet(master.index.cameras(), master.events, Clock.systemUTC());
        Salvager salvager = new Salvager(fleet, master.store, Duration.ofDays(7))) {
      Clip filmed = Footage.recorded("back", 7, 3000);
      send(master.store, filmed);
      master.store.create("back", claim(Footage.recorded("back", 6, 3000)));
      SegmentId memory = new SegmentId("back", "ffffffff", 9, 0);
      master.store.create("back", claim(Footage.clip(memory, 3000, 1)));
      hear(fleet, "back", CameraState.RECORDING);
      salvager.look(Duration.ZERO, Duration.ZERO);
      assertThat(master.index.find(filmed.id())).isEmpty();

      master.store.create("back", claim(Footage.recorded("back", 8, 3000)));
      salvager.look(Duration.ZERO, Duration.ZERO);
      assertThat(master.index.find(filmed.id()).orElseThrow().isSalvaged()).isTrue();
    }
  }

  @Test
  void aCameraThatIsBackSendsOnlyTheRestOfWhatWasSalvaged() throws Exception {
    try (Master master = new Master(root)) {
      Clip clip = Footage.recorded("back", 0, 3000);
      int sent = clip.bytes().length - 5;
      master.append(master.store.createOpen("back", clip.id()), clip.bytes(), sent);
      long salvaged = master.salvage(clip);

      UploadStatus again = master.store.createOpen("back", clip.id());
      assertThat(again.offset()).isEqualTo(salvaged).isPositive();
      master.append(again, clip.bytes(), sent);
      UploadStatus whole = master.store.create("back", claim(clip));
      assertThat(whole.token()).isEqualTo(again.token());
      assertThat(whole.offset()).isEqualTo(sent);
      master.append(whole, clip.bytes(), clip.bytes().length);
      master.store.seal("back", whole.token(), clip.manifest());
      assertThat(master.index.find(clip.id()).orElseThrow().isSalvaged()).isFalse();
      assertThat(master.index.totals().segments()).isOne();
    }
  }

  @Test
  void aSegmentThatWasSealedMeanwhileGoesOnFromItsSalvageToo() throws Exception {
    try (Master master = new Master(root)) {
      Clip clip = Footage.recorded("back", 0, 3000);
      master.append(
          master.store.createOpen("back", clip.id()), clip.bytes(), clip.bytes().length - 5);
      long salvaged = master.salvage(clip);

      UploadStatus whole = master.store.create("back", claim(clip));
      assertThat(whole.offset()).isEqualTo(salvaged);
      master.append(whole, clip.bytes(), clip.bytes().length);
      master.store.seal("back", whole.token(), clip.manifest());
      assertThat(master.index.find(clip.id()).orElseThrow().isSalvaged()).isFalse();
    }
  }

  @Test
  void whatIsUnlikeItsSalvageIsSentWholeTheSecondTimeAndKeptBesideIt() throws Exception {
    Clip clip = Footage.recorded("back", 0, 3000);
    try (Master master = new Master(root)) {
      byte[] other = clip.bytes().clone();
      other[other.length - 100] ^= 1;
      master.append(master.store.createOpen("back", clip.id()), other, other.length);
      master.salvage(clip);

      UploadStatus first = master.store.create("back", claim(clip));
      master.append(first, clip.bytes(), clip.bytes().length);
      master.refuse(StoreException.Kind.CORRUPT, first, clip);
    }
    try (Master master = new Master(root)) { // it is not forgotten
      UploadStatus second = master.store.create("back", claim(clip));
      assertThat(second.offset()).isZero();
      master.append(second, clip.bytes(), clip.bytes().length);
      master.refuse(StoreException.Kind.CONFLICT, second, clip);
      assertThat(master.index.find(clip.id()).orElseThrow().isSalvaged()).isTrue();
      assertThat(root.resolve(".raspberryspy/quarantine"))
          .isDirectoryContaining(file -> file.toString().endsWith(".mp4"));
    }
  }

  /** Its camera was cut off before it could list it, and knows no more when it is back. */
  @Test
  void whatWasHeardToMoveIsListedOfWhatIsSalvagedAndOfTheWholeThatIsRecovered() throws Exception {
    Clip clip = Footage.recorded("back", 0, 3000);
    SegmentManifest whole = cutOff(clip.manifest());
    Instant start = whole.start().plusMillis(300);
    EventSpan span = new EventSpan(start, start.plusMillis(200), 0.5, List.of("door"), List.of());
    SegmentQuery moving =
        new SegmentQuery(
            Optional.of("back"),
            Optional.empty(),
            Optional.empty(),
            Optional.of(SegmentQuery.Motion.SOME),
            Optional.empty(),
            true,
            Optional.empty(),
            1,
            9,
            Optional.of("door"));
    try (Master master = new Master(root);
        Fleet fleet =
            new Fleet(master.index.cameras(), master.events, new ManualClock(whole.end()))) {
      LinkPeer peer = hear(fleet, "back", CameraState.RECORDING);
      UploadStatus upload = master.store.createOpen("back", clip.id());
      master.append(upload, clip.bytes(), clip.bytes().length - 5);
      fleet.received("back", peer, LinkCodec.encode(new Motion(false, span)));
      fleet.disconnected("back", peer);
      await().until(() -> !motion(master).isEmpty());
      master.salvage(clip);
      assertThat(master.index.list(moving).segments())
          .singleElement()
          .satisfies(
              row -> {
                assertThat(row.isSalvaged()).isTrue();
                assertThat(row.manifest().motion()).containsExactly(span);
                assertThat(row.manifest().mayHaveMotion()).isTrue();
              });
      assertThat(motion(master)).containsExactly(Optional.of(clip.id().toString()));

      UploadStatus again = master.store.create("back", claim(clip));
      master.append(again, clip.bytes(), clip.bytes().length);
      master.store.seal("back", again.token(), whole);
      assertThat(master.index.list(moving).segments())
          .singleElement()
          .satisfies(
              row -> {
                assertThat(row.isSalvaged()).isFalse();
                assertThat(row.manifest().motion()).containsExactly(span);
                assertThat(row.manifest().unknown()).isEqualTo(whole.unknown());
              });
    }
  }

  /** Segments of what is listed as motion. */
  private static List<Optional<String>> motion(Master master) {
    return master
        .index
        .cameras()
        .events(Optional.of("back"), Optional.empty(), Optional.empty())
        .stream()
        .filter(event -> event.span().isPresent())
        .map(CameraEvent::segment)
        .toList();
  }

  @Test
  void anUploadThatRestsTooLongEndsAsWhatPlaysOfIt() throws Exception {
    try (Master master = new Master(root)) {
      Clip plays = Footage.recorded("back", 0, 3000);
      Clip does = Footage.recorded("back", 1, 3000);
      UploadStatus playing = master.store.createOpen("back", plays.id());
      master.append(playing, plays.bytes(), plays.bytes().length - 5);
      UploadStatus beginning = master.store.createOpen("back", does.id());
      master.append(beginning, does.bytes(), 100);
      UploadStatus strangers = master.store.create("back", OptionalLong.of(1000));

      master.store.expire(Duration.ofDays(7));
      assertThat(master.store.status("back", strangers.token()).offset()).isZero();

      master.store.expire(Duration.ZERO);
      assertThat(master.index.find(plays.id()).orElseThrow().isSalvaged()).isTrue();
      assertThat(master.index.find(does.id())).isEmpty();
      for (UploadStatus gone : List.of(playing, beginning, strangers)) {
        assertThatThrownBy(() -> master.store.status("back", gone.token()))
            .isInstanceOf(StoreException.class);
      }
    }
  }

  private static UploadClaim claim(Clip clip) {
    return new UploadClaim(clip.id(), clip.manifest().content());
  }

  /** A store with what it needs. */
  private static final class Master implements AutoCloseable {
    private final SegmentIndex index;
    private final Events events = new Events();
    private final SegmentStore store;

    Master(Path root) throws Exception {
      FootageFolder folder = FootageFolder.open(root);
      index = SegmentIndex.open(folder.index());
      store =
          SegmentStore.open(
              new SegmentStore.Parts(
                  folder,
                  folder.files(),
                  MasterSecret.openOrCreate(folder.internals()),
                  index,
                  events,
                  new DiskSpace(root, 0),
                  Clock.systemUTC()));
    }

    /** Appends what is missing up to so many bytes. */
    void append(UploadStatus upload, byte[] bytes, int to) throws Exception {
      int from = (int) upload.offset();
      store.append("back", upload.token(), from, ByteBuffer.wrap(bytes, from, to - from));
    }

    void refuse(StoreException.Kind kind, UploadStatus upload, Clip clip) {
      assertThatThrownBy(() -> store.seal("back", upload.token(), clip.manifest()))
          .isInstanceOfSatisfying(StoreException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    /** Returns how many bytes were salvaged. */
    long salvage(Clip clip) throws Exception {
      assertThat(store.salvage(camera -> true, Duration.ZERO)).isOne();
      return index.find(clip.id()).orElseThrow().manifest().content().bytes();
    }

    @Override
    public void close() {
      store.close();
      index.close();
      events.close();
    }
  }

  private static void send(SegmentStore store, Clip clip) throws Exception {
    String camera = clip.id().camera();
    UploadStatus upload = store.createOpen(camera, clip.id());
    store.append(camera, upload.token(), 0, ByteBuffer.wrap(clip.bytes()));
  }

  private static LinkPeer hear(Fleet fleet, String camera, CameraState state) throws Exception {
    LinkPeer peer = new FakePeer();
    fleet.connected(camera, peer);
    fleet.received(
        camera, peer, LinkCodec.encode(new Hello(camera, "0a1b2c3d", "test", "made up", "")));
    fleet.received(camera, peer, LinkCodec.encode(Beats.of(state)));
    return peer;
  }

  /** It records, and so many segments wait. */
  private static void beat(Fleet fleet, LinkPeer peer, String camera, long waiting)
      throws Exception {
    fleet.received(
        camera,
        peer,
        LinkCodec.encode(Beats.of(CameraState.RECORDING, waiting, BoardHealth.UNKNOWN)));
  }

  private static SegmentManifest withGap(SegmentManifest m, Gap gap) {
    return listing(m, m.unknown(), List.of(gap));
  }

  private static SegmentManifest cutOff(SegmentManifest m) {
    return listing(m, List.of(new UnknownSpan(m.start(), m.end(), FileFacts.CUT_OFF)), List.of());
  }

  private static SegmentManifest listing(
      SegmentManifest m, List<UnknownSpan> unknown, List<Gap> gaps) {
    return new SegmentManifest(
        m.id(),
        m.start(),
        m.end(),
        m.clock(),
        m.firstPtsUs(),
        m.frames(),
        m.video(),
        m.audio(),
        m.content(),
        m.motion(),
        unknown,
        gaps,
        m.closed());
  }
}
