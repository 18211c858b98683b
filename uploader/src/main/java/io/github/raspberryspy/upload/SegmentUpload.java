package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One sealed segment on its way to a master. */
final class SegmentUpload implements SealedUpload {

  private static final Logger log = LoggerFactory.getLogger(SegmentUpload.class);

  /** How often it is begun anew. */
  private static final int MAX_STARTS = 3;

  private final UploaderConfig config;
  private final TusCalls calls;
  private final TusUpload tus;
  private final SegmentManifest manifest;
  private final SegmentFile file;
  private final long length;
  private URI upload; // null until the master has named it
  private OptionalLong offset = OptionalLong.empty();
  private int starts;
  private String reason = "without a word";

  /**
   * Opens the segment's file.
   *
   * @throws UploadException if it is not what its manifest says, or cannot be read
   */
  SegmentUpload(UploaderConfig config, TusCalls calls, TusUpload tus, SealedSegment segment)
      throws UploadException {
    this.config = config;
    this.calls = calls;
    this.tus = tus;
    this.manifest = segment.manifest();
    this.length = manifest.content().bytes();
    this.file = SegmentFile.open(segment);
  }

  /** Begins anew where the master has forgotten the upload. */
  @Override
  public void send() throws UploadException {
    try {
      while (offset.isEmpty() || offset.getAsLong() < length) {
        offset =
            offset.isEmpty()
                ? begin()
                : tus.patch(
                    upload, offset.getAsLong(), file::piece, length, OptionalLong.of(length));
      }
    } finally {
      tus.leave();
    }
  }

  @Override
  public Receipt seal() throws UploadException {
    while (true) {
      send();
      Answer answer = calls.seal(upload, ManifestCodec.encode(manifest));
      if (answer.status() == 409) {
        // either bytes are missing, or the segment is there with other bytes
        offset = ask();
        if (offset.isPresent() && offset.getAsLong() >= length) {
          throw tus.failure(Kind.CONFLICT, answer);
        }
        tus.standStill(answer);
        continue;
      }
      Optional<Receipt> receipt = receipt(answer);
      if (receipt.isPresent()) {
        file.requireUntouched();
        return receipt.get();
      }
      offset = OptionalLong.empty();
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private OptionalLong begin() throws UploadException {
    if (starts == MAX_STARTS) {
      throw new UploadException(
          Kind.REJECTED,
          "the master dropped " + manifest.id() + " again and again (" + reason + ")");
    }
    starts++;
    Answer answer = calls.create(manifest.id(), manifest.content());
    upload = tus.location(answer);
    return tus.begun(upload, answer, OptionalLong.of(length));
  }

  /** How much the master has; empty where it has forgotten the upload. */
  private OptionalLong ask() throws UploadException {
    return tus.offset(upload, OptionalLong.of(length));
  }

  private Optional<Receipt> receipt(Answer answer) throws UploadException {
    if (answer.isGone()) {
      // either the upload was forgotten, or this is a tus server that takes no manifests
      if (ask().isPresent()) {
        throw tus.failure(Kind.REJECTED, answer);
      }
      return Optional.empty();
    }
    if (answer.status() == 422) {
      file.requireContent();
      if (ask().isPresent()) {
        throw tus.failure(Kind.REJECTED, answer);
      }
      reason = answer.reason();
      log.warn("the master did not get {} right ({})", manifest.id(), reason);
      return Optional.empty();
    }
    tus.requireFine(answer);
    try {
      Receipt receipt = Receipt.decode(answer.body());
      if (receipt.vouchesFor(config.credential(), manifest.id(), manifest.content())) {
        return Optional.of(receipt);
      }
    } catch (ManifestException e) {
      throw new UploadException(
          Kind.REJECTED, "the master's answer for " + manifest.id() + " is no receipt", e);
    }
    throw new UploadException(
        Kind.REJECTED,
        "the master's receipt for " + manifest.id() + " does not vouch for the bytes here");
  }
}
