package io.github.raspberryspy.daemon.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The values of a set of keys, from (weakest first) their defaults, a YAML file, the environment,
 * and {@code --set}. A key that is not known is an error that lists the known ones. Immutable.
 */
public final class Settings {

  /** A text and where it came from. */
  private record Given(String text, String origin) {
    boolean isStrong() {
      return origin.equals(SET) || origin.startsWith(VARIABLE);
    }
  }

  private static final String SET = "--set";
  private static final String VARIABLE = "environment variable ";
  private static final String REMOTE = "the master's settings";

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
   * Only defaults and these values.
   *
   * @param origin who gives them, for complaints
   */
  public static Settings by(
      String origin, List<? extends ConfigKey<?>> known, Map<String, String> values) {
    Settings settings = new Settings(known);
    values.forEach((name, value) -> settings.take(name, value, origin));
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
    settings.takeEnvironment(environment);
    settings.takeSets(sets);
    known.forEach(settings::get);
    return settings;
  }

  /**
   * These settings with the master's, which are stronger than the file and weaker than environment
   * and {@code --set}.
   *
   * @param may which keys the master may set
   * @throws ConfigException in one sentence, if one of them is another key, or out of range
   */
  public Settings withRemote(List<? extends ConfigKey<?>> may, Map<String, String> values) {
    Settings settings = new Settings(List.copyOf(keys.values()));
    settings.given.putAll(given);
    List<String> names = may.stream().map(ConfigKey::name).toList();
    values.forEach(
        (name, value) -> {
          if (!names.contains(name)) {
            throw new ConfigException(
                "key \"" + name + "\" is not the master's to set; allowed are " + names);
          }
          Given own = given.get(name);
          if (own == null || !own.isStrong()) {
            settings.take(name, value, REMOTE);
          }
        });
    may.forEach(settings::get);
    return settings;
  }

  /**
   * Refuses values of the master that environment or {@code --set} are stronger than.
   *
   * @throws ConfigException in one sentence that names the first such key
   */
  public void requireWeak(Set<String> names) {
    for (String name : names) {
      Given own = given.get(name);
      if (own != null && own.isStrong()) {
        throw new ConfigException(
            "key \"" + name + "\" is set on the camera itself, by " + own.origin + ", which holds");
      }
    }
  }

  /** The text of a key, as it was given or by default; empty where it has none. */
  public String text(ConfigKey<?> key) {
    Given value = given.get(key.name());
    return value == null ? key.fallback().orElse("") : value.text;
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
    } catch (UnusableValueException e) {
      throw new ConfigException(
          "key \"" + key.name() + "\" in " + value.origin + ": " + e.getMessage());
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

  /** Of a value given twice the last holds; of two lists whoever wrote them wants neither lost. */
  private void takeSets(List<String> sets) {
    Set<String> names = new HashSet<>();
    for (String set : sets) {
      int equals = set.indexOf('=');
      if (equals < 1) {
        throw new ConfigException("--set \"" + set + "\" does not read KEY=VALUE");
      }
      String name = set.substring(0, equals).strip();
      if (!names.add(name) && keys.containsKey(name) && keys.get(name).isList()) {
        throw new ConfigException(
            "key \""
                + name
                + "\" is given twice by --set; allowed is once, with \";\" between the items of a list");
      }
      take(name, set.substring(equals + 1).strip(), SET);
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
    YamlFile.read(file, keys.keySet()).forEach((name, value) -> take(name, value, "file " + file));
  }

  private void takeEnvironment(Map<String, String> environment) {
    Map<String, ConfigKey<?>> variables = new TreeMap<>();
    keys.values().forEach(key -> variables.put(key.environmentVariable(), key));
    environment.forEach(
        (variable, value) -> {
          ConfigKey<?> key = variables.get(variable);
          if (key != null) {
            given.put(key.name(), new Given(value, VARIABLE + variable));
          } else if (variable.startsWith(ConfigKey.VARIABLE_PREFIX) && !isOfOthers(variable)) {
            throw new ConfigException(
                "environment variable "
                    + variable
                    + " is not known; known are "
                    + variables.keySet());
          }
        });
  }

  /** Camera and master may share an environment. */
  private static boolean isOfOthers(String variable) {
    return Stream.concat(CameraKeys.ALL.stream(), MasterKeys.ALL.stream())
        .anyMatch(key -> key.environmentVariable().equals(variable));
  }
}
