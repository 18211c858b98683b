package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.segments.wire.LinkCommand;
import io.github.raspberryspy.segments.wire.LinkMessage.Done;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what the master asks of a camera, and answers. What changes how it films takes its time, on
 * a thread of its own: what has to happen at once waits for none of that. Thread-safe.
 */
final class Duties implements Consumer<LinkCommand>, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Duties.class);

  /**
   * What it has to do with.
   *
   * @param filming null until it films
   * @param watched hears whether somebody watches
   * @param changed whoever tells the master what the camera goes by
   */
  record Parts(
      Supplier<FilmingControl> filming,
      Uploads uploads,
      Consumer<Boolean> watched,
      Runnable changed) {}

  private final String camera;
  private final Parts parts;
  private final Commands urgent;
  private final Commands changes;

  Duties(String camera, Parts parts, Consumer<Done> answers) {
    this.camera = camera;
    this.parts = parts;
    this.urgent = new Commands("commands-" + camera, this::obey, answers);
    this.changes = new Commands("changes-" + camera, this::change, answers);
  }

  /** Takes a command and returns at once. */
  @Override
  public void accept(LinkCommand command) {
    boolean isChange =
        command instanceof LinkCommand.Start
            || command instanceof LinkCommand.Stop
            || command instanceof LinkCommand.Restart
            || command instanceof LinkCommand.Configure;
    (isChange ? changes : urgent).accept(command);
  }

  /**
   * What films.
   *
   * @throws IOException in one sentence, if nothing does yet
   */
  FilmingControl camera() throws IOException {
    FilmingControl filming = parts.filming.get();
    if (filming == null) {
      throw new IOException("the camera is starting");
    }
    return filming;
  }

  private void obey(LinkCommand command) throws IOException {
    if (command instanceof LinkCommand.Live live) {
      parts.watched.accept(live.on());
      return;
    }
    CameraPipeline pipeline = camera().pipeline();
    log.info("camera {} is told: {}", camera, command);
    if (command instanceof LinkCommand.Flush flush) {
      flush(pipeline, flush.urgent());
    } else if (command instanceof LinkCommand.Flag flag) {
      flag(pipeline, flag.by());
    } else {
      throw new IOException("this camera's version does not know the command");
    }
  }

  private void flush(CameraPipeline pipeline, boolean isUrgent) throws IOException {
    if (isUrgent) {
      parts.uploads.moving(); // a metered link is used for it
    }
    if (!pipeline.flush()) {
      throw new IOException("nothing is filmed at present");
    }
  }

  /** As if something moved here: a metered link is used for it, too. */
  private void flag(CameraPipeline pipeline, String by) throws IOException {
    parts.uploads.moving();
    String reason = "by " + by;
    if (!pipeline.trigger(
        reason.substring(0, Math.min(CameraPipeline.LONGEST_REASON, reason.length())))) {
      throw new IOException("nothing is filmed at present");
    }
  }

  private void change(LinkCommand command) throws IOException {
    FilmingControl filming = camera();
    log.info("camera {} is told: {}", camera, command);
    try {
      if (command instanceof LinkCommand.Configure configure) {
        filming.configure(configure.version(), configure.values());
      } else if (command instanceof LinkCommand.Start) {
        filming.resume();
      } else if (command instanceof LinkCommand.Stop) {
        filming.hold();
      } else {
        filming.restart();
      }
    } finally {
      parts.changed.run();
    }
  }

  /** Does no more; what is being done is waited for, up to 10 s each. */
  @Override
  public void close() {
    urgent.close();
    changes.close();
  }
}
