package io.github.raspberryspy.benchmarks.load;

import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.sink.MasterServer;
import io.github.raspberryspy.upload.UploadException;
import io.github.raspberryspy.upload.UploadListener;
import io.github.raspberryspy.upload.Uploader;
import io.github.raspberryspy.upload.UploaderConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

/**
 * Lets the camera's uploader bring one segment after the other to a running master, each a copy of
 * one recorded segment under another number, and prints how long each took from its manifest's
 * rename to its deletion on a receipt, milliseconds, as one line of JSON.
 *
 * <pre>DrainLoad MASTER-URL FOOTAGE-FOLDER SPOOL-FOLDER CAMERA TIMES</pre>
 */
public final class DrainLoad {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private DrainLoad() {}

  /** Runs it; exit code 1 where a segment was refused. */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length != 5) {
      System.err.println("DrainLoad MASTER-URL FOOTAGE-FOLDER SPOOL-FOLDER CAMERA TIMES");
      System.exit(2);
    }
    Path root = Path.of(args[2]);
    SealedSegment model = Spool.open(root, args[3]).sealed().get(0);
    Path video = Files.move(model.files().video(), root.resolve("model.mp4"));
    DurableFiles.delete(model.files().manifest());
    Spool spool = Spool.open(root, args[3]);
    var credential = MasterServer.credentialFor(Path.of(args[1]), args[3]);
    SynchronousQueue<String> ended = new SynchronousQueue<>();
    UploadListener listener = new Ended(ended);
    double[] millis = new double[Integer.parseInt(args[4])];
    try (Uploader uploader =
        new Uploader(
            spool, UploaderConfig.builder(URI.create(args[0]), credential).build(), listener)) {
      uploader.start();
      for (int i = 0; i < millis.length; i++) {
        SegmentManifest manifest = numbered(model.manifest(), i);
        SegmentFiles files = spool.files(manifest.name());
        DurableFiles.createDirectories(files.folder());
        Files.copy(video, files.part());
        DurableFiles.sync(files.part());
        long began = System.nanoTime();
        spool.seal(files, manifest);
        uploader.poke();
        String failure = ended.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        millis[i] = (System.nanoTime() - began) / 1e6;
        if (failure == null || !failure.isEmpty()) {
          System.err.println("segment " + i + ": " + failure);
          System.exit(1);
        }
      }
    }
    System.out.println("{\"bytes\":" + Files.size(video) + ",\"ms\":" + rounded(millis) + "}");
    System.exit(0);
  }

  private static String rounded(double[] millis) {
    return Arrays.toString(
        Arrays.stream(millis)
            .mapToObj(ms -> String.format(Locale.ROOT, "%.2f", ms))
            .toArray(String[]::new));
  }

  private static SegmentManifest numbered(SegmentManifest m, int number) {
    SegmentId id = new SegmentId(m.id().camera(), m.id().key(), m.id().run(), 1000L + number);
    return Copies.of(m, id, number + 1L);
  }

  /** Hands the end of each segment over: empty where it is verified. */
  private record Ended(SynchronousQueue<String> queue) implements UploadListener {

    @Override
    public void verified(SegmentManifest segment) {
      hand("");
    }

    @Override
    public void failed(SegmentId segment, UploadException e) {
      hand(String.valueOf(e.getMessage()));
    }

    private void hand(String what) {
      try {
        queue.put(what);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
