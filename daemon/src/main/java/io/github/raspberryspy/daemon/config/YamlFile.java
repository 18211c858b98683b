package io.github.raspberryspy.daemon.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A configuration file, flattened: nested names are joined with dots. The file is small, and holds
 * no aliases of lists or maps, so that it cannot grow while it is read.
 */
final class YamlFile {

  private static final long MAX_BYTES = 1 << 20;

  private final Path file;
  private final Set<String> known;
  private final Map<String, String> values = new LinkedHashMap<>();

  private YamlFile(Path file, Set<String> known) {
    this.file = file;
    this.known = known;
  }

  /**
   * Reads one.
   *
   * @param known the names of values; a map is a section, which holds some of them
   * @throws ConfigException in one sentence that names the file
   */
  static Map<String, String> read(Path file, Set<String> known) {
    YamlFile yaml = new YamlFile(file, known);
    Object document = yaml.load();
    if (document instanceof Map<?, ?> map) {
      yaml.takeSection("", map);
    } else if (document != null) {
      throw new ConfigException("configuration file " + file + " holds no keys");
    }
    return yaml.values;
  }

  private Object load() {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file.toString())
            .setMaxAliasesForCollections(0)
            .setAllowRecursiveKeys(false)
            .build();
    try {
      return new Load(settings).loadFromString(text());
    } catch (MarkedYamlEngineException e) {
      throw new ConfigException(
          "configuration file " + file + " is not YAML: " + place(e) + e.getProblem());
    } catch (YamlEngineException e) {
      throw new ConfigException(
          "configuration file "
              + file
              + " is not YAML: "
              + e.getMessage().lines().map(String::strip).collect(Collectors.joining(" ")));
    } catch (StackOverflowError e) {
      throw new ConfigException(
          "configuration file " + file + " is not YAML of ours: it nests too deeply");
    }
  }

  private static String place(MarkedYamlEngineException e) {
    return e.getProblemMark()
        .map(mark -> "line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1) + ": ")
        .orElse("");
  }

  private String text() {
    if (!Files.isRegularFile(file)) {
      throw new ConfigException(
          "configuration file "
              + file
              + (Files.exists(file) ? " is not a file" : " does not exist"));
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new ConfigException(
            "configuration file " + file + " is larger than " + MAX_BYTES + " bytes");
      }
      String text = Files.readString(file);
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (MalformedInputException e) {
      throw new ConfigException("configuration file " + file + " is not UTF-8 text");
    } catch (IOException e) {
      throw new ConfigException(
          "configuration file " + file + " cannot be read: " + e.getClass().getSimpleName());
    }
  }

  private void takeSection(String prefix, Map<?, ?> section) {
    section.forEach((name, value) -> take(prefix + name, value));
  }

  private void take(String name, Object value) {
    if (value instanceof Map<?, ?> map) {
      if (known.contains(name)) {
        throw new ConfigException(
            "key \"" + name + "\" in file " + file + " holds keys instead of a value");
      }
      if (map.isEmpty() && !isSection(name)) {
        values.put(name, ""); // for whoever knows the keys to refuse
      }
      takeSection(name + ".", map);
    } else if (value != null && isSection(name)) {
      throw new ConfigException(
          "key \""
              + name
              + "\" in file "
              + file
              + " is \""
              + text(value)
              + "\"; allowed is a group of keys, which begins with "
              + firstIn(name));
    } else if (value != null || !isSection(name)) {
      if (values.put(name, text(value)) != null) {
        throw new ConfigException("key \"" + name + "\" in file " + file + " is set twice");
      }
    }
  }

  private static String text(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(String::valueOf).collect(Collectors.joining(";"));
    }
    return value == null ? "" : String.valueOf(value);
  }

  private String firstIn(String section) {
    return known.stream()
        .filter(key -> key.startsWith(section + "."))
        .sorted()
        .findFirst()
        .orElse("");
  }

  private boolean isSection(String name) {
    return known.stream().anyMatch(key -> key.startsWith(name + "."));
  }
}
