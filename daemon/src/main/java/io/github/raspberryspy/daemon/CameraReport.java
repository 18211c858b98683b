package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.Counters;
import io.github.raspberryspy.camera.PipelineState;
import io.github.raspberryspy.camera.source.SourceUri;
import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.daemon.config.CameraConfig;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.segments.wire.BoardFacts;
import io.github.raspberryspy.segments.wire.BoardHealth;
import io.github.raspberryspy.segments.wire.LinkMessage.CameraState;
import io.github.raspberryspy.segments.wire.LinkMessage.Heartbeat;
import io.github.raspberryspy.segments.wire.LinkMessage.Hello;
import io.github.raspberryspy.upload.Backlog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a camera says of itself to its master. Thread-safe. */
final class CameraReport {

  private static final Logger log = LoggerFactory.getLogger(CameraReport.class);

  private final CameraConfig config;
  private final Spool spool;
  private final Uploads uploads;
  private final LiveMotion motion;
  private final LiveFaults faults;
  private final Supplier<FilmingControl> filming; // null until it films
  private final String start = UUID.randomUUID().toString(); // another process is another camera
  private volatile StreamInfo stream; // written by the capture thread
  private volatile String problem = ""; // written by whichever thread has one

  CameraReport(
      CameraConfig config,
      Spool spool,
      Uploads uploads,
      LiveMotion motion,
      LiveFaults faults,
      Supplier<FilmingControl> filming) {
    this.config = config;
    this.spool = spool;
    this.uploads = uploads;
    this.motion = motion;
    this.faults = faults;
    this.filming = filming;
  }

  /** It films that from now on. */
  void films(StreamInfo info) {
    stream = info;
  }

  /** Something is wrong; nothing, where the sentence is empty. */
  void problem(String sentence) {
    problem = sentence;
  }

  /** What is said first on each connection. */
  Hello hello(BoardFacts board) {
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
        board);
  }

  /** What is said each second. */
  Heartbeat heartbeat(BoardHealth health) {
    StreamInfo info = stream;
    FilmingControl control = filming.get();
    CameraPipeline camera = control == null ? null : control.pipeline();
    Counters counters = control == null ? new Counters() : control.counters();
    Backlog backlog = uploads.backlog();
    return new Heartbeat(
        state(camera == null ? PipelineState.STARTING : camera.state()),
        problem.isEmpty() ? faults.sentence() : problem,
        info == null ? 0 : info.width(),
        info == null ? 0 : info.height(),
        info == null ? 0 : info.fps(),
        counters.get(Counter.FRAMES_CAPTURED),
        counters.get(Counter.FRAMES_RECORDED),
        counters.framesDropped(),
        backlog.segments(),
        backlog.bytes(),
        uploads.backlogBytesPerSecond(),
        freeBytes(),
        camera == null ? OptionalLong.empty() : camera.bytesToDiskADay(),
        motion.isMoving(),
        Optional.of(Instant.now()),
        health);
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
}
