package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.snapshot.Snapshot;
import io.github.raspberryspy.segments.wire.LinkCommand;
import io.github.raspberryspy.segments.wire.LinkMessage.Done;
import io.github.raspberryspy.upload.PictureSender;
import io.github.raspberryspy.upload.UploaderConfig;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Brings the master a picture of now when it asks for one, on a thread of its own, so that no
 * urgent command waits for it. However often it asks, a picture is made five times a second at the
 * most. Thread-safe.
 */
final class Pictures implements Consumer<LinkCommand>, AutoCloseable {

  /** From one picture to the next, at least: making one costs a core some time. */
  static final Duration LEAST = Duration.ofMillis(200);

  private final Callable<CompletableFuture<Snapshot>> camera;
  private final UploaderConfig master;
  private final Commands thread;
  private final CountDownLatch closed = new CountDownLatch(1);
  private PictureSender sender; // these are of the thread; null before the first picture
  private long madeNanos = System.nanoTime() - LEAST.toNanos();

  /**
   * One that has no connection yet.
   *
   * @param camera asks it for a picture, which it makes beside the way of the frames
   */
  Pictures(
      String name,
      UploaderConfig master,
      Callable<CompletableFuture<Snapshot>> camera,
      Consumer<Done> answers) {
    this.master = master;
    this.camera = camera;
    this.thread = new Commands("pictures-" + name, this::bring, answers);
  }

  /** Takes a command and returns at once. */
  @Override
  public void accept(LinkCommand command) {
    thread.accept(command);
  }

  private void bring(LinkCommand command) throws Exception {
    long left = LEAST.toNanos() - (System.nanoTime() - madeNanos);
    closed.await(left, TimeUnit.NANOSECONDS);
    madeNanos = System.nanoTime();
    Snapshot picture;
    try {
      picture = camera.call().get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception why ? why : e;
    }
    if (sender == null) {
      sender = new PictureSender(master);
    }
    sender.send(command.id(), picture.time(), picture.jpeg());
  }

  @Override
  public void close() {
    closed.countDown();
    thread.close();
    if (sender != null) {
      sender.close();
    }
  }
}
