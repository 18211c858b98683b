package io.github.raspberryspy.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.encode.EncoderConfig;
import io.github.raspberryspy.motion.MotionConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The commented files that {@code --print-config} shows say what the program does. */
class ReferenceTest {

  private static final Pattern LINE = Pattern.compile("( *)([a-z-]+): ?(.*)");
  private static final Pattern NUMBERS = Pattern.compile("a whole number from (\\d+) to (\\d+)");
  private static final Pattern TIMES = Pattern.compile("a time from (\\w+) to (\\w+),.*");

  @TempDir Path folder;

  static Stream<Arguments> references() {
    return Stream.of(
        Arguments.of("camera.yml", CameraKeys.ALL), Arguments.of("master.yml", MasterKeys.ALL));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("references")
  void everyKeyStandsThereInOrderAndNoOther(String name, List<ConfigKey<?>> keys) throws Exception {
    assertThat(comments(name).keySet())
        .containsExactlyElementsOf(keys.stream().map(ConfigKey::name).toList());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("references")
  void everyKeyHasItsDefault(String name, List<ConfigKey<?>> keys) throws Exception {
    Settings written = Settings.read(keys, file(name), Map.of(), List.of());
    for (ConfigKey<?> key : keys) {
      if (key.fallback().isPresent()) {
        assertThat(written.get(key))
            .as(key.name())
            .isEqualTo(Settings.of(keys, List.of()).get(key));
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("references")
  void theCommentAboveAKeyTellsItsMeaningAndRange(String name, List<ConfigKey<?>> keys)
      throws Exception {
    Map<String, String> comments = comments(name);
    for (ConfigKey<?> key : keys) {
      String comment = comments.get(key.name());
      assertThat(comment).as(key.name()).isNotBlank();
      assertThat(comment).as(key.name()).contains(words(key));
      assertThat(comment.contains("Required."))
          .as("%s is required", key.name())
          .isEqualTo(key.fallback().isEmpty());
    }
  }

  @Test
  void theFilesDescribeACameraAndAMaster() throws Exception {
    CameraConfig camera =
        CameraKeys.camera(Settings.read(CameraKeys.ALL, file("camera.yml"), Map.of(), List.of()));
    assertThat(camera.encoder()).isEqualTo(EncoderConfig.h264());
    assertThat(camera.motion())
        .contains(MotionKeys.config(Settings.of(CameraKeys.ALL, List.of()), List.of()));
    assertThat(
            MasterKeys.master(
                    Settings.read(MasterKeys.ALL, file("master.yml"), Map.of(), List.of()))
                .port())
        .isEqualTo(8470);
  }

  @Test
  void motionIsByDefaultWhatTheDetectorHasByDefault() {
    assertThat(MotionKeys.config(Settings.of(MotionKeys.DETECTION, List.of()), List.of()))
        .isEqualTo(MotionConfig.defaults());
  }

  /** What of the range must stand in the comment, as far as that follows from the key. */
  private static List<String> words(ConfigKey<?> key) {
    Matcher numbers = NUMBERS.matcher(key.allowed());
    if (numbers.matches()) {
      return List.of(numbers.group(1) + " to " + numbers.group(2));
    }
    Matcher times = TIMES.matcher(key.allowed());
    if (times.matches()) {
      return List.of(times.group(1), " to " + times.group(2));
    }
    if (key.allowed().startsWith("one of ")) {
      return List.of(key.allowed().substring("one of ".length()).split(", "));
    }
    return key.allowed().matches("a text|the path of .*|an amount .*")
        ? List.of(".")
        : List.of(key.allowed());
  }

  /** Each key of the file with the comment right above it. */
  private Map<String, String> comments(String name) throws IOException {
    Map<String, String> comments = new LinkedHashMap<>();
    List<String> above = new ArrayList<>();
    List<String> sections = new ArrayList<>();
    for (String line : Files.readAllLines(file(name))) {
      Matcher key = LINE.matcher(line);
      if (line.strip().startsWith("#")) {
        above.add(line.strip());
      } else if (key.matches()) {
        sections.subList(key.group(1).length() / 2, sections.size()).clear();
        sections.add(key.group(2));
        if (!key.group(3).isEmpty()) {
          comments.put(String.join(".", sections), String.join(" ", above));
        }
        above.clear();
      } else {
        assertThat(line).isBlank();
      }
    }
    return comments;
  }

  private Path file(String name) throws IOException {
    try (InputStream in = CameraKeys.class.getResourceAsStream(name)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Files.writeString(folder.resolve(name), text);
    }
  }
}
