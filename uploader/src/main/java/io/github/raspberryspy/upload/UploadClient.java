package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one segment after the other. It remembers nothing between calls: where an upload was broken
 * off, the master says how far it came.
 *
 * <p>One thread calls {@link #upload}; the rest is thread-safe.
 */
final class UploadClient implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(UploadClient.class);

  /** How often an upload is begun anew within one call. */
  private static final int MAX_STARTS = 3;

  /** How often in a row the master may answer without taking bytes. */
  private static final int MAX_STANDSTILLS = 5;

  private final UploaderConfig config;
  private final TusCalls calls;
  private final AtomicLong acceptedBytes = new AtomicLong();

  UploadClient(UploaderConfig config) {
    this.config = config;
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

  /** One segment on its way. */
  private final class Upload {
    private final SegmentManifest manifest;
    private final SegmentFile file;
    private final long length;
    private final byte[] buffer;
    private boolean checksums = true;
    private int standstills;
    private long furthest;
    private String reason = "without a word";

    Upload(SegmentManifest manifest, SegmentFile file) {
      this.manifest = manifest;
      this.file = file;
      this.length = manifest.content().bytes();
      this.buffer = new byte[(int) Math.min(config.chunkBytes(), length)];
    }

    /** Create, send, seal. Empty where the upload has to begin anew. */
    Optional<Receipt> run() throws UploadException {
      URI upload = create();
      OptionalLong offset = offset(upload);
      while (offset.isPresent()) {
        if (offset.getAsLong() < length) {
          offset = patch(upload, offset.getAsLong());
          continue;
        }
        Answer answer = calls.seal(upload, ManifestCodec.encode(manifest));
        if (answer.status() == 409) {
          // either bytes are missing, or the segment is there with other bytes
          offset = offset(upload);
          if (offset.isPresent() && offset.getAsLong() >= length) {
            throw failure(Kind.CONFLICT, answer);
          }
          standStill(answer);
          continue;
        }
        return receipt(upload, answer);
      }
      return Optional.empty();
    }

    private URI create() throws UploadException {
      Answer answer = calls.create(manifest.id(), manifest.content());
      if (answer.status() == 409) {
        throw failure(Kind.CONFLICT, answer);
      }
      if (answer.isGone() || answer.status() == 405 || answer.status() / 100 == 3) {
        throw new UploadException(
            Kind.UNREACHABLE,
            "there is no master at " + config.master() + " (" + answer.reason() + ")");
      }
      requireFine(answer);
      URI base = config.address(Tus.PATH);
      try {
        String location = answer.headers().firstValue("Location").orElse("").strip();
        URI upload = base.resolve(location);
        if (!location.isEmpty()
            && !upload.equals(base)
            && base.getScheme().equals(upload.getScheme())
            && Objects.equals(base.getRawAuthority(), upload.getRawAuthority())) {
          return upload;
        }
      } catch (IllegalArgumentException e) {
        log.debug("no address of an upload", e);
      }
      // anywhere else the token would go astray
      throw new UploadException(
          Kind.REJECTED, "the master named no upload of its own for " + manifest.id());
    }

    /** How much the master has; empty where it has forgotten the upload. */
    private OptionalLong offset(URI upload) throws UploadException {
      Answer answer = calls.head(upload);
      if (answer.isGone()) {
        return OptionalLong.empty();
      }
      requireFine(answer);
      OptionalLong offset = answer.size(Tus.OFFSET);
      long total = answer.size(Tus.LENGTH).orElse(length);
      if (offset.isEmpty() || offset.getAsLong() > length || total != length) {
        log.warn("the master's upload of {} is another one; it is dropped", manifest.id());
        calls.delete(upload);
        return OptionalLong.empty();
      }
      return offset;
    }

    /** Sends a chunk. Returns where to go on; empty where the master has forgotten the upload. */
    private OptionalLong patch(URI upload, long offset) throws UploadException {
      int bytes = file.read(buffer, offset);
      Answer answer = calls.patch(upload, offset, buffer, bytes, checksums);
      if (answer.isGone()) {
        return OptionalLong.empty();
      }
      if (answer.isFine()) {
        OptionalLong now = answer.size(Tus.OFFSET);
        if (now.isPresent() && now.getAsLong() > offset && now.getAsLong() <= offset + bytes) {
          if (now.getAsLong() > furthest) {
            furthest = now.getAsLong(); // a master that goes back and forth gets nowhere
            standstills = 0;
          }
          acceptedBytes.addAndGet(now.getAsLong() - offset);
          return now;
        }
        standStill(answer);
        return offset(upload);
      }
      switch (answer.status()) {
        case 409 -> {
          standStill(answer);
          return offset(upload);
        }
        case Tus.CHECKSUM_MISMATCH -> {
          standStill(answer);
          return OptionalLong.of(offset);
        }
        case 400 -> {
          // tus has servers without this checksum; the hash of the whole is checked in any case
          if (!checksums) {
            throw failure(Kind.REJECTED, answer);
          }
          checksums = false;
          return offset(upload);
        }
        default -> throw refusal(answer);
      }
    }

    private Optional<Receipt> receipt(URI upload, Answer answer) throws UploadException {
      if (answer.isGone()) {
        // either the upload was forgotten, or this is a tus server that takes no manifests
        if (offset(upload).isPresent()) {
          throw failure(Kind.REJECTED, answer);
        }
        return Optional.empty();
      }
      if (answer.status() == 422) {
        file.requireContent();
        if (offset(upload).isPresent()) {
          throw failure(Kind.REJECTED, answer);
        }
        reason = answer.reason();
        log.warn("the master did not get {} right ({})", manifest.id(), reason);
        return Optional.empty();
      }
      requireFine(answer);
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

    private void standStill(Answer answer) throws UploadException {
      standstills++;
      if (standstills > MAX_STANDSTILLS) {
        throw failure(Kind.UNREACHABLE, answer);
      }
    }

    private void requireFine(Answer answer) throws UploadException {
      if (!answer.isFine()) {
        throw refusal(answer);
      }
    }

    private UploadException refusal(Answer answer) {
      return failure(
          switch (answer.status()) {
            case 401, 403 -> Kind.UNAUTHORIZED;
            case 408, 423, 425, 429 -> Kind.UNREACHABLE;
            default -> answer.status() >= 500 ? Kind.UNREACHABLE : Kind.REJECTED;
          },
          answer);
    }

    private UploadException failure(Kind kind, Answer answer) {
      String what =
          switch (kind) {
            case UNAUTHORIZED -> "the master does not accept this camera's token";
            case CONFLICT -> "the master has other bytes under the id " + manifest.id();
            case UNREACHABLE -> "the master cannot take " + manifest.id() + " now";
            default -> "the master refuses " + manifest.id();
          };
      return new UploadException(kind, what + " (" + answer.reason() + ")", answer.isFailure());
    }
  }
}
