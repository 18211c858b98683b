package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.sink.index.StoredSegment;
import java.time.Instant;
import java.util.Optional;

/** What a camera may ask of an upload; each refusal says why. */
final class UploadRules {

  private static final Instant LAST_MOMENT = Instant.parse("9999-12-31T00:00:00Z");

  private UploadRules() {}

  static void requireRoom(UploadStatus status, long offset, long announced) {
    if (offset != status.offset()) {
      throw StoreException.wrongOffset(offset, status.offset());
    }
    if (announced > status.room()) {
      throw new StoreException(
          StoreException.Kind.TOO_LARGE,
          announced
              + " bytes at offset "
              + offset
              + " go beyond the upload's length of "
              + status.length().orElse(SegmentStore.MAX_BYTES)
              + " bytes");
    }
  }

  static void requireWhole(Partial partial, SegmentManifest manifest) {
    UploadStatus status = partial.status();
    Optional<SegmentId> segment = partial.info().segment();
    if (segment.isPresent() && !segment.get().equals(manifest.id())) {
      throw new StoreException(
          StoreException.Kind.INVALID,
          "the manifest is of " + manifest.id() + ", the upload of " + segment.get());
    }
    long length = status.length().orElse(manifest.content().bytes());
    if (status.offset() < length) {
      throw StoreException.incomplete(status.offset(), length);
    }
  }

  static void requireOwn(String camera, SegmentId id) {
    if (!id.camera().equals(camera)) {
      throw new StoreException(
          StoreException.Kind.FORBIDDEN,
          "camera " + camera + " may not send segments of camera " + id.camera());
    }
  }

  /** Names and index have room for four digits of a year. */
  static void requireSaneTime(SegmentManifest manifest) {
    if (manifest.start().isBefore(Instant.EPOCH) || manifest.end().isAfter(LAST_MOMENT)) {
      throw new StoreException(
          StoreException.Kind.INVALID,
          "the manifest's times are not within " + Instant.EPOCH + " to " + LAST_MOMENT);
    }
  }

  static void requireSame(StoredSegment known, SegmentId id, Content content) {
    SegmentManifest here = known.manifest();
    if (!here.id().equals(id)) {
      throw new StoreException(StoreException.Kind.CONFLICT, "this upload became " + here.id());
    }
    if (!here.content().equals(content)) {
      throw new StoreException(StoreException.Kind.CONFLICT, id + " is here with other bytes");
    }
  }
}
