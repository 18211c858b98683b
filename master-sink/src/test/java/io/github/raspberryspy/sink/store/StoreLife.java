package io.github.raspberryspy.sink.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.auth.MasterSecret;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.StoredSegment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/** A store in one life of a master, on any disk; its index lies on a real one. */
final class StoreLife implements AutoCloseable {

  final SegmentStore store;
  final SegmentIndex index;
  private final Path root;
  private final MasterSecret secret;
  private final Events events = new Events();

  /** Opens all; what is open is closed again where that fails. */
  StoreLife(Path root, Path index, MasterSecret secret) throws IOException {
    this(root, index, secret, 0);
  }

  /** With so many bytes that have to stay free. */
  StoreLife(Path root, Path index, MasterSecret secret, long reserve) throws IOException {
    this.root = root;
    this.secret = secret;
    FootageFolder folder = FootageFolder.open(root);
    this.index = SegmentIndex.open(index);
    try {
      store =
          SegmentStore.open(
              new SegmentStore.Parts(
                  folder,
                  folder.files(),
                  secret,
                  this.index,
                  events,
                  new DiskSpace(root, reserve),
                  Clock.systemUTC()));
    } catch (IOException | RuntimeException e) {
      this.index.close();
      events.close();
      throw e;
    }
  }

  /** Uploads what is missing of it, in two pieces, and has it sealed. */
  Receipt upload(Clip clip) throws IOException {
    String token = fill(clip, clip.bytes().length);
    return store.seal(clip.id().camera(), token, clip.manifest());
  }

  /** Uploads up to so many bytes of it; returns the token. */
  String fill(Clip clip, int upTo) throws IOException {
    UploadStatus upload =
        store.create(clip.id().camera(), new UploadClaim(clip.id(), clip.manifest().content()));
    long at = upload.offset();
    while (at < upTo) {
      int piece = (int) Math.min(clip.bytes().length / 2 + 1L, upTo - at);
      at =
          store
              .append(
                  clip.id().camera(),
                  upload.token(),
                  at,
                  ByteBuffer.wrap(clip.bytes(), (int) at, piece))
              .offset();
    }
    return upload.token();
  }

  /** Sends more of it while it is filmed, up to so many bytes. */
  void grow(Clip clip, int upTo) throws IOException {
    String camera = clip.id().camera();
    UploadStatus upload = store.createOpen(camera, clip.id());
    int at = (int) upload.offset();
    if (at < upTo) {
      store.append(camera, upload.token(), at, ByteBuffer.wrap(clip.bytes(), at, upTo - at));
    }
  }

  /** I1 and I2: what was vouched for lies here, with these bytes, under a row that says so. */
  void requireHeld(Clip clip) throws IOException {
    StoredSegment row =
        index
            .find(clip.id())
            .orElseThrow(() -> new AssertionError(clip.id() + " was vouched for and is gone"));
    Path video = root.resolve(row.path());
    assertThat(DurableFiles.hash(video)).as("%s", clip.id()).isEqualTo(clip.manifest().content());
    assertThat(ManifestCodec.read(Beside.manifest(video))).isEqualTo(clip.manifest());
    assertThat(copies(clip.id())).as("I3: %s", clip.id()).hasSize(1);
  }

  /**
   * The camera asks again, and comes to a receipt that is true; it sends anew what it is told that
   * the master has lost.
   */
  void requireTaken(Clip clip) throws IOException {
    Receipt receipt;
    try {
      receipt = upload(clip);
    } catch (StoreException e) {
      if (e.kind() != StoreException.Kind.CORRUPT && e.kind() != StoreException.Kind.IO) {
        throw e;
      }
      receipt = upload(clip);
    }
    assertThat(
            receipt.vouchesFor(
                secret.credential(clip.id().camera()), clip.id(), clip.manifest().content()))
        .isTrue();
    requireHeld(clip);
  }

  /** I5: its row and its mark say so. */
  void requireSaved(Clip clip) throws IOException {
    requireHeld(clip);
    requireListedAndSaved(clip.id());
  }

  /** I5, whatever its bytes are. */
  void requireListedAndSaved(SegmentId id) throws IOException {
    StoredSegment row = index.find(id).orElseThrow();
    assertThat(row.saved()).as("I5: %s is saved", id).isTrue();
    assertThat(store.delete(id, "test")).as("I5: a saved one is deleted").isFalse();
  }

  /** Videos that carry this name. */
  private List<Path> copies(SegmentId id) throws IOException {
    Path camera = root.resolve(id.camera());
    try (Stream<Path> files = Files.walk(camera)) {
      return files.filter(f -> f.toString().endsWith(id.runAndSequence() + ".mp4")).toList();
    }
  }

  @Override
  public void close() {
    store.close();
    index.close();
    events.close();
  }
}
