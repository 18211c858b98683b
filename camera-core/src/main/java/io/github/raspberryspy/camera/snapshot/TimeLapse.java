package io.github.raspberryspy.camera.snapshot;

import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.SegmentId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a picture every so often, as {@code CAMERA/2026-11-23/2026-11-23T14-00-00Z.jpg}, on a
 * thread of its own, {@code timelapse-CAMERA}. Pictures stay on this machine. The recording comes
 * first: a picture is left out where the disk has less than 256 MiB left, and the oldest pictures
 * give way to new ones.
 *
 * <p>Thread-safe. Close it before the camera.
 */
public final class TimeLapse implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TimeLapse.class);
  private static final long LEAST_FREE_BYTES = 256L << 20;
  private static final long PATIENCE_SECONDS = 10;
  private static final String ENDING = ".jpg";
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ssX", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int DAY_LETTERS = "2026-11-23".length();

  private final TimeLapseConfig config;
  private final Path folder;
  private final Supplier<CompletableFuture<Snapshot>> camera;
  private final Consumer<String> problems;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;

  /* Used on the thread only. */
  private long bytes = -1; // of all pictures; not counted yet
  private boolean isFailing;

  TimeLapse(
      String name,
      TimeLapseConfig config,
      Supplier<CompletableFuture<Snapshot>> camera,
      Consumer<String> problems) {
    this.config = config;
    this.folder = config.folder().resolve(SegmentId.requireCameraName(name));
    this.camera = camera;
    this.problems = problems;
    this.thread = new Thread(this::run, "timelapse-" + name);
  }

  /**
   * Starts one.
   *
   * @param name of the camera
   * @param camera brings a picture: {@link io.github.raspberryspy.camera.CameraPipeline#snapshot}
   * @param problems told in one sentence that pictures cannot be written, once until they can
   */
  public static TimeLapse start(
      String name,
      TimeLapseConfig config,
      Supplier<CompletableFuture<Snapshot>> camera,
      Consumer<String> problems) {
    TimeLapse timeLapse = new TimeLapse(name, config, camera, problems);
    timeLapse.thread.start();
    return timeLapse;
  }

  /** Takes no more pictures. */
  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(2 * PATIENCE_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      do {
        keepOne();
      } while (!stop.await(config.every().toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes a picture and keeps it. */
  void keepOne() throws InterruptedException {
    try {
      Snapshot snapshot = camera.get().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      write(snapshot);
      isFailing = false;
    } catch (ExecutionException | TimeoutException e) {
      log.debug("no picture for {}: the camera's own state says why", folder, e);
    } catch (IOException | RuntimeException e) { // whatever it was, the next picture is taken
      if (!isFailing) {
        isFailing = true;
        problems.accept("the time-lapse in " + folder + " cannot go on: " + e.getMessage());
      }
    }
  }

  private void write(Snapshot snapshot) throws IOException {
    DurableFiles.createDirectories(folder);
    if (bytes < 0) {
      bytes = count();
    }
    byte[] jpeg = snapshot.jpeg();
    makeRoomFor(jpeg.length);
    if (Files.getFileStore(folder).getUsableSpace() < LEAST_FREE_BYTES) {
      throw new IOException("less than " + (LEAST_FREE_BYTES >> 20) + " MiB are free");
    }
    String name = NAME.format(snapshot.time());
    Path file = folder.resolve(name.substring(0, DAY_LETTERS)).resolve(name + ENDING);
    long replaced = Files.exists(file) ? Files.size(file) : 0;
    DurableFiles.write(file, jpeg);
    bytes += jpeg.length - replaced;
  }

  /** Deletes the oldest pictures until there is room for another, and the days that are empty. */
  private void makeRoomFor(long more) throws IOException {
    if (bytes + more <= config.maxBytes()) {
      return;
    }
    for (Path day : sorted(folder)) {
      if (!Files.isDirectory(day)) {
        continue;
      }
      for (Path picture : sorted(day)) {
        if (bytes + more <= config.maxBytes()) {
          return;
        }
        if (picture.toString().endsWith(ENDING)) {
          long size = Files.size(picture);
          Files.delete(picture);
          bytes -= size;
        }
      }
      if (sorted(day).isEmpty()) {
        Files.delete(day);
      }
    }
  }

  private long count() throws IOException {
    long sum = 0;
    try (Stream<Path> files = Files.walk(folder, 2)) {
      for (Path file : files.filter(f -> f.toString().endsWith(ENDING)).toList()) {
        sum += Files.size(file);
      }
    }
    return sum;
  }

  private static List<Path> sorted(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
