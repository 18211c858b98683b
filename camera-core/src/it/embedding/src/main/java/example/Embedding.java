package example;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameQueue;
import io.github.raspberryspy.camera.Image;
import io.github.raspberryspy.camera.PipelineListener;
import io.github.raspberryspy.camera.encode.EncoderConfig;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.supervise.CameraFault;
import io.github.raspberryspy.camera.supervise.SuperviseConfig;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What docs/embedding.md shows, as it is compiled and run. */
final class Embedding {

  static void record(String address, Path spool) throws InterruptedException {
    // example: five-lines
    try (var camera = CameraPipeline.builder()
        .source(address)
        .encoder(EncoderConfig.h264().bitrateBps(4_000_000).gop(Duration.ofSeconds(1)))
        .record(RecorderConfig.into(spool).segment(Duration.ofHours(1)))
        .start()) {
      camera.awaitStop();
    }
    // end
  }

  static void readme() throws InterruptedException {
    // example: readme
    try (var camera = CameraPipeline.builder()
        .source("v4l2:///dev/video0?size=1280x720&fps=30")
        .record(RecorderConfig.into(Path.of("spool")).segment(Duration.ofHours(1)))
        .sink(frame -> look(frame.image()))            // every frame, where the source put it: no copy
        .start()) {
      camera.awaitStop();
    }
    // end
  }

  static long brightest(String address) throws InterruptedException {
    // example: look
    AtomicLong brightest = new AtomicLong();
    try (var camera = CameraPipeline.builder()
        .source(address)
        .sink(frame -> {
          Image image = frame.image();
          ByteBuffer luma = image.plane(0);       // the source's own memory, read-only
          int middle = luma.get(image.height() / 2 * image.stride(0) + image.width() / 2) & 0xff;
          brightest.accumulateAndGet(middle, Math::max);
        })
        .start()) {
      camera.awaitStop();
    }
    // end
    return brightest.get();
  }

  static long onAThreadOfItsOwn(String address) throws InterruptedException {
    AtomicLong seen = new AtomicLong();
    // example: keep
    FrameQueue latest = new FrameQueue(1, FrameQueue.WhenFull.REPLACE_OLDEST);
    Thread worker = new Thread(() -> {
      for (Frame frame = latest.take(); frame != null; frame = latest.take()) {
        try (Frame owned = frame) {               // each share() is closed once, by whoever has it
          work(owned, seen);
        }
      }
    });
    worker.start();
    try (var camera = CameraPipeline.builder()
        .source(address)
        .sink(frame -> latest.offer(frame.share("worker")))
        .start()) {
      camera.awaitStop();
    } finally {
      latest.end();
      worker.join();
    }
    // end
    return seen.get();
  }

  static List<String> watch(String address, Path spool) throws InterruptedException {
    List<String> news = new ArrayList<>();
    // example: watch
    PipelineListener listener = new PipelineListener() {
      @Override
      public void onSealed(SealedSegment segment) {
        news.add("sealed " + segment.files().video());
      }

      @Override
      public void onFault(CameraFault fault) {
        news.add((fault.ended() ? "over: " : "") + fault.sentence());
      }
    };
    try (var camera = CameraPipeline.builder()
        .name("front")
        .source(address)
        .record(RecorderConfig.into(spool).segment(Duration.ofMinutes(10)))
        .supervise(SuperviseConfig.defaults())    // stalls, and faults of the picture
        .retries(true)                            // opens again what broke or fell silent
        .listener(listener)
        .start()) {
      if (!camera.awaitStop(Duration.ofHours(1))) {
        camera.flush();                           // ends the segment now; close() would, too
      }
      news.add(camera.counters().get(Counter.FRAMES_RECORDED) + " frames");
    } catch (CameraException e) {
      news.add(e.kind() + ": " + e.getMessage());
    }
    // end
    return news;
  }

  static List<Path> read(Path spool) throws IOException {
    List<Path> gapless = new ArrayList<>();
    // example: read
    for (SealedSegment segment : Spool.open(spool, "camera").sealed()) {
      SegmentManifest manifest = segment.manifest();
      if (manifest.gaps().isEmpty() && manifest.frames() > 0) {
        gapless.add(segment.files().video());     // fragmented MP4: plays anywhere
      }
    }
    // end
    return gapless;
  }

  private static void work(Frame frame, AtomicLong seen) {
    seen.set(frame.number());
  }

  private static void look(Image image) {
    image.width();
  }

  private Embedding() {}
}
