package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The child process {@code rpicam-vid}: started with an argument vector, read by a pipe, and gone
 * when this is closed.
 *
 * <p>Its output waits in a few buffers; once they are full the pipe fills, and the child loses
 * pictures, not this program its memory. What it says goes to the log, so many lines at the most.
 * {@link #stop} may be called from any thread, all else on one.
 */
final class RpicamProcess implements AutoCloseable {

  /** Names a program in place of rpicam-vid. */
  static final String PROPERTY = "raspberryspy.rpicam";

  private static final Logger log = LoggerFactory.getLogger(RpicamProcess.class);
  private static final List<String> PROGRAMS = List.of("rpicam-vid", "libcamera-vid");
  private static final int CHUNKS = 8;
  private static final int CHUNK_BYTES = 1 << 17;
  private static final int LOGGED_LINES = 50;
  private static final int LINE_LENGTH = 300;
  private static final int LAST_LINES = 5;
  private static final long GRACE_MILLIS = 1000;

  /** Some of the child's output. */
  static final class Chunk {
    final byte[] bytes = new byte[CHUNK_BYTES];
    int length; // -1 at the end of the output
    long arrivalNanos;
  }

  private final String program;
  private final Process process;
  private final ArrayBlockingQueue<Chunk> filled = new ArrayBlockingQueue<>(CHUNKS + 1);
  private final ArrayBlockingQueue<Chunk> empty = new ArrayBlockingQueue<>(CHUNKS + 1);
  private final ArrayDeque<String> lastLines = new ArrayDeque<>(); // guarded by itself
  private final List<Thread> threads = new ArrayList<>();
  private final Set<ProcessHandle> family = new HashSet<>(); // of the child; guarded by itself

  private RpicamProcess(String program, Process process) {
    this.program = program;
    this.process = process;
    for (int i = 0; i < CHUNKS; i++) {
      empty.add(new Chunk());
    }
  }

  /**
   * Starts the child.
   *
   * @param arguments behind the program's name; no shell looks at them
   * @throws CameraException of kind DEVICE_ABSENT, if there is no such program
   */
  static RpicamProcess start(List<String> arguments) {
    String named = System.getProperty(PROPERTY);
    List<String> programs = named == null ? PROGRAMS : List.of(named);
    IOException failure = null;
    for (String program : programs) {
      List<String> command = new ArrayList<>();
      command.add(program);
      command.addAll(arguments);
      try {
        RpicamProcess child = new RpicamProcess(program, new ProcessBuilder(command).start());
        child.begin();
        return child;
      } catch (IOException e) {
        failure = e;
      }
    }
    throw new CameraException(
        Kind.DEVICE_ABSENT,
        named == null
            ? "neither rpicam-vid nor libcamera-vid is installed: the package is rpicam-apps"
            : "property " + PROPERTY + " names " + named + ", which cannot be run",
        failure);
  }

  /** The name of the program that runs. */
  String program() {
    return program;
  }

  /**
   * Waits for output.
   *
   * @return some of it, to be given back by {@link #recycle}; null if none came in this time
   */
  Chunk poll(long millis) throws InterruptedException {
    return filled.poll(millis, TimeUnit.MILLISECONDS);
  }

  /** Gives a buffer back to be filled anew. */
  void recycle(Chunk chunk) {
    empty.add(chunk);
  }

  /** Makes the child end, and a waiting {@link #poll} return. */
  void stop() {
    // Once the child is gone nobody knows whose they were.
    synchronized (family) {
      process.descendants().forEach(family::add);
      process.destroy(); // first, or it might start others in their place
      family.forEach(ProcessHandle::destroy);
    }
  }

  /** What to say once the child has ended by itself. */
  CameraException ended() {
    await(GRACE_MILLIS);
    joinAll(); // what it said last is read by then
    String said = said();
    String lower = said.toLowerCase(Locale.ROOT);
    Kind kind = Kind.DEVICE_TIMEOUT;
    if (lower.contains("no cameras available") || lower.contains("selected camera is not")) {
      kind = Kind.DEVICE_ABSENT;
    } else if (lower.contains("failed to acquire camera") || lower.contains("in use by another")) {
      kind = Kind.DEVICE_BUSY;
    }
    String status = process.isAlive() ? "closed its output" : "ended with " + process.exitValue();
    return new CameraException(
        kind, program + " " + status + (said.isEmpty() ? " and said nothing" : ": " + said));
  }

  /** What it said last, in one line. */
  String said() {
    synchronized (lastLines) {
      return String.join(" | ", lastLines);
    }
  }

  /** Ends the child, by force if need be, and the threads that read it. */
  @Override
  public void close() {
    stop();
    if (!await(GRACE_MILLIS)) {
      log.warn("{} does not end when told to, and is killed", program);
      synchronized (family) {
        process.descendants().forEach(family::add);
      }
      process.destroyForcibly();
      await(GRACE_MILLIS);
    }
    synchronized (family) {
      family.forEach(ProcessHandle::destroyForcibly);
    }
    threads.forEach(Thread::interrupt);
    joinAll();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  private void begin() throws IOException {
    process.getOutputStream().close();
    start("rpicam-output", this::readOutput);
    start("rpicam-errors", this::readErrors);
  }

  private void readOutput() {
    try (InputStream output = process.getInputStream()) {
      int length = 0;
      while (length >= 0) {
        Chunk chunk = empty.take();
        length = output.read(chunk.bytes);
        chunk.length = length;
        chunk.arrivalNanos = System.nanoTime();
        filled.put(chunk);
      }
    } catch (IOException e) {
      log.debug("the output of {} broke off", program, e); // it was told to stop
      Chunk end = new Chunk();
      end.length = -1;
      filled.offer(end);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it is closed
    }
  }

  private void readErrors() {
    try (BufferedReader errors =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      int lines = 0;
      for (String line = readLine(errors); line != null; line = readLine(errors)) {
        if (line.isBlank()) {
          continue;
        }
        synchronized (lastLines) {
          lastLines.add(line);
          if (lastLines.size() > LAST_LINES) {
            lastLines.remove();
          }
        }
        if (lines++ < LOGGED_LINES) {
          log.info("{}: {}", program, line);
        } else if (lines == LOGGED_LINES + 1) {
          log.info("{}: and more, which is not logged", program);
        }
      }
    } catch (IOException e) {
      log.debug("the messages of {} broke off", program, e);
    }
  }

  /** A line, cut where it is longer than anybody reads; null at the end. */
  private static String readLine(Reader reader) throws IOException {
    StringBuilder line = new StringBuilder();
    int c = reader.read();
    if (c < 0) {
      return null;
    }
    for (; c >= 0 && c != '\n'; c = reader.read()) {
      if (line.length() < LINE_LENGTH && c >= ' ') {
        line.append((char) c);
      }
    }
    return line.toString().strip();
  }

  private void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private boolean await(long millis) {
    try {
      return process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    }
  }

  private void joinAll() {
    for (Thread thread : threads) {
      try {
        thread.join(GRACE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
