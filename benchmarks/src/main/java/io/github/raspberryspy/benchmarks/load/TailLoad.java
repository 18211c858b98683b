package io.github.raspberryspy.benchmarks.load;

import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.PipelineListener;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.sink.MasterServer;
import io.github.raspberryspy.upload.UploadListener;
import io.github.raspberryspy.upload.Uploader;
import io.github.raspberryspy.upload.UploaderConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Films a test picture beside a running master and prints, as one line of JSON, how long after each
 * frame was shot the camera knew that it is durable there, milliseconds. Nothing is sent twice over
 * loopback, so that bytes which the master has taken and bytes which are durable here can be
 * counted side by side.
 *
 * <pre>TailLoad MASTER-URL FOOTAGE-FOLDER SPOOL-FOLDER SOURCE SECONDS</pre>
 */
public final class TailLoad implements PipelineListener {

  private static final String CAMERA = "camera";
  private static final Duration SEGMENT = Duration.ofSeconds(20);

  /** So many frames and bytes are durable here, of all segments. */
  private record Durable(long frames, long bytes) {}

  private final Queue<Long> shot = new ConcurrentLinkedQueue<>();
  private final Queue<Durable> durable = new ConcurrentLinkedQueue<>();
  private final Uploader uploader;
  private SegmentId segment; // with all below: of the recording thread
  private Durable before = new Durable(0, 0);
  private Durable now = new Durable(0, 0);

  private TailLoad(Uploader uploader) {
    this.uploader = uploader;
  }

  /** Runs it. */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length != 5) {
      System.err.println("TailLoad MASTER-URL FOOTAGE-FOLDER SPOOL-FOLDER SOURCE SECONDS");
      System.exit(2);
    }
    Path root = Path.of(args[2]);
    UploaderConfig config =
        UploaderConfig.builder(
                URI.create(args[0]), MasterServer.credentialFor(Path.of(args[1]), CAMERA))
            .build();
    try (Uploader uploader =
        new Uploader(Spool.at(root, CAMERA), config, new UploadListener() {})) {
      TailLoad load = new TailLoad(uploader);
      uploader.start();
      try (CameraPipeline camera =
          CameraPipeline.builder()
              .name(CAMERA)
              .source(args[3])
              .record(RecorderConfig.into(root).segment(SEGMENT))
              .sink(frame -> load.shot.add(frame.captureNanos()))
              .listener(load)
              .start()) {
        long[] late = load.watch(Duration.ofSeconds(Integer.parseInt(args[4])));
        System.out.println(json(late, camera.counters().framesDropped()));
      }
    }
    System.exit(0);
  }

  @Override
  public void onDurable(SegmentFiles files, SegmentId id, long bytes) {
    uploader.durable(files, id, bytes);
    if (!id.equals(segment)) {
      segment = id;
      before = now;
    }
    try {
      FragmentedMp4 video = FragmentedMp4.scan(files.part());
      now = new Durable(before.frames + video.frames(), before.bytes + bytes);
      durable.add(now);
    } catch (IOException e) {
      throw new IllegalStateException("what is durable cannot be read", e);
    }
  }

  @Override
  public void onSealed(SealedSegment sealed) {
    uploader.sealed(sealed);
  }

  private long[] watch(Duration length) {
    long[] late = new long[1 << 20];
    int frames = 0;
    long end = System.nanoTime() + length.toNanos();
    for (long time = System.nanoTime(); time - end < 0; time = System.nanoTime()) {
      long accepted = uploader.acceptedBytes();
      while (!durable.isEmpty() && durable.peek().bytes <= accepted) {
        for (long until = durable.poll().frames; frames < until; frames++) {
          late[frames] = time - shot.poll();
        }
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    return Arrays.copyOf(late, frames);
  }

  private static String json(long[] late, long dropped) {
    // a camera runs for days: in the first seconds a JVM compiles
    long[] sorted = Arrays.copyOfRange(late, Math.min(late.length, 300), late.length);
    Arrays.sort(sorted);
    return String.format(
        Locale.ROOT,
        "{\"frames\":%d,\"dropped\":%d,\"p50\":%.0f,\"p95\":%.0f,\"p99\":%.0f,\"most\":%.0f}",
        sorted.length,
        dropped,
        Quantiles.milliseconds(sorted, 0.5),
        Quantiles.milliseconds(sorted, 0.95),
        Quantiles.milliseconds(sorted, 0.99),
        Quantiles.milliseconds(sorted, 1));
  }
}
