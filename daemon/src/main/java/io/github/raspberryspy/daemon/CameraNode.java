package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.Counters;
import io.github.raspberryspy.camera.PipelineListener;
import io.github.raspberryspy.camera.PipelineState;
import io.github.raspberryspy.camera.live.FragmentTap;
import io.github.raspberryspy.camera.record.Storage;
import io.github.raspberryspy.camera.record.StorageConfig;
import io.github.raspberryspy.camera.source.SourceUri;
import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.camera.supervise.CameraFault;
import io.github.raspberryspy.daemon.board.BoardWatch;
import io.github.raspberryspy.daemon.config.CameraConfig;
import io.github.raspberryspy.motion.MotionEvent;
import io.github.raspberryspy.motion.MotionListener;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.segments.wire.LinkCommand;
import io.github.raspberryspy.segments.wire.LinkMessage.CameraState;
import io.github.raspberryspy.segments.wire.LinkMessage.Done;
import io.github.raspberryspy.segments.wire.LinkMessage.Heartbeat;
import io.github.raspberryspy.segments.wire.LinkMessage.Hello;
import io.github.raspberryspy.segments.wire.LiveMessage;
import io.github.raspberryspy.upload.Backlog;
import io.github.raspberryspy.upload.SharedLink;
import io.github.raspberryspy.upload.UploadException;
import io.github.raspberryspy.upload.UploadListener;
import io.github.raspberryspy.upload.Uploader;
import io.github.raspberryspy.upload.UploaderConfig;
import io.github.raspberryspy.upload.control.ControlLink;
import io.github.raspberryspy.upload.control.LiveSource;
import io.github.raspberryspy.upload.control.LiveUplink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
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

  private static final int LONGEST_REASON = 64; // of a trigger

  private final Adjustable adjustable;
  private final CameraConfig config; // of all that its master cannot change
  private final String start = UUID.randomUUID().toString(); // another process is another camera
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final LiveMotion liveMotion = new LiveMotion();
  private final LiveFaults liveFaults = new LiveFaults(Clock.systemUTC());
  private Spool spool;
  private volatile ControlLink link; // null without a master
  private volatile LiveUplink uplink; // set before the link is
  private BoardWatch board; // set before the link is
  private final List<Uploader> uploaders = new ArrayList<>(); // of the disk, and of memory
  private volatile FilmingControl filming; // null until it films
  private volatile StreamInfo stream; // written by the capture thread
  private volatile String problem = ""; // written by whichever thread has one

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
    long end = System.nanoTime() + timeout.toNanos();
    for (Uploader uploader : uploaders) {
      if (!uploader.awaitEmpty(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
        return false;
      }
    }
    return true;
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
    if (config.upload().isPresent()) {
      connect(config.upload().get(), clockIsSet);
    }
    Filming.Ears ears = new Filming.Ears(new News(listener), liveMotion, Movement::new, clockIsSet);
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
    uplink = keep(new LiveUplink(config.name(), upload, this::live));
    uplink.start();
    AtomicReference<ControlLink> answers = new AtomicReference<>();
    Consumer<Done> answer = done -> answers.get().offer(done);
    Commands commands = keep(new Commands("commands-" + config.name(), this::obey, answer));
    Pictures pictures =
        keep(new Pictures(config.name(), upload, () -> camera().pipeline().snapshot(), answer));
    Consumer<LinkCommand> asked =
        command -> (command instanceof LinkCommand.Snapshot ? pictures : commands).accept(command);
    link = keep(new ControlLink(upload, this::hello, this::heartbeat, asked));
    answers.set(link);
    liveMotion.tell(link);
    liveFaults.tell(link::offer);
    link.start();
    config.away().ifPresent(away -> keep(MasterAway.start(config.name(), away, link::isConnected)));
  }

  private void drain(Spool from, UploaderConfig upload, SharedLink way) {
    Uploader uploader = keep(new Uploader(from, upload, way, new Complaints(from != spool)));
    uploaders.add(uploader);
    uploader.start();
  }

  /** Does what the master asks; on {@code commands-CAMERA}. */
  private void obey(LinkCommand command) throws IOException {
    if (command instanceof LinkCommand.Live live) {
      uplink.watch(live.on());
      return;
    }
    FilmingControl camera = camera();
    log.info("camera {} is told: {}", config.name(), command);
    if (command instanceof LinkCommand.Flush flush) {
      flush(camera, flush.urgent());
    } else if (command instanceof LinkCommand.Flag flag) {
      flag(camera, flag.by());
    } else if (command instanceof LinkCommand.Start) {
      camera.resume();
    } else if (command instanceof LinkCommand.Stop) {
      camera.hold();
    } else if (command instanceof LinkCommand.Restart) {
      camera.restart();
    } else if (command instanceof LinkCommand.Configure configure) {
      try {
        camera.configure(configure.version(), configure.values());
      } finally {
        settingsChanged();
      }
    } else {
      throw new IOException("this camera's version does not know the command");
    }
  }

  private FilmingControl camera() throws IOException {
    FilmingControl camera = filming;
    if (camera == null) {
      throw new IOException("the camera is starting");
    }
    return camera;
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

  private void flush(FilmingControl camera, boolean isUrgent) {
    if (isUrgent) {
      uploaders.forEach(Uploader::moving); // a metered link is used for it
    }
    camera.pipeline().flush();
  }

  /** As if something moved here: a metered link is used for it, too. */
  private void flag(FilmingControl camera, String by) throws IOException {
    uploaders.forEach(Uploader::moving);
    String reason = "by " + by;
    if (!camera
        .pipeline()
        .trigger(reason.substring(0, Math.min(LONGEST_REASON, reason.length())))) {
      throw new IOException("nothing is filmed at present");
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

  private Backlog backlog() {
    long segments = 0;
    long bytes = 0;
    for (Uploader uploader : uploaders) {
      segments += uploader.backlog().segments();
      bytes += uploader.backlog().bytes();
    }
    return new Backlog(segments, bytes);
  }

  private OptionalLong backlogRate() {
    OptionalLong sum = OptionalLong.empty();
    for (Uploader uploader : uploaders) {
      OptionalLong rate = uploader.backlogBytesPerSecond();
      sum = rate.isPresent() ? OptionalLong.of(sum.orElse(0) + rate.getAsLong()) : sum;
    }
    return sum;
  }

  private <T extends AutoCloseable> T keep(T part) {
    parts.push(part);
    return part;
  }

  /** What is said first on each connection; what is wrong comes after it. */
  private Hello hello() {
    liveFaults.repeat();
    settingsChanged();
    String key = "";
    try {
      key = spool.state().key();
    } catch (NoSuchFileException e) {
      log.debug("the spool is being made", e); // the key is said with the next connection
    } catch (IOException e) {
      log.warn("the spool's key cannot be read", e);
    }
    return new Hello(
        config.name(),
        key,
        "RaspberrySpy " + Main.Version.text(),
        SourceUri.parse(config.source()).toString(),
        start,
        board.facts());
  }

  private Heartbeat heartbeat() {
    StreamInfo info = stream;
    FilmingControl control = filming;
    CameraPipeline camera = control == null ? null : control.pipeline();
    Counters counters = control == null ? new Counters() : control.counters();
    Backlog backlog = backlog();
    return new Heartbeat(
        state(camera == null ? PipelineState.STARTING : camera.state()),
        problem.isEmpty() ? liveFaults.sentence() : problem,
        info == null ? 0 : info.width(),
        info == null ? 0 : info.height(),
        info == null ? 0 : info.fps(),
        counters.get(Counter.FRAMES_CAPTURED),
        counters.get(Counter.FRAMES_RECORDED),
        counters.framesDropped(),
        backlog.segments(),
        backlog.bytes(),
        backlogRate(),
        freeBytes(),
        camera == null ? OptionalLong.empty() : camera.bytesToDiskADay(),
        liveMotion.isMoving(),
        Optional.of(Instant.now()),
        board.health());
  }

  private long freeBytes() {
    try {
      return Files.getFileStore(spool.folder()).getUsableSpace();
    } catch (IOException e) {
      log.debug("free space of {} is not known", spool.folder(), e);
      return 0;
    }
  }

  private static CameraState state(PipelineState state) {
    return switch (state) {
      case STARTING -> CameraState.STARTING;
      case RUNNING -> CameraState.RECORDING;
      case RETRYING -> CameraState.RETRYING;
      case STOPPED -> CameraState.STOPPED;
    };
  }

  /** A metered link is used for what moves, whatever a cool-down keeps from people. */
  private final class Movement implements MotionListener {
    private final MotionListener next;

    Movement(MotionListener next) {
      this.next = next;
    }

    @Override
    public void began(MotionEvent event) {
      uploaders.forEach(Uploader::moving);
      next.began(event);
    }

    @Override
    public void updated(MotionEvent event) {
      uploaders.forEach(Uploader::moving);
      next.updated(event);
    }

    @Override
    public void ended(MotionEvent event) {
      next.ended(event);
    }
  }

  /** Remembers what the heartbeat tells, wakes the uploader, and passes everything on. */
  private final class News implements PipelineListener {
    private final PipelineListener next;

    News(PipelineListener next) {
      this.next = next;
    }

    @Override
    public void onState(PipelineState state, String sentence) {
      problem = sentence;
      next.onState(state, sentence);
    }

    @Override
    public void onStream(StreamInfo info) {
      stream = info;
      next.onStream(info);
    }

    @Override
    public void onDurable(SegmentFiles files, SegmentId segment, long bytes) {
      uploaders.forEach(uploader -> uploader.durable(files, segment, bytes));
      next.onDurable(files, segment, bytes);
    }

    @Override
    public void onSealed(SealedSegment segment) {
      uploaders.forEach(uploader -> uploader.sealed(segment));
      next.onSealed(segment);
    }

    @Override
    public void onProblem(String sentence) {
      problem = sentence;
      next.onProblem(sentence);
    }

    @Override
    public void onFault(CameraFault fault) {
      liveFaults.changed(fault);
      next.onFault(fault);
    }
  }

  /** The uploader logs what it retries; a conflict or damage needs a person. */
  private final class Complaints implements UploadListener {
    private final boolean isOfMemory;

    Complaints(boolean isOfMemory) {
      this.isOfMemory = isOfMemory;
    }

    /** What was in memory leaves no trace there: the disk remembers that it is not missing. */
    @Override
    public void verified(SegmentManifest segment) {
      if (isOfMemory) {
        try {
          spool.noteRecorded(segment.end());
        } catch (IOException e) {
          log.debug("{} does not note that {} is with the master", spool.folder(), segment.id(), e);
        }
      }
    }

    @Override
    public void failed(SegmentId segment, UploadException e) {
      log.debug("{} was not uploaded: {}", segment, e.getMessage());
    }
  }
}
