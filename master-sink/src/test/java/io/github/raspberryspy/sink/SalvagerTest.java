package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.wire.LinkCodec;
import io.github.raspberryspy.segments.wire.LinkMessage.CameraState;
import io.github.raspberryspy.segments.wire.LinkMessage.Heartbeat;
import io.github.raspberryspy.segments.wire.LinkMessage.Hello;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.auth.MasterSecret;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.fleet.Fleet;
import io.github.raspberryspy.sink.fleet.LinkPeer;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.store.DiskSpace;
import io.github.raspberryspy.sink.store.FootageFolder;
import io.github.raspberryspy.sink.store.SegmentStore;
import io.github.raspberryspy.sink.store.UploadStatus;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
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
                    folder, secret, index, events, new DiskSpace(root, 0), clock));
        Salvager salvager = new Salvager(fleet, store)) {
      Clip heard = Footage.recorded("front", 0, 3000);
      Clip gone = Footage.recorded("back", 0, 3000);
      send(store, heard);
      send(store, gone);
      hear(fleet, "front");

      salvager.look(Duration.ofMinutes(1));
      assertThat(index.totals().segments()).isZero();

      salvager.look(Duration.ZERO);
      assertThat(index.find(heard.id())).isEmpty();
      assertThat(index.find(gone.id()).orElseThrow().isSalvaged()).isTrue();
    }
  }

  private static void send(SegmentStore store, Clip clip) throws Exception {
    String camera = clip.id().camera();
    UploadStatus upload = store.createOpen(camera, clip.id());
    store.append(camera, upload.token(), 0, ByteBuffer.wrap(clip.bytes()));
  }

  private static void hear(Fleet fleet, String camera) throws Exception {
    LinkPeer peer = reason -> {};
    fleet.connected(camera, peer);
    fleet.received(
        camera, peer, LinkCodec.encode(new Hello(camera, "0a1b2c3d", "test", "made up")));
    OptionalLong unknown = OptionalLong.empty();
    Heartbeat beat =
        new Heartbeat(
            CameraState.RECORDING, "", 640, 480, 10, 1, 1, 0, 0, 0, unknown, 0, unknown, false);
    fleet.received(camera, peer, LinkCodec.encode(beat));
  }
}
