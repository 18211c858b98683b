package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

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
  private Optional<S3Parts> parts = Optional.empty(); // until the file was read
  private boolean isNew; // it came from here, now

  /**
   * Opens the segment's file.
   *
   * @throws UploadException if it is not what its manifest says, or cannot be read
   */
  S3Upload(S3Objects objects, SealedSegment segment, AtomicLong accepted) throws UploadException {
    this.objects = objects;
    this.manifest = segment.manifest();
    this.accepted = accepted;
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
    objects.work(
        () -> {
          video();
          return place;
        });
  }

  @Override
  public Receipt seal() throws UploadException {
    objects.work(
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

  /** What is there of the video, which is sent where nothing is. */
  private HeadObjectResponse video() throws IOException {
    if (parts.isEmpty()) {
      parts = Optional.of(new S3Parts(file, manifest.content().bytes()));
    }
    String key = place + SegmentName.VIDEO;
    Optional<HeadObjectResponse> there = objects.head(key);
    if (there.isEmpty()) {
      send(key, parts.get());
      isNew = true;
      there = objects.head(key);
    }
    return there.orElseThrow(
        () -> new UploadException(Kind.REJECTED, key + " was taken and is not there"));
  }

  private void prove(String key, HeadObjectResponse there) throws IOException {
    long bytes = manifest.content().bytes();
    if (!objects.isSame(key, there, file, bytes, parts.get().whole())) {
      throw isNew
          ? new UploadException(Kind.REJECTED, key + " is not there as it was sent")
          : conflict(key);
    }
  }

  private void send(String key, S3Parts parts) throws IOException {
    try {
      if (parts.isOne()) {
        String hash = parts.sha256(1);
        objects
            .client()
            .putObject(
                r ->
                    r.bucket(objects.bucket())
                        .key(key)
                        .ifNoneMatch("*")
                        .contentType(VIDEO_TYPE)
                        .checksumSHA256(hash),
                RequestBody.fromContentProvider(() -> parts.stream(1), parts.bytes(1), VIDEO_TYPE));
        accepted.addAndGet(parts.bytes(1));
      } else {
        new S3Multipart(objects, key, VIDEO_TYPE, parts, accepted).run();
      }
    } catch (S3Exception e) {
      if (e.statusCode() == 412) {
        return; // it came meanwhile, or its answer was lost: what is there is judged next
      }
      throw e;
    }
  }

  private void bringManifest(String key) throws IOException {
    if (objects.head(key).isEmpty()) {
      byte[] bytes = ManifestCodec.encode(manifest);
      String hash = Base64.getEncoder().encodeToString(DurableFiles.sha256().digest(bytes));
      objects
          .client()
          .putObject(
              r ->
                  r.bucket(objects.bucket())
                      .key(key)
                      .ifNoneMatch("*")
                      .contentType(MANIFEST_TYPE)
                      .checksumSHA256(hash),
              RequestBody.fromBytes(bytes));
      if (!Arrays.equals(objects.read(key, bytes.length + 1), bytes)) {
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
