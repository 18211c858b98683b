package io.github.raspberryspy.upload;

import io.github.raspberryspy.s3.S3Failure;
import io.github.raspberryspy.s3.S3Objects;
import io.github.raspberryspy.s3.S3Parts;
import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * One sealed segment on its way to a bucket: the video, in parts where it is large, from where it
 * was broken off; proved; then the manifest, which vouches for it. Nothing is written over, and
 * nothing deleted. For the thread that uploads.
 */
final class S3Upload implements SealedUpload {

  private static final String VIDEO_TYPE = "video/mp4";
  private static final String MANIFEST_TYPE = "application/json";

  private final S3Objects objects;
  private final SegmentManifest manifest;
  private final String place;
  private final SegmentFile file;
  private final AtomicLong accepted;
  private final BooleanSupplier isAborted;
  private Optional<S3Parts> parts = Optional.empty(); // until the file was read
  private boolean isNew; // it came from here, now

  /**
   * Opens the segment's file.
   *
   * @throws UploadException if it is not what its manifest says, or cannot be read
   */
  S3Upload(S3Objects objects, SealedSegment segment, AtomicLong accepted, BooleanSupplier isAborted)
      throws UploadException {
    this.objects = objects;
    this.manifest = segment.manifest();
    this.accepted = accepted;
    this.isAborted = isAborted;
    this.place =
        objects.prefix()
            + manifest.id().camera()
            + "/"
            + manifest.name().day()
            + "/"
            + manifest.name();
    this.file = SegmentFile.open(segment);
  }

  @Override
  public void send() throws UploadException {
    work(
        () -> {
          video();
          return place;
        });
  }

  @Override
  public Receipt seal() throws UploadException {
    work(
        () -> {
          prove(place + SegmentName.VIDEO, video());
          bringManifest(place + SegmentName.MANIFEST);
          return place;
        });
    file.requireUntouched();
    return Receipt.unsigned(manifest.id(), manifest.content());
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private void work(S3Objects.Work<String> work) throws UploadException {
    try {
      objects.work(work);
    } catch (UploadException e) {
      throw e;
    } catch (S3Failure e) {
      throw isAborted.getAsBoolean() ? cancelled(e) : failure(e);
    } catch (IOException e) {
      throw isAborted.getAsBoolean()
          ? cancelled(e)
          : new UploadException(
              Kind.UNREACHABLE, "the connection to bucket " + objects.bucket() + " broke", e);
    }
  }

  private static UploadException cancelled(Exception e) {
    return new UploadException(Kind.CANCELLED, "the uploader is closed", e);
  }

  private static UploadException failure(S3Failure e) {
    return switch (e.kind()) {
      case AWAY -> new UploadException(Kind.UNREACHABLE, e.getMessage(), e);
      case FAILED -> UploadException.ofFailing(e.getMessage(), e);
      case UNAUTHORIZED -> new UploadException(Kind.UNAUTHORIZED, e.getMessage(), e);
      case REFUSED -> new UploadException(Kind.REJECTED, e.getMessage(), e);
    };
  }

  /** What is there of the video, which is sent where nothing is. */
  private HeadObjectResponse video() throws IOException {
    if (parts.isEmpty()) {
      S3Parts read = new S3Parts(file::piece, manifest.content().bytes(), S3Parts.LEAST_BYTES);
      file.requireHash(read.sha256());
      parts = Optional.of(read);
    }
    String key = place + SegmentName.VIDEO;
    Optional<HeadObjectResponse> there = objects.head(key);
    if (there.isEmpty()) {
      objects.send(key, VIDEO_TYPE, parts.get(), accepted::addAndGet);
      isNew = true;
      there = objects.head(key);
    }
    return there.orElseThrow(
        () -> new UploadException(Kind.REJECTED, key + " was taken and is not there"));
  }

  private void prove(String key, HeadObjectResponse there) throws IOException {
    if (!objects.isSame(key, there, parts.get())) {
      throw isNew
          ? new UploadException(Kind.REJECTED, key + " is not there as it was sent")
          : conflict(key);
    }
  }

  private void bringManifest(String key) throws IOException {
    if (objects.head(key).isEmpty()) {
      byte[] bytes = ManifestCodec.encode(manifest);
      objects.write(key, MANIFEST_TYPE, bytes, true);
      if (!objects.hasBytes(key, bytes)) {
        throw new UploadException(Kind.REJECTED, key + " is not there as it was sent");
      }
    } else if (!StoredManifest.isOf(manifest, objects.read(key, JsonFields.MAX_BYTES))) {
      throw conflict(key);
    }
  }

  private UploadException conflict(String key) {
    return new UploadException(
        Kind.CONFLICT,
        key + " is in bucket " + objects.bucket() + " with other bytes; it is not written over");
  }
}
