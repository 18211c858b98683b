package io.github.raspberryspy.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that are no configuration: refused soon, in one sentence that names the file. */
@Timeout(value = 10, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileYamlTest {

  private static final List<ConfigKey<?>> KEYS =
      List.of(ConfigKey.text("a.b", "A word.", "none"), ConfigKey.text("x", "Another.", ""));

  @TempDir Path folder;

  static Stream<Arguments> documents() {
    return Stream.of(
        Arguments.of("a list", "- a\n- b\n", "holds no keys"),
        Arguments.of("an empty list", "[]", "holds no keys"),
        Arguments.of("a scalar", "just words", "holds no keys"),
        Arguments.of("not closed", "a: [unclosed", "is not YAML: line 1, column 13: expected"),
        Arguments.of("a tab", "a:\n\tb: 1\n", "is not YAML: line 2, column 1: found"),
        Arguments.of(
            "a value for a group",
            "a: 5",
            "is \"5\"; allowed is a group of keys, which begins with a.b"),
        Arguments.of("two documents", "a.b: 1\n---\na.b: 2\n", "is not YAML"),
        Arguments.of("the same key twice", "a: {b: 1, b: 2}", "is not YAML"),
        Arguments.of("the same key, spelt twice", "a: {b: 1}\na.b: 2\n", "is set twice"),
        Arguments.of("a class", "x: !!java.net.URL ['http://192.0.2.1/']", "is not YAML"),
        Arguments.of("a NUL", "x: a\0b", "is not YAML"),
        Arguments.of("itself within itself", "a: &a {c: *a}", "is not YAML"),
        Arguments.of("a list of itself", "x: &x [*x]", "is not YAML"),
        Arguments.of("a key of itself", "? &x [*x]\n: 1\n", "is not YAML"),
        Arguments.of("doubled maps", bomb(24, "{c: *%1$s, d: *%1$s}"), "is not YAML"),
        Arguments.of("doubled lists", bomb(24, "[*%1$s, *%1$s]"), "is not YAML"),
        Arguments.of(
            "laughs", bomb(9, "[*%1$s, *%1$s, *%1$s, *%1$s, *%1$s, *%1$s, *%1$s]"), "is not YAML"),
        Arguments.of("a deep list", "x: " + "[".repeat(100_000), "is not YAML"),
        Arguments.of("deep maps", "{a: ".repeat(100_000), "is not YAML"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("documents")
  void whatIsNoConfigurationIsRefusedSoon(String name, String text, String why) throws Exception {
    assertRefused(Files.writeString(folder.resolve("c.yml"), text), why);
  }

  @Test
  void aScalarMayBeRepeatedByItsAnchor() throws Exception {
    Path file = Files.writeString(folder.resolve("c.yml"), "a: {b: &w word}\nx: *w\n");
    Settings settings = Settings.read(KEYS, file, Map.of(), List.of());
    assertThat(KEYS.stream().map(settings::get)).allMatch("word"::equals);
  }

  @Test
  void otherThanUtf8IsRefused() throws Exception {
    byte[] latin1 = "x: Tür".getBytes(StandardCharsets.ISO_8859_1);
    assertRefused(Files.write(folder.resolve("c.yml"), latin1), "is not UTF-8 text");
    byte[] utf16 = "x: word".getBytes(StandardCharsets.UTF_16);
    assertRefused(Files.write(folder.resolve("c.yml"), utf16), "is not UTF-8 text");
  }

  @Test
  void aHugeFileIsNotRead() throws Exception {
    Path file = Files.writeString(folder.resolve("c.yml"), "#".repeat((1 << 20) + 1));
    assertRefused(file, "is larger than 1048576 bytes");
  }

  @Test
  void whatIsAbsentOrNoFileIsSaidToBeSo() {
    assertRefused(folder.resolve("absent.yml"), "does not exist");
    assertRefused(folder, "is not a file");
  }

  private static void assertRefused(Path file, String why) {
    assertThatThrownBy(() -> Settings.read(KEYS, file, Map.of(), List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(why)
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(2_000));
  }

  /** Each level holds the one before it as often as the pattern says. */
  private static String bomb(int levels, String pattern) {
    StringBuilder text = new StringBuilder("l0: &l0 [lol]\n");
    for (int i = 1; i <= levels; i++) {
      text.append("l").append(i).append(": &l").append(i).append(" ");
      text.append(String.format(pattern, "l" + (i - 1))).append("\n");
    }
    return text.toString();
  }
}
