package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one segment after the other, and one that is still open. It remembers nothing between
 * calls: where an upload was broken off, the master says how far it came.
 *
 * <p>One thread calls {@link #upload}; the rest is thread-safe.
 */
final class UploadClient implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(UploadClient.class);

  /** How often an upload is begun anew within one call. */
  private static final int MAX_STARTS = 3;

  private final UploaderConfig config;
  private final TusCalls calls;
  private final SharedLink.Lane lane;
  private final AtomicLong acceptedBytes = new AtomicLong();

  UploadClient(UploaderConfig config, SharedLink.Lane lane) {
    this.config = config;
    this.lane = lane;
    this.calls = new TusCalls(config);
  }

  /** Bytes that masters took since this client was made. */
  long acceptedBytes() {
    return acceptedBytes.get();
  }

  /** Breaks off what is in flight, for good. */
  void abort() {
    calls.abort();
  }

  @Override
  public void close() {
    calls.close();
  }

  /**
   * Brings a segment to the master. Whoever gets a receipt from here may delete the segment: it
   * vouches for the id, the size and the hash of the camera's own manifest, and the file is still
   * the one that was sent.
   *
   * @throws UploadException why not
   */
  Receipt upload(SealedSegment segment) throws UploadException {
    try (SegmentFile file = SegmentFile.open(segment)) {
      Upload upload = new Upload(segment.manifest(), file);
      for (int starts = 1; starts <= MAX_STARTS; starts++) {
        Optional<Receipt> receipt = upload.run();
        if (receipt.isPresent()) {
          file.requireUntouched();
          return receipt.get();
        }
      }
      throw new UploadException(
          Kind.REJECTED,
          "the master dropped "
              + segment.manifest().id()
              + " again and again ("
              + upload.reason
              + ")");
    } catch (UploadException e) {
      throw e;
    } catch (IOException e) {
      throw new UploadException(Kind.DISK, segment.files().video() + " cannot be closed", e);
    }
  }

  /** The upload of a segment that is still being written. For the one thread that uploads. */
  OpenUpload open(SegmentFiles files, SegmentId id) {
    return new OpenUpload(calls, new TusUpload(config, calls, lane, acceptedBytes, id), files, id);
  }

  /** One segment on its way. */
  private final class Upload {
    private final SegmentManifest manifest;
    private final SegmentFile file;
    private final long length;
    private final TusUpload tus;
    private String reason = "without a word";

    Upload(SegmentManifest manifest, SegmentFile file) {
      this.manifest = manifest;
      this.file = file;
      this.length = manifest.content().bytes();
      this.tus = new TusUpload(config, calls, lane, acceptedBytes, manifest.id());
    }

    /** Create, send, seal. Empty where the upload has to begin anew. */
    Optional<Receipt> run() throws UploadException {
      URI upload = tus.location(calls.create(manifest.id(), manifest.content()));
      OptionalLong offset = offset(upload);
      while (offset.isPresent()) {
        if (offset.getAsLong() < length) {
          offset =
              tus.patch(upload, offset.getAsLong(), file::piece, length, OptionalLong.of(length));
          continue;
        }
        lane.claim(false); // while the master reads it again the link is free
        Answer answer = calls.seal(upload, ManifestCodec.encode(manifest));
        if (answer.status() == 409) {
          // either bytes are missing, or the segment is there with other bytes
          offset = offset(upload);
          if (offset.isPresent() && offset.getAsLong() >= length) {
            throw tus.failure(Kind.CONFLICT, answer);
          }
          tus.standStill(answer);
          continue;
        }
        return receipt(upload, answer);
      }
      return Optional.empty();
    }

    /** How much the master has; empty where it has forgotten the upload. */
    private OptionalLong offset(URI upload) throws UploadException {
      return tus.offset(upload, length, OptionalLong.of(length));
    }

    private Optional<Receipt> receipt(URI upload, Answer answer) throws UploadException {
      if (answer.isGone()) {
        // either the upload was forgotten, or this is a tus server that takes no manifests
        if (offset(upload).isPresent()) {
          throw tus.failure(Kind.REJECTED, answer);
        }
        return Optional.empty();
      }
      if (answer.status() == 422) {
        file.requireContent();
        if (offset(upload).isPresent()) {
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
}
