package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.PipelineListener;
import io.github.raspberryspy.daemon.config.CameraKeys;
import io.github.raspberryspy.daemon.config.Settings;
import io.github.raspberryspy.segments.Durations;
import io.github.raspberryspy.sink.MasterConfig;
import io.github.raspberryspy.sink.MasterServer;
import io.github.raspberryspy.upload.UploaderConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A master and its cameras in one process; each part is the one that runs alone elsewhere, and they
 * talk over HTTP. Built in order, closed in reverse.
 */
final class Demo implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Demo.class);
  private static final List<String> NAMES =
      List.of("front-door", "garden", "garage", "driveway", "porch", "shed", "attic", "cellar");
  private static final Duration GLANCE = Duration.ofMillis(200);
  private static final Duration UPLOAD_PATIENCE = Duration.ofSeconds(60);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final List<CameraNode> cameras = new ArrayList<>();
  private final DemoReport report;
  private volatile boolean isClosing; // set by whoever interrupts, read by finish

  private Demo(DemoReport report) {
    this.report = report;
  }

  /**
   * What is filmed.
   *
   * @param segment length of a segment
   * @param sources one for each camera
   * @param audio what each of them hears; empty for nothing
   */
  record Filming(Duration segment, List<String> sources, String audio) {}

  /**
   * Starts all of it.
   *
   * @throws IOException in one sentence, if a folder or the port cannot be used
   */
  static Demo start(Path folder, int port, Filming filming, DemoReport report) throws IOException {
    Demo demo = new Demo(report);
    try {
      demo.build(folder, port, filming);
      return demo;
    } catch (IOException | RuntimeException e) {
      demo.close();
      throw e;
    }
  }

  /**
   * Waits so long at the most, or until every camera's source has ended.
   *
   * @param limit how long; {@code null} for no limit
   * @throws io.github.raspberryspy.camera.CameraException if a camera fails for good
   */
  void awaitEnd(Duration limit) throws InterruptedException {
    long end = limit == null ? Long.MAX_VALUE : System.nanoTime() + limit.toNanos();
    List<CameraNode> running = new ArrayList<>(cameras);
    while (!running.isEmpty()) {
      long left = limit == null ? GLANCE.toNanos() : end - System.nanoTime();
      if (left <= 0) {
        return;
      }
      CameraNode first = running.get(0);
      if (first.awaitStop(Duration.ofNanos(Math.min(left, GLANCE.toNanos())))) {
        running.remove(first);
      } else {
        running.remove(0);
        running.add(first); // all get a glance, so that any one's failure is seen
      }
    }
  }

  /**
   * Stops the cameras, and waits until the master holds all they sealed. Does nothing where it was
   * closed before that: what is not uploaded yet waits in the spool.
   *
   * @throws IOException if it does not within a minute
   */
  void finish() throws IOException, InterruptedException {
    cameras.parallelStream().forEach(CameraNode::stopRecording);
    for (CameraNode camera : cameras) {
      if (!camera.awaitUploaded(UPLOAD_PATIENCE)) {
        if (isClosing) {
          return;
        }
        throw new IOException(
            "not all footage of " + camera.name() + " reached the master within 60 s");
      }
    }
    cameras.forEach(report::summary);
  }

  @Override
  public void close() {
    isClosing = true;
    cameras.parallelStream().forEach(CameraNode::stopRecording);
    closeParts();
  }

  private synchronized void closeParts() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        log.warn("a part of the demo did not close", e);
      }
    }
  }

  private void build(Path folder, int port, Filming filming) throws IOException {
    List<String> sources = filming.sources();
    Path footage = folder.resolve("footage");
    MasterServer master =
        MasterServer.start(MasterConfig.into(footage).listen("127.0.0.1", port).build());
    parts.push(master);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      names.add(i < NAMES.size() ? NAMES.get(i) : "camera-" + (i + 1));
    }
    report.ready(master.url(), master.signInLink(), names, folder);
    master.listen(report::event);
    for (int i = 0; i < sources.size(); i++) {
      Adjustable camera = camera(folder, master, filming, names.get(i), sources.get(i));
      CameraNode node = CameraNode.start(camera, new PipelineListener() {}, () -> true);
      parts.push(node);
      cameras.add(node);
    }
  }

  private static Adjustable camera(
      Path folder, MasterServer master, Filming filming, String name, String source) {
    UploaderConfig upload =
        UploaderConfig.builder(master.url(), master.credentialFor(name)).build();
    Map<String, String> own =
        Map.of(
            "camera.name",
            name,
            "camera.source",
            source,
            "spool.folder",
            folder.resolve("spool").toString(),
            "record.segment",
            Durations.text(filming.segment()),
            "audio.source",
            filming.audio());
    return Adjustable.of(
        Settings.by("the demo", CameraKeys.ALL, own), config -> config.withUpload(upload));
  }
}
