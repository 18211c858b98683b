package io.github.raspberryspy.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a value comes from, and what is said of one that cannot be. */
class SettingsTest {

  private static final ConfigKey<Integer> COUNT =
      ConfigKey.integer("a.count", "How many.", 5, 1, 10);
  private static final ConfigKey<String> LABEL = ConfigKey.text("a.label", "A word.", "none");
  private static final ConfigKey<Duration> PAUSE =
      ConfigKey.duration("b.longest-pause", "A pause.", "1s", "0s", "1h");
  private static final List<ConfigKey<?>> KEYS = List.of(COUNT, LABEL, PAUSE);
  private static final String KNOWN = "known are [a.count, a.label, b.longest-pause]";

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("config.yml");
  }

  @Test
  void nothingGivenMeansTheDefault() {
    Settings settings = Settings.of(KEYS, List.of());
    assertThat(settings.get(COUNT)).isEqualTo(5);
    assertThat(settings.get(LABEL)).isEqualTo("none");
    assertThat(settings.get(PAUSE)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void theFileBeatsTheDefaultAndTheEnvironmentTheFileAndSetThemAll() throws Exception {
    Files.writeString(file, "a: {count: 2}");
    Map<String, String> environment = Map.of("RASPBERRYSPY_A_COUNT", "3", "OTHER", "9");
    assertThat(Settings.read(KEYS, file, Map.of(), List.of()).get(COUNT)).isEqualTo(2);
    assertThat(Settings.read(KEYS, file, environment, List.of()).get(COUNT)).isEqualTo(3);
    assertThat(Settings.read(KEYS, file, environment, List.of("a.count=4")).get(COUNT))
        .isEqualTo(4);
    assertThat(Settings.of(KEYS, List.of("a.count=4", " a.count = 6 ")).get(COUNT)).isEqualTo(6);
  }

  @Test
  void aDashAndADotOfAKeyAreUnderscoresInTheEnvironment() throws Exception {
    Files.writeString(file, "");
    Settings settings =
        Settings.read(KEYS, file, Map.of("RASPBERRYSPY_B_LONGEST_PAUSE", "7s"), List.of());
    assertThat(settings.get(PAUSE)).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void aKeyMayBeWrittenWithDotsInTheFile() throws Exception {
    assertThat(read("a.count: 7").get(COUNT)).isEqualTo(7);
  }

  @Test
  void aSetMayHoldFurtherEqualsSigns() {
    assertThat(Settings.of(KEYS, List.of("a.label=x?y=z")).get(LABEL)).isEqualTo("x?y=z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.count", "=3", "", "a.count:3"})
  void aSetThatIsNoAssignmentIsShown(String set) {
    assertThatThrownBy(() -> Settings.of(KEYS, List.of(set)))
        .isInstanceOf(ConfigException.class)
        .hasMessage("--set \"" + set + "\" does not read KEY=VALUE");
  }

  @Test
  void anUnknownKeyListsTheKnownOnesWhereverItStands() {
    assertThatThrownBy(() -> Settings.of(KEYS, List.of("a.cuont=3")))
        .hasMessage("key \"a.cuont\" in --set is not known; " + KNOWN);
    assertRefused("a: {cuont: 3}", "key \"a.cuont\" in file " + file + " is not known; " + KNOWN);
    assertRefused("c: 3", "key \"c\" in file " + file + " is not known; " + KNOWN);
    assertRefused("c: {d: {}}", "key \"c.d\" in file " + file + " is not known; " + KNOWN);
    assertRefused("c: {}", "key \"c\" in file " + file + " is not known; " + KNOWN);
    assertRefused("c:", "key \"c\" in file " + file + " is not known; " + KNOWN);
    assertRefused(
        "a: {count: {}}", "key \"a.count\" in file " + file + " holds keys instead of a value");
    assertRefused("1: 3", "key \"1\" in file " + file + " is not known; " + KNOWN);
  }

  @Test
  void anUnknownVariableOfOursIsRefusedButOneOfAnotherCommandIsNot() throws Exception {
    Files.writeString(file, "");
    assertThatThrownBy(
            () -> Settings.read(KEYS, file, Map.of("RASPBERRYSPY_A_CUONT", "3"), List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("environment variable RASPBERRYSPY_A_CUONT is not known; known are")
        .hasMessageContaining("RASPBERRYSPY_A_COUNT");
    Settings.read(KEYS, file, Map.of("RASPBERRYSPY_LISTEN_PORT", "3"), List.of());
  }

  @Test
  void aBadValueNamesKeyOriginValueAndRange() throws Exception {
    String allowed = "; allowed is a whole number from 1 to 10";
    assertRefused("a: {count: 11}", "key \"a.count\" in file " + file + " is \"11\"" + allowed);
    assertRefused("a: {count: }", "key \"a.count\" in file " + file + " is \"\"" + allowed);
    assertRefused("a: {count: 1.5}", "key \"a.count\" in file " + file + " is \"1.5\"" + allowed);
    assertThatThrownBy(() -> Settings.of(KEYS, List.of("a.count=many")).get(COUNT))
        .hasMessage("key \"a.count\" in --set is \"many\"" + allowed);
    Files.writeString(file, "");
    assertThatThrownBy(
            () -> Settings.read(KEYS, file, Map.of("RASPBERRYSPY_A_COUNT", ""), List.of()))
        .hasMessage(
            "key \"a.count\" in environment variable RASPBERRYSPY_A_COUNT is \"\"" + allowed);
  }

  @Test
  void aMissingKeyThatMustBeSetIsNamed() throws Exception {
    ConfigKey<String> needed = ConfigKey.required("b.needed", "Needed.");
    Files.writeString(file, "");
    assertThatThrownBy(() -> Settings.read(List.of(needed), file, Map.of(), List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("key \"b.needed\" is not set; it is a text");
    Files.writeString(file, "b: {needed: '  '}");
    assertThatThrownBy(() -> Settings.read(List.of(needed), file, Map.of(), List.of()))
        .hasMessage("key \"b.needed\" in file " + file + " is \"  \"; allowed is a text");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# only a comment\n", "---\n", "{}", "a:\n", "a: {}\nb:\n"})
  void aFileWithoutValuesMeansTheDefaults(String text) throws Exception {
    assertThat(read(text).get(COUNT)).isEqualTo(5);
  }

  @Test
  void aByteOrderMarkIsPassedOver() throws Exception {
    assertThat(read("\uFEFFa: {count: 3}").get(COUNT)).isEqualTo(3);
  }

  private Settings read(String text) throws IOException {
    Files.writeString(file, text);
    return Settings.read(KEYS, file, Map.of(), List.of());
  }

  private void assertRefused(String text, String sentence) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(ConfigException.class).hasMessage(sentence);
  }
}
