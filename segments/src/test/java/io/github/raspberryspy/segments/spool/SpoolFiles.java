package io.github.raspberryspy.segments.spool;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.Manifests;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.segments.wire.Receipt;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Random;

/** Segments to fill a spool with; their bytes need not be video here. */
final class SpoolFiles {

  static final CameraCredential CREDENTIAL = CameraCredential.derive(new byte[32], "front");
  private static final Instant START = Instant.parse("2026-11-23T14:00:00Z");

  private SpoolFiles() {}

  static byte[] video(long sequence) {
    byte[] bytes = new byte[5000];
    new Random(sequence).nextBytes(bytes);
    return bytes;
  }

  static SegmentManifest manifest(long sequence) {
    byte[] video = video(sequence);
    String sha256 = HexFormat.of().formatHex(DurableFiles.sha256().digest(video));
    return Manifests.of(
        new SegmentId("front", "3f9a1c22", 1, sequence),
        START.plusSeconds(5 * sequence),
        new Content(video.length, sha256));
  }

  /** Lays a part down, as a recorder does before it seals. */
  static SegmentFiles part(Spool spool, long sequence) throws IOException {
    SegmentFiles files = spool.files(manifest(sequence).name());
    Files.createDirectories(files.folder());
    Files.write(files.part(), video(sequence));
    return files;
  }

  static SealedSegment seal(Spool spool, long sequence) throws IOException {
    return spool.seal(part(spool, sequence), manifest(sequence));
  }

  static Receipt receipt(SealedSegment segment) {
    return Receipt.sign(CREDENTIAL, segment.manifest().id(), segment.manifest().content());
  }
}
