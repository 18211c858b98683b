package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.spool.SealedSegment;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wait for the master's receipts of what the tail has sent, while the tail goes on: threads named
 * {@code upload-seal}, which live as long as something is waited for. Thread-safe.
 */
final class ReceiptThreads {

  private static final Logger log = LoggerFactory.getLogger(ReceiptThreads.class);

  /** With more that wait the master is slow: they are a backlog. */
  private static final int MOST = 2;

  private final Tail.Verified verified;
  private final Consumer<SealedSegment> done;
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0, MOST, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), ReceiptThreads::thread);

  /**
   * None yet.
   *
   * @param verified is called with each receipt
   * @param done is called when a segment is waited for no longer, whatever came of it
   */
  ReceiptThreads(Tail.Verified verified, Consumer<SealedSegment> done) {
    this.verified = verified;
    this.done = done;
  }

  /**
   * Takes an upload over, all of which was sent, and closes it.
   *
   * @return whether it did; not where too many wait already
   */
  boolean take(SealedSegment segment, SealedUpload upload) {
    try {
      threads.execute(() -> seal(segment, upload));
      return true;
    } catch (RejectedExecutionException e) {
      log.debug("the master is slow to seal: {} is the backlog's", segment.manifest().id());
      return false;
    }
  }

  /** Takes no more, and waits until nothing is waited for. */
  void await(Duration most) throws InterruptedException {
    threads.shutdown();
    if (!threads.awaitTermination(most.toNanos(), TimeUnit.NANOSECONDS)) {
      log.warn("a thread upload-seal did not end within {} s", most.toSeconds());
    }
  }

  private void seal(SealedSegment segment, SealedUpload upload) {
    try (upload) {
      verified.verified(segment, upload.seal());
    } catch (IOException e) {
      log.debug("{} is the backlog's: {}", segment.manifest().id(), e.getMessage());
    } catch (RuntimeException | Error e) {
      log.error("{} cannot be sealed; it is tried again", segment.manifest().id(), e);
    } finally {
      done.accept(segment);
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "upload-seal");
    thread.setDaemon(true);
    return thread;
  }
}
