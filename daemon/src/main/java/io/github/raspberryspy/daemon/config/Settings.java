package io.github.raspberryspy.daemon.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The values of a set of keys, from (weakest first) their defaults, a YAML file, the environment,
 * and {@code --set}. A key that is not known is an error that lists the known ones. Immutable.
 */
public final class Settings {

  private static final long MAX_FILE_BYTES = 1 << 20;

  /** A text and where it came from. */
  private record Given(String text, String origin) {}

  private final Map<String, ConfigKey<?>> keys = new TreeMap<>();
  private final Map<String, Given> given = new HashMap<>();

  private Settings(List<? extends ConfigKey<?>> known) {
    known.forEach(key -> keys.put(key.name(), key));
  }

  /** Only defaults and {@code --set}. */
  public static Settings of(List<? extends ConfigKey<?>> known, List<String> sets) {
    Settings settings = new Settings(known);
    settings.takeSets(sets);
    return settings;
  }

  /**
   * Reads a file and what overrides it, and checks every value at once.
   *
   * @throws ConfigException in one sentence
   */
  public static Settings read(
      List<? extends ConfigKey<?>> known,
      Path file,
      Map<String, String> environment,
      List<String> sets) {
    Settings settings = new Settings(known);
    settings.takeFile(file);
    for (ConfigKey<?> key : known) {
      String value = environment.get(key.environmentVariable());
      if (value != null) {
        settings.given.put(
            key.name(), new Given(value, "environment variable " + key.environmentVariable()));
      }
    }
    settings.takeSets(sets);
    known.forEach(settings::get);
    return settings;
  }

  /**
   * The value of a key.
   *
   * @throws ConfigException if it is out of range, or missing
   */
  public <T> T get(ConfigKey<T> key) {
    Given value = given.get(key.name());
    if (value == null) {
      return key.reader()
          .apply(
              key.fallback()
                  .orElseThrow(
                      () ->
                          new ConfigException(
                              "key \"" + key.name() + "\" is not set; it is " + key.allowed())));
    }
    try {
      return key.reader().apply(value.text);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new ConfigException(
          "key \""
              + key.name()
              + "\" in "
              + value.origin
              + " is \""
              + value.text
              + "\"; allowed is "
              + key.allowed());
    }
  }

  private void takeSets(List<String> sets) {
    for (String set : sets) {
      int equals = set.indexOf('=');
      if (equals < 1) {
        throw new ConfigException("--set \"" + set + "\" does not read KEY=VALUE");
      }
      take(set.substring(0, equals).strip(), set.substring(equals + 1).strip(), "--set");
    }
  }

  private void take(String name, String value, String origin) {
    if (!keys.containsKey(name)) {
      throw new ConfigException(
          "key \"" + name + "\" in " + origin + " is not known; known are " + keys.keySet());
    }
    given.put(name, new Given(value, origin));
  }

  private void takeFile(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new ConfigException("configuration file " + file + " does not exist");
      }
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new ConfigException(
            "configuration file " + file + " is larger than " + MAX_FILE_BYTES + " bytes");
      }
      Object document =
          new Load(LoadSettings.builder().setLabel(file.toString()).build())
              .loadFromString(Files.readString(file));
      if (document != null) {
        flatten("", document, "file " + file);
      }
    } catch (MalformedInputException e) {
      throw new ConfigException("configuration file " + file + " is not UTF-8 text");
    } catch (IOException e) {
      throw new ConfigException(
          "configuration file " + file + " cannot be read: " + e.getMessage());
    } catch (YamlEngineException e) {
      throw new ConfigException(
          "configuration file "
              + file
              + " is not YAML: "
              + e.getMessage().lines().map(String::strip).reduce((a, b) -> a + " " + b).orElse(""));
    }
  }

  private void flatten(String prefix, Object node, String origin) {
    if (node instanceof Map<?, ?> map) {
      map.forEach(
          (name, value) ->
              flatten(prefix.isEmpty() ? "" + name : prefix + "." + name, value, origin));
    } else if (node instanceof List<?> list) {
      List<String> items = new ArrayList<>();
      list.forEach(item -> items.add(String.valueOf(item)));
      take(prefix, String.join(";", items), origin);
    } else if (prefix.isEmpty()) {
      throw new ConfigException(origin + " holds no keys");
    } else {
      take(prefix, node == null ? "" : String.valueOf(node), origin);
    }
  }
}
