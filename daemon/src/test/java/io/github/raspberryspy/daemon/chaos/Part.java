package io.github.raspberryspy.daemon.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A master or a camera: the runnable program in a process of its own. */
final class Part implements AutoCloseable {

  private static final int STOP_SECONDS = 90;

  private final Process process;
  private final Path out;
  private final Path err;

  private Part(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts it; what it says goes into files of this folder. */
  static Part start(
      Path jar, Path logs, String name, List<String> args, Map<String, String> environment)
      throws IOException {
    Path out = Files.createTempFile(logs, name + "-", ".out");
    Path err = logs.resolve(out.getFileName().toString().replace(".out", ".err"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", jar.toString()));
    command.addAll(args);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    return new Part(process, out, err);
  }

  /** The first line of its output that holds this text. */
  Optional<String> line(String text) throws IOException {
    return Files.readAllLines(out).stream().filter(line -> line.contains(text)).findFirst();
  }

  /** The last one that does. */
  Optional<String> lastLine(String text) throws IOException {
    return Files.readAllLines(out).stream()
        .filter(line -> line.contains(text))
        .reduce((earlier, later) -> later);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for its end; empty if it did not come. */
  Optional<Integer> await(long seconds) throws InterruptedException {
    return process.waitFor(seconds, TimeUnit.SECONDS)
        ? Optional.of(process.exitValue())
        : Optional.empty();
  }

  /** Ends it in order; says so where that fails. */
  Optional<String> stop(String who) throws InterruptedException, IOException {
    process.destroy(); // SIGTERM
    if (await(STOP_SECONDS).isEmpty()) {
      String said = said();
      kill();
      return Optional.of(
          who + " did not end within " + STOP_SECONDS + " s of being asked to; it said " + said);
    }
    return Optional.empty();
  }

  /** {@code SIGSTOP}: it hangs until it is let go on. */
  void hang() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** {@code SIGCONT}. */
  void goOn() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  /** {@code SIGKILL}. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  String said() throws IOException {
    return Files.readString(out) + Files.readString(err);
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
