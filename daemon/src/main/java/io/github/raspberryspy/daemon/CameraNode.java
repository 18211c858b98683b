package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.Counters;
import io.github.raspberryspy.camera.PipelineListener;
import io.github.raspberryspy.camera.live.FragmentTap;
import io.github.raspberryspy.camera.record.Storage;
import io.github.raspberryspy.camera.record.StorageConfig;
import io.github.raspberryspy.daemon.board.BoardWatch;
import io.github.raspberryspy.daemon.config.CameraConfig;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.segments.wire.LinkCommand;
import io.github.raspberryspy.segments.wire.LinkMessage.Done;
import io.github.raspberryspy.segments.wire.LinkMessage.Hello;
import io.github.raspberryspy.segments.wire.LiveMessage;
import io.github.raspberryspy.upload.SharedLink;
import io.github.raspberryspy.upload.UploadListener;
import io.github.raspberryspy.upload.Uploader;
import io.github.raspberryspy.upload.UploaderConfig;
import io.github.raspberryspy.upload.control.ControlLink;
import io.github.raspberryspy.upload.control.LiveSource;
import io.github.raspberryspy.upload.control.LiveUplink;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One camera with all that runs beside it: uploader, control link, motion detector, pipeline, built
 * in this order and closed in reverse. The only place where these modules meet.
 *
 * <p>Thread-safe.
 */
