package io.github.raspberryspy.daemon.analyze;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is written of each file is called as the file is; where names repeat, as its folder is, and
 * where those repeat as well, by folder and name, such as {@code
 * front-2026-11-23T14-00-00Z_r1-000001}.
 */
final class Names {

  private Names() {}

  /**
   * A name for each.
   *
   * @throws IllegalArgumentException in one sentence, if two cannot be told apart
   */
  static Map<Footage, String> of(List<Footage> files, String ending) {
    Map<String, Integer> plain = new HashMap<>();
    Map<String, Integer> folders = new HashMap<>();
    for (Footage file : files) {
      plain.merge(file.name(), 1, Integer::sum);
      folders.merge(folder(file), 1, Integer::sum);
    }
    Map<Footage, String> names = new LinkedHashMap<>();
    Set<String> taken = new HashSet<>();
    for (Footage file : files) {
      String name = file.name();
      if (plain.get(name) > 1) {
        name = folders.get(folder(file)) > 1 ? owner(file) + "-" + name : folder(file);
      }
      if (!taken.add(name)) {
        throw new IllegalArgumentException("two of the files would both become " + name + ending);
      }
      names.put(file, name);
    }
    return names;
  }

  /** Whose it is: a segment's camera, or the folder. */
  private static String owner(Footage file) {
    return file.place().map(place -> place.id().camera()).orElseGet(() -> folder(file));
  }

  private static String folder(Footage file) {
    Path parent = file.file().toAbsolutePath().normalize().getParent();
    return parent == null || parent.getFileName() == null ? "" : parent.getFileName().toString();
  }
}
