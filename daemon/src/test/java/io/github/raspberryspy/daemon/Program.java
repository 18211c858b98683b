package io.github.raspberryspy.daemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The runnable program in a process of its own, as a user starts it. */
final class Program implements AutoCloseable {

  private static final Path JAR =
      Path.of(System.getProperty("raspberryspy.jar", "target/raspberryspy.jar"));

  private static final Pattern SIGN_IN = Pattern.compile("\"signIn\":\"([^\"]+)\"");

  private final Process process;
  private final Path out;
  private final Path err;

  private Program(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** What came of a program that has ended. */
  record Result(int exit, List<String> out, List<String> err) {}

  /**
   * Starts it.
   *
   * @param logs an existing folder for its output
   */
  static Program start(Path logs, String... args) {
    try {
      Path out = Files.createTempFile(logs, args[0], ".out");
      Path err = Files.createTempFile(logs, args[0], ".err");
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("-Xmx256m");
      command.add("-jar");
      command.add(JAR.toString());
      command.addAll(List.of(args));
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      process.getOutputStream().close();
      return new Program(process, out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts a demo on a free port, with what it keeps in the folder too.
   *
   * @param folder an existing one
   * @param more of its options
   */
  static Program demo(Path folder, String... more) {
    List<String> args = new ArrayList<>(List.of("demo", "--json", "--port", "0"));
    args.addAll(List.of("--dir", folder.resolve("demo").toString()));
    args.addAll(List.of(more));
    return start(folder, args.toArray(String[]::new));
  }

  /** Runs it to its end. */
  static Result run(Path logs, Duration limit, String... args) throws InterruptedException {
    try (Program program = start(logs, args)) {
      return program.await(limit);
    }
  }

  /** Runs another program, and returns what it wrote to either stream. */
  static String tool(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return text;
  }

  Result await(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still running after " + limit + "; it said " + out() + err());
    }
    return new Result(process.exitValue(), out(), err());
  }

  /** Waits for a line of standard output that holds this text. */
  String awaitLine(String text) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> lineWith(text), line -> !line.isEmpty());
  }

  /** Waits until a demo or a master is ready, and returns the link that it gives to sign in by. */
  URI signInLink() {
    Matcher link = SIGN_IN.matcher(awaitLine("\"ready\""));
    if (!link.find()) {
      throw new AssertionError("it gave no link: " + out());
    }
    return URI.create(link.group(1));
  }

  List<String> out() {
    return lines(out);
  }

  List<String> err() {
    return lines(err);
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** {@code SIGTERM}. */
  void terminate() {
    process.destroy();
  }

  /** {@code SIGKILL}. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }

  private String lineWith(String text) {
    if (!process.isAlive() && out().stream().noneMatch(line -> line.contains(text))) {
      throw new AssertionError("ended with " + process.exitValue() + ": " + err());
    }
    return out().stream().filter(line -> line.contains(text)).findFirst().orElse("");
  }

  private static List<String> lines(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
