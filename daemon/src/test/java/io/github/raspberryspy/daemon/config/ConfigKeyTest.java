package io.github.raspberryspy.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each kind of key takes, at the edges of its range and beyond. */
class ConfigKeyTest {

  private enum Colour {
    DARK_RED,
    INDIGO
  }

  private static final ConfigKey<Long> BYTES = ConfigKey.bytes("k.bytes", "Data.", "1GB");
  private static final ConfigKey<Integer> NUMBER = ConfigKey.integer("k.int", "N.", 0, -2, 3);
  private static final ConfigKey<Duration> TIME =
      ConfigKey.duration("k.time", "Time.", "1s", "100ms", "1h");
  private static final ConfigKey<Colour> CHOICE =
      ConfigKey.choice("k.choice", "Colour.", Colour.INDIGO, Colour.class);

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "17, 17",
    "1MB, 1048576",
    "1 mb, 1048576",
    "500MB, 524288000",
    "20GB, 21474836480",
    "2tb, 2199023255552",
    "8388607TB, 9223370937343148032",
    "9223372036854775807, 9223372036854775807"
  })
  void anAmountOfDataHasAUnit(String text, long bytes) {
    assertThat(read(BYTES, text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "-1GB",
        "1KB",
        "1.5GB",
        "GB",
        "",
        "lots",
        "1GiB",
        "8388608TB",
        "9223372036854775808",
        "99999999999999999999TB"
      })
  void whatIsNoAmountOrOverflowsIsRefused(String text) {
    assertRefused(BYTES, text, "an amount of data such as 0, 500MB, 20GB or 2TB");
  }

  @ParameterizedTest
  @ValueSource(ints = {-2, 0, 3})
  void aNumberMayBeAtTheEdges(int value) {
    assertThat(read(NUMBER, Integer.toString(value))).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-3", "4", "", "1.0", "0x1", "4294967296", "one"})
  void aNumberBeyondTheEdgesIsRefused(String text) {
    assertRefused(NUMBER, text, "a whole number from -2 to 3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"100ms", "1h", "60m", "3600s"})
  void aTimeMayBeAtTheEdges(String text) {
    assertThat(read(TIME, text)).isBetween(Duration.ofMillis(100), Duration.ofHours(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"99ms", "3601s", "1", "", "1h30m", "-1s", "36501d"})
  void aTimeBeyondTheEdgesIsRefused(String text) {
    assertRefused(TIME, text, "a time from 100ms to 1h, such as 1s");
  }

  @Test
  void aChoiceIsTakenInAnyCaseAndListedInLower() {
    assertThat(read(CHOICE, "indigo")).isEqualTo(Colour.INDIGO);
    assertThat(read(CHOICE, "Dark_Red")).isEqualTo(Colour.DARK_RED);
    assertThat(CHOICE.fallback()).contains("indigo");
    assertRefused(CHOICE, "blue", "one of dark_red, indigo");
    assertRefused(CHOICE, "", "one of dark_red, indigo");
  }

  @Test
  void aFlagIsTrueOrFalseAndNothingElse() {
    ConfigKey<Boolean> flag = ConfigKey.flag("k.flag", "Whether.", true);
    assertThat(read(flag, "true")).isTrue();
    assertThat(read(flag, "false")).isFalse();
    for (String text : List.of("yes", "TRUE", "1", "")) {
      assertRefused(flag, text, "true or false");
    }
  }

  @Test
  void aFolderIsAPath() {
    ConfigKey<Path> folder = ConfigKey.folder("k.folder", "Where.");
    assertThat(read(folder, "a/b")).isEqualTo(Path.of("a/b"));
    assertRefused(folder, " ", "the path of a folder");
    assertRefused(folder, "a\0b", "the path of a folder");
  }

  @Test
  void theVariableIsTheNameInCapitals() {
    assertThat(ConfigKey.text("a-b.c", "", "").environmentVariable())
        .isEqualTo("RASPBERRYSPY_A_B_C");
  }

  private static <T> T read(ConfigKey<T> key, String text) {
    return Settings.of(List.of(key), List.of(key.name() + "=" + text)).get(key);
  }

  private static void assertRefused(ConfigKey<?> key, String text, String allowed) {
    assertThatThrownBy(() -> read(key, text))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "key \"%s\" in --set is \"%s\"; allowed is %s", key.name(), text.strip(), allowed);
  }
}
