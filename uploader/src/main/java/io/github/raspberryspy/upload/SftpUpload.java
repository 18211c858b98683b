package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sealed segment on its way to a folder of an SSH server: the video under a passing name, from
 * where it was broken off; proved; renamed; then the manifest, which vouches for it.
 */
final class SftpUpload implements SealedUpload {

  private static final Logger log = LoggerFactory.getLogger(SftpUpload.class);

  /** How often it is begun anew. */
  private static final int MAX_STARTS = 3;

  private final SftpLane lane;
  private final SegmentManifest manifest;
  private final SegmentName spoolName; // not the manifest's, where the clock was set meanwhile
  private final SegmentFile file;
  private final long length;

  /**
   * Opens the segment's file.
   *
   * @throws UploadException if it is not what its manifest says, or cannot be read
   */
  SftpUpload(SftpLane lane, SealedSegment segment) throws UploadException {
    this.lane = lane;
    this.manifest = segment.manifest();
    this.spoolName = segment.files().name();
    this.length = manifest.content().bytes();
    this.file = SegmentFile.open(segment);
  }

  @Override
  public void send() throws UploadException {
    lane.work(
        files -> {
          String place = place(files, manifest.name());
          if (files.size(place + SegmentName.VIDEO).isEmpty()) {
            send(files, part(files));
          }
          return place;
        });
  }

  @Override
  public Receipt seal() throws UploadException {
    lane.work(
        files -> {
          String place = place(files, manifest.name());
          bringVideo(files, part(files), place + SegmentName.VIDEO);
          bringManifest(files, place + SegmentName.MANIFEST);
          return place;
        });
    file.requireUntouched();
    return Receipt.unsigned(manifest.id(), manifest.content());
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private String place(SftpFiles files, SegmentName name) throws IOException {
    return files.place(manifest.id().camera(), name);
  }

  /** Where the open segment grew already. */
  private String part(SftpFiles files) throws IOException {
    return place(files, spoolName) + SegmentName.PART;
  }

  private void bringVideo(SftpFiles files, String part, String video) throws IOException {
    for (int starts = 1; starts <= MAX_STARTS; starts++) {
      if (files.size(video).isPresent()) {
        if (!files.isSame(video, file, length)) {
          throw conflict(video);
        }
        return;
      }
      send(files, part);
      if (files.isSame(part, file, length)) {
        files.publish(part, video);
        return;
      }
      log.warn("{} is not there as it was sent; it is sent again", part);
      files.remove(part);
    }
    throw new UploadException(
        Kind.REJECTED, "the server does not hold " + part + " as it was sent, again and again");
  }

  private void send(SftpFiles files, String part) throws IOException {
    long there = files.size(part).orElse(0);
    if (there > length) {
      files.remove(part);
      there = 0;
    }
    while (there < length) {
      there = files.append(part, there, file::piece, length);
    }
  }

  private void bringManifest(SftpFiles files, String path) throws IOException {
    if (files.size(path).isPresent()) {
      if (!StoredManifest.isOf(manifest, files.read(path, JsonFields.MAX_BYTES))) {
        throw conflict(path);
      }
      return;
    }
    files.write(path + ".new", ManifestCodec.encode(manifest));
    files.publish(path + ".new", path);
  }

  private static UploadException conflict(String path) {
    return new UploadException(
        Kind.CONFLICT, path + " is there with other bytes; it is not written over");
  }
}
