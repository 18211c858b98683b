package io.github.raspberryspy.upload.control;

import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.wire.CommandCodec;
import io.github.raspberryspy.segments.wire.LinkCommand;
import io.github.raspberryspy.segments.wire.LinkMessage;
import io.github.raspberryspy.segments.wire.LinkMessage.Done;
import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import io.github.raspberryspy.segments.wire.LinkMessage.Goodbye;
import io.github.raspberryspy.segments.wire.LinkMessage.Heartbeat;
import io.github.raspberryspy.segments.wire.LinkMessage.Hello;
import io.github.raspberryspy.segments.wire.LinkMessage.Motion;
import io.github.raspberryspy.segments.wire.LinkMessage.Settings;
import io.github.raspberryspy.upload.RetrySchedule;
import io.github.raspberryspy.upload.UploaderConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection to the master open for as long as it lives: says hello on each connect,
 * sends a heartbeat each second, motion, faults and answers at once, hands on what the master asks,
 * and connects again, with growing random pauses, for ever.
 *
 * <p>Works on a thread of its own, {@code control}, from {@link #start} until {@link #close}; the
 * suppliers are called there. Commands are handed on by {@code control-ears}. Thread-safe.
 */
public final class ControlLink implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ControlLink.class);
  private static final Duration JOIN = Duration.ofSeconds(5);

  private final UploaderConfig config;
  private final Supplier<Hello> hello;
  private final Supplier<Heartbeat> heartbeat;
  private final Consumer<LinkCommand> commands;
  private final Outbox queue = new Outbox();
  private final Thread thread;
  private final AtomicBoolean started = new AtomicBoolean();
  private volatile LinkSession session; // written by "control", read by whoever closes
  private volatile boolean isLeaving;
  private boolean complained;

  /**
   * Makes one that does nothing before {@link #start}.
   *
   * @param config who talks to whom, and how patiently
   * @param hello what to say first on each connection
   * @param heartbeat what the camera does now; must return soon
   * @param commands takes what the master asks, and answers it by {@link #offer(Done)}; must return
   *     soon. None is handed on twice, and what comes without a connection does not come
   */
  public ControlLink(
      UploaderConfig config,
      Supplier<Hello> hello,
      Supplier<Heartbeat> heartbeat,
      Consumer<LinkCommand> commands) {
    this.config = Objects.requireNonNull(config, "config");
    this.hello = Objects.requireNonNull(hello, "hello");
    this.heartbeat = Objects.requireNonNull(heartbeat, "heartbeat");
    this.commands = Objects.requireNonNull(commands, "commands");
    this.thread = new Thread(this::run, "control");
    this.thread.setDaemon(true);
  }

  /** Starts the thread. Once only. */
  public void start() {
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException("this link was started already");
    }
    thread.start();
  }

  /**
   * Sends it as soon as there is a connection. Never waits for one: of what piles up the newest is
   * kept, and the rest is counted by {@link #dropped}. May be called from any thread.
   */
  public void offer(Motion motion) {
    queue.offer(Objects.requireNonNull(motion, "motion"));
  }

  /** The same for something that is wrong with the camera, or is so no longer. */
  public void offer(Fault fault) {
    queue.offer(Objects.requireNonNull(fault, "fault"));
  }

  /** The same for an answer to a command. */
  public void offer(Done answer) {
    queue.offer(Objects.requireNonNull(answer, "answer"));
  }

  /** The same for what the camera goes by. */
  public void offer(Settings settings) {
    queue.offer(Objects.requireNonNull(settings, "settings"));
  }

  /** How many messages were dropped for want of a connection. */
  public long dropped() {
    return queue.dropped();
  }

  /** Whether there is a connection, as far as one can know. */
  public boolean isConnected() {
    LinkSession current = session;
    return current != null && !current.isEnded();
  }

  /**
   * The camera is told to end: when this closes, the master hears that it is off. Without this it
   * is lost.
   */
  public void leaving() {
    isLeaving = true;
  }

  /** Closes the connection and ends the thread, within 5 s. */
  @Override
  public void close() {
    queue.stop();
    if (started.get() && Thread.currentThread() != thread) {
      try {
        thread.join(JOIN.toMillis());
        LinkSession current = session;
        if (thread.isAlive() && current != null) {
          current.abort(); // it hangs in a send
          thread.join(JOIN.toMillis());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run() {
    RetrySchedule pauses = config.linkSchedule();
    try {
      while (!queue.isStopped()) {
        long begin = System.nanoTime();
        try {
          serveOneConnection();
        } catch (InterruptedException e) {
          throw e;
        } catch (Throwable e) { // not even an Error ends the link for good
          complain(e);
        }
        if (System.nanoTime() - begin > config.heartbeat().toNanos() * 10) {
          pauses.reset(); // it worked for a while: it is not a master that hangs up at once
        }
        queue.pause(pauses.next());
      }
    } catch (InterruptedException e) {
      log.warn("the thread control was interrupted; it ends");
    }
  }

  private void serveOneConnection() throws IOException, InterruptedException {
    try (LinkSession open = LinkSession.open(config, queue::wake, this::asked)) {
      session = open;
      open.send(hello.get());
      log.info("the control link to {} is up", config.master());
      complained = false;
      long next = System.nanoTime();
      while (!queue.isStopped()) {
        if (System.nanoTime() - next >= 0) {
          next = System.nanoTime() + config.heartbeat().toNanos();
          open.keepAlive();
          open.send(heartbeat.get());
        }
        open.answer();
        sendWaiting(open);
        if (open.isEnded()) {
          open.keepAlive(); // says why
        }
        queue.await(next - System.nanoTime());
      }
      sendWaiting(open);
      if (isLeaving) {
        open.send(heartbeat.get()); // that it has stopped: a master that is older goes by this
        open.send(new Goodbye());
      }
      open.closeNormally();
    } finally {
      session = null;
    }
  }

  /** What cannot be read is said in the log: without an id it cannot be answered. */
  private void asked(String text) {
    try {
      LinkCommand command = CommandCodec.decode(text);
      if (command instanceof LinkCommand.Unknown unknown) {
        offer(
            new Done(
                unknown.id(),
                false,
                "this camera's version does not know the command " + unknown.type()));
      } else {
        commands.accept(command);
      }
    } catch (ManifestException e) {
      log.warn("the master said what cannot be read: {}", e.getMessage());
    } catch (RuntimeException e) { // the link lives on
      log.warn("a command failed", e);
    }
  }

  private void sendWaiting(LinkSession open) throws IOException {
    Optional<LinkMessage> message = queue.poll();
    while (message.isPresent()) {
      try {
        open.send(message.get());
      } catch (IOException e) {
        queue.putBack(message.get());
        throw e;
      }
      message = queue.poll();
    }
  }

  private void complain(Throwable e) {
    if (complained) {
      log.debug("the control link to {} is down", config.master(), e);
    } else {
      complained = true;
      log.warn(
          "the control link to {} is down, and is tried again: {}",
          config.master(),
          String.valueOf(e.getMessage()));
    }
  }
}
