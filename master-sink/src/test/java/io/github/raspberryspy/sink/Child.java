package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program of the tests in a process of its own, which may be killed. */
final class Child {

  /** What it prints before its address, once it listens. */
  static final String READY = "READY ";

  private static final int PATIENCE_SECONDS = 60;

  private Child() {}

  /**
   * Starts it.
   *
   * @param log for what it says of errors
   */
  static Process start(Class<?> program, ProcessBuilder.Redirect log, String... args)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command).redirectError(log).start();
  }

  /** Waits until it listens: where. */
  static URI awaitUrl(Process child) {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
    String ready =
        CompletableFuture.supplyAsync(() -> firstLine(out))
            .completeOnTimeout("nothing", PATIENCE_SECONDS, TimeUnit.SECONDS)
            .join();
    assertThat(ready).as("what it says").startsWith(READY);
    return URI.create(ready.substring(READY.length()));
  }

  private static String firstLine(BufferedReader out) {
    try {
      return String.valueOf(out.readLine());
    } catch (IOException e) {
      return e.toString();
    }
  }
}
