package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntSupplier;

/** What came of a command line: its exit code, and the lines that it wrote. */
record Outcome(int exit, List<String> out, List<String> err) {

  /** Runs the program in this process. */
  static Outcome of(String... args) {
    return of(() -> Main.run(args));
  }

  static Outcome of(IntSupplier command) {
    PrintStream realOut = System.out;
    PrintStream realErr = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      int exit = command.getAsInt();
      return new Outcome(
          exit,
          out.toString(StandardCharsets.UTF_8).lines().toList(),
          err.toString(StandardCharsets.UTF_8).lines().toList());
    } finally {
      System.setOut(realOut);
      System.setErr(realErr);
    }
  }

  /** It was refused in one sentence that begins so. */
  void assertRefused(int expected, String sentence) {
    assertThat(exit).isEqualTo(expected);
    assertThat(out).isEmpty();
    assertThat(err.stream().filter(line -> line.startsWith("raspberryspy: ")))
        .as("%s", err)
        .singleElement()
        .asString()
        .startsWith("raspberryspy: " + sentence);
    assertThat(err).noneMatch(line -> line.startsWith("\tat "));
  }
}
