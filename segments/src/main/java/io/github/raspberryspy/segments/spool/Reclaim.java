package io.github.raspberryspy.segments.spool;

import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.wire.Receipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps by which a segment that the master holds leaves the spool. */
final class Reclaim {

  private static final Logger log = LoggerFactory.getLogger(Reclaim.class);

  private Reclaim() {}

  /**
   * Whether the receipt that lies beside a segment speaks of it: same id, size and hash. Its MAC
   * was checked before it was laid there.
   */
  static boolean isVouchedFor(SegmentFiles files) throws IOException {
    if (!Files.exists(files.video())) {
      return true; // nothing is left that it could be wrong about
    }
    try {
      if (Files.size(files.receipt()) > JsonFields.MAX_BYTES) {
        return false;
      }
      Receipt receipt = Receipt.decode(Files.readAllBytes(files.receipt()));
      if (Files.size(files.video()) != receipt.content().bytes()) {
        return false;
      }
      if (!Files.exists(files.manifest())) {
        return DurableFiles.hash(files.video()).equals(receipt.content());
      }
      SegmentManifest manifest = ManifestCodec.read(files.manifest());
      return manifest.id().equals(receipt.id()) && manifest.content().equals(receipt.content());
    } catch (NoSuchFileException e) {
      if (Files.exists(files.video())) {
        throw e;
      }
      return true; // another thread has finished it meanwhile
    } catch (ManifestException e) {
      log.warn("{} or its manifest is damaged: {}", files.receipt(), e.getMessage());
      return false;
    }
  }

  /** Deletes video, manifest and receipt, in this order. May be repeated after a crash. */
  static void finish(SegmentFiles files) throws IOException {
    Files.deleteIfExists(files.video());
    Files.deleteIfExists(files.manifest());
    DurableFiles.syncDirectory(files.folder());
    DurableFiles.delete(files.receipt());
  }
}