final class CameraNode implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CameraNode.class);

  private final Adjustable adjustable;
  private final CameraConfig config; // of all that its master cannot change
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final LiveMotion liveMotion = new LiveMotion();
  private final LiveFaults liveFaults = new LiveFaults(Clock.systemUTC());
  private Spool spool;
  private CameraReport report;
  private volatile ControlLink link; // null without a master
  private BoardWatch board; // set before the link is
  private final Uploads uploads = new Uploads();
  private volatile FilmingControl filming; // null until it films

  private CameraNode(Adjustable adjustable) {
    this.adjustable = adjustable;
    this.config = adjustable.with(Map.of());
  }

  /**
   * Starts a camera that goes by this config alone, whatever its master would set.
   *
   * @throws IOException in one sentence, if the spool cannot be used
   */
  static CameraNode start(
      CameraConfig config, PipelineListener listener, BooleanSupplier clockIsSet)
      throws IOException {
    return start(Adjustable.fixed(config), listener, clockIsSet);
  }

  /**
   * Starts a camera.
   *
   * @param listener hears of it as well
   * @param clockIsSet whether the wall clock can be believed
   * @throws IOException in one sentence, if the spool cannot be used
   */
  static CameraNode start(
      Adjustable adjustable, PipelineListener listener, BooleanSupplier clockIsSet)
      throws IOException {
    CameraNode node = new CameraNode(adjustable);
    try {
      node.build(listener, clockIsSet);
      return node;
    } catch (IOException | RuntimeException e) {
      node.close();
      throw e;
    }
  }

  String name() {
    return config.name();
  }

  Counters counters() {
    return filming.counters();
  }

  /** Waits as {@link FilmingControl#awaitStop} does. */
  boolean awaitStop(Duration timeout) throws InterruptedException {
    return filming.awaitStop(timeout);
  }

  /** Stops recording and seals; upload goes on. */
  void stopRecording() {
    filming.close();
  }

  /**
   * Waits until it is proved that the master, or another target, holds everything. Returns whether
   * it has.
   */
  boolean awaitUploaded(Duration timeout) throws InterruptedException {
    return uploads.awaitEmpty(timeout);
  }

  /** Closes it for good, as somebody asked: its master is told that it is off, not lost. */
  void leave() {
    ControlLink current = link;
    if (current != null) {
      current.leaving();
    }
    close();
  }

  @Override
  public synchronized void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        log.warn("a part of camera {} did not close", config.name(), e);
      }
    }
    StorageConfig storage = config.recorder().storage();
    if (spool != null && storage.ram().isPresent()) {
      try {
        Storage.tidy(Storage.ramRoot(spool, storage));
      } catch (IOException e) {
        log.debug("the folder in memory stays", e);
      }
    }
  }

  private void build(PipelineListener listener, BooleanSupplier clockIsSet) throws IOException {
    spool = Spool.at(config.recorder().spool(), config.name()); // the recorder makes it usable
    report = new CameraReport(config, spool, uploads, liveMotion, liveFaults, () -> filming);
    if (config.upload().isPresent()) {
      connect(config.upload().get(), clockIsSet);
    } else {
      log.info(
          "camera {} has no master: what it films stays in its spool. To pair it, press \"Add a"
              + " camera\" on the master's page, type here what that shows (raspberryspy pair CODE"
              + " --config camera.yml), and start this again",
          config.name());
    }
    CameraNews news = new CameraNews(report, uploads, liveFaults, listener);
    Filming.Ears ears =
        new Filming.Ears(
            news,
            liveMotion,
            people -> new Movement(uploads, people),
            clockIsSet,
            liveFaults::closed);
    filming = keep(FilmingControl.start(adjustable, ears, spool.folder()));
    settingsChanged();
  }

  private void connect(UploaderConfig upload, BooleanSupplier clockIsSet) throws IOException {
    SharedLink way = new SharedLink(upload);
    drain(spool, upload, way);
    StorageConfig storage = config.recorder().storage();
    if (storage.ram().isPresent()) {
      drain(Spool.at(Storage.ramRoot(spool, storage), config.name()), upload, way);
    }
    if (upload.access().isEmpty()) {
      return; // footage goes elsewhere, and nobody listens
    }
    board =
        keep(
            BoardWatch.start(
                config.name(),
                config.recorder().spool(),
                clockIsSet,
                this::diskTrouble,
                liveFaults::changed));
    LiveUplink uplink = keep(new LiveUplink(config.name(), upload, this::live));
    uplink.start();
    AtomicReference<ControlLink> answers = new AtomicReference<>();
    Consumer<Done> answer = done -> answers.get().offer(done);
    Duties duties =
        keep(
            new Duties(
                config.name(),
                new Duties.Parts(() -> filming, uploads, uplink::watch, this::settingsChanged),
                answer));
    Pictures pictures =
        keep(
            new Pictures(
                config.name(), upload, () -> duties.camera().pipeline().snapshot(), answer));
    Consumer<LinkCommand> asked =
        command -> (command instanceof LinkCommand.Snapshot ? pictures : duties).accept(command);
    link =
        keep(new ControlLink(upload, this::hello, () -> report.heartbeat(board.health()), asked));
    answers.set(link);
    liveMotion.tell(link);
    liveFaults.tell(link::offer);
    link.start();
    config.away().ifPresent(away -> keep(MasterAway.start(config.name(), away, link::isConnected)));
  }

  private void drain(Spool from, UploaderConfig upload, SharedLink way) {
    UploadListener listener = from == spool ? new Complaints() : new Complaints.OfMemory(spool);
    Uploader uploader = keep(new Uploader(from, upload, way, listener));
    uploads.add(uploader);
    uploader.start();
  }

  /** What is filmed now, for whoever watches. */
  private Optional<LiveSource> live() {
    FilmingControl camera = filming;
    return camera == null ? Optional.empty() : camera.pipeline().tap().map(Tapped::new);
  }

  /** A tap of the pipeline, as the uplink reads it. */
  private record Tapped(FragmentTap tap) implements LiveSource {
    @Override
    public Optional<LiveMessage> next(Duration timeout) {
      return tap.next(timeout);
    }

    @Override
    public boolean isEnded() {
      return tap.isEnded();
    }

    @Override
    public void close() {
      tap.close();
    }
  }

  /** The master shows what the camera goes by. */
  private void settingsChanged() {
    ControlLink current = link;
    FilmingControl camera = filming;
    if (current != null && camera != null) {
      current.offer(camera.settings());
    }
  }

  private Optional<String> diskTrouble() {
    FilmingControl camera = filming;
    return camera == null ? Optional.empty() : camera.pipeline().diskTrouble();
  }

  /** What is wrong, and what it goes by, comes after it. */
  private Hello hello() {
    liveFaults.repeat();
    settingsChanged();
    return report.hello(board.facts());
  }

  private <T extends AutoCloseable> T keep(T part) {
    parts.push(part);
    return part;
  }
}
