package io.github.raspberryspy.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.raspberryspy.segments.Durations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A configuration is read, or refused in a sentence; so is each text of a key. */
class ConfigFuzzTest {

  @FuzzTest
  void camera(byte[] data) throws IOException {
    read(data, CameraKeys.ALL);
  }

  @FuzzTest
  void master(byte[] data) throws IOException {
    read(data, MasterKeys.ALL);
  }

  private static void read(byte[] data, List<ConfigKey<?>> keys) throws IOException {
    Path file = Files.createTempFile("config", ".yml");
    try {
      Files.write(file, data);
      Settings settings = Settings.read(keys, file, Map.of(), List.of());
      for (ConfigKey<?> key : keys) {
        assertThat(settings.text(key)).isNotNull();
      }
    } catch (ConfigException e) {
      assertThat(e.getMessage()).isNotBlank();
    } finally {
      Files.delete(file);
    }
  }

  /** What a master sets of a camera, and what is written in rules. */
  @FuzzTest
  void texts(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    List<Runnable> readers =
        List.of(
            () -> ZoneText.read(text),
            () -> AlertRuleText.rules(text),
            () -> AlertRuleText.times(text),
            () -> AlertRuleText.kinds(text),
            () -> Durations.parse(text));
    for (Runnable reader : readers) {
      try {
        reader.run();
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }
}
