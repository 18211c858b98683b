package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.spool.Reserve;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.segments.spool.Spool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * The spool in memory: a ring. The master empties it; what it does not take in time moves to the
 * disk while that works, and is lost, oldest first and on record, while it does not. For one
 * thread.
 */
final class RamSpool {

  private final Spool spool;
  private final Spool card;
  private final long softBytes;
  private final Reserve ring;
  private final LongConsumer written;

  /**
   * Over a spool in memory.
   *
   * @param card where segments move to
   * @param written hears of the bytes that are written there
   */
  RamSpool(
      Spool spool,
      Spool card,
      StorageConfig config,
      Consumer<String> alerts,
      LongConsumer written) {
    this.spool = spool;
    this.card = card;
    this.softBytes = config.ramBytes() / 2;
    this.ring = new Reserve(spool, 0, config.ramBytes(), alerts);
    this.written = written;
  }

  /** Moves what is too much; while the disk fails, drops it. */
  void tend(boolean isCardWell) throws IOException {
    if (isCardWell) {
      moveToCard();
    }
    ring.keep();
  }

  private void moveToCard() throws IOException {
    long used = ring.usedBytes();
    if (used <= softBytes) {
      return;
    }
    for (SealedSegment segment : spool.sealed()) {
      if (used <= softBytes) {
        return;
      }
      move(segment);
      used -= segment.manifest().content().bytes();
    }
  }

  /**
   * A copy that is sealed there before the one here goes. A crash between leaves two, which the
   * master takes for one: they have the same id and the same bytes.
   */
  private void move(SealedSegment segment) throws IOException {
    SegmentFiles from = segment.files();
    SegmentFiles to = card.files(from.name());
    Content content = segment.manifest().content();
    DurableFiles.createDirectories(to.folder());
    copy(from, to);
    if (!DurableFiles.hash(to.part()).equals(content)) {
      DurableFiles.delete(to.part());
      throw new IOException(from.video() + " does not have its manifest's hash");
    }
    card.seal(to, segment.manifest());
    written.accept(content.bytes());
    DurableFiles.delete(from.manifest());
    DurableFiles.delete(from.video());
  }

  private static void copy(SegmentFiles from, SegmentFiles to) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 18);
    try (FileChannel in = FileChannel.open(from.video(), StandardOpenOption.READ);
        FileChannel out =
            FileChannel.open(
                to.part(),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
      while (in.read(buffer) >= 0) {
        DurableFiles.writeFully(out, buffer.flip());
        buffer.clear();
      }
      out.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(to.part());
      throw e;
    }
  }
}
