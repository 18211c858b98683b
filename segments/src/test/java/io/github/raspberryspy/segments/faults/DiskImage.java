package io.github.raspberryspy.segments.faults;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** What is on a disk: files and folders by number, folder 0 at the root. Not thread-safe. */
public final class DiskImage {

  private static final byte[] EMPTY = {};

  private final Map<Integer, byte[]> files = new HashMap<>();
  private final Map<Integer, TreeMap<String, Integer>> folders = new HashMap<>();
  private int next = 1;

  /** An empty root. */
  public DiskImage() {
    folders.put(0, new TreeMap<>());
  }

  /** Another one that shares nothing that changes. */
  public DiskImage copy() {
    DiskImage copy = new DiskImage();
    copy.files.putAll(files);
    folders.forEach((number, names) -> copy.folders.put(number, new TreeMap<>(names)));
    copy.next = next;
    return copy;
  }

  /** Does it. Bytes are copied, never changed in place. */
  void apply(DiskChange change) {
    if (change instanceof DiskChange.Write w) {
      byte[] old = data(w.inode());
      byte[] bytes = Arrays.copyOf(old, (int) Math.max(old.length, w.offset() + w.bytes().length));
      System.arraycopy(w.bytes(), 0, bytes, (int) w.offset(), w.bytes().length);
      files.put(w.inode(), bytes);
    } else if (change instanceof DiskChange.Truncate t) {
      files.put(t.inode(), Arrays.copyOf(data(t.inode()), (int) t.size()));
    } else if (change instanceof DiskChange.Link l) {
      if (l.isFolder()) {
        folders.computeIfAbsent(l.inode(), n -> new TreeMap<>());
      }
      entries(l.folder()).put(l.name(), l.inode());
      next = Math.max(next, l.inode() + 1);
    } else if (change instanceof DiskChange.Unlink u) {
      entries(u.folder()).remove(u.name(), u.inode());
    } else if (change instanceof DiskChange.Rename r) {
      entries(r.folder()).remove(r.from(), r.inode());
      entries(r.folder()).put(r.to(), r.inode());
    }
  }

  int newInode() {
    return next++;
  }

  boolean isDirectory(int inode) {
    return folders.containsKey(inode);
  }

  byte[] data(int inode) {
    return files.getOrDefault(inode, EMPTY);
  }

  private Map<String, Integer> entries(int folder) {
    return folders.computeIfAbsent(folder, n -> new TreeMap<>());
  }

  List<String> names(int folder) {
    return List.copyOf(entries(folder).keySet());
  }

  /** The number of what has this absolute path, or -1. */
  int find(String path) {
    int at = 0;
    for (String name : path.split("/", -1)) {
      if (!name.isEmpty()) {
        Integer child = isDirectory(at) ? entries(at).get(name) : null;
        if (child == null) {
          return -1;
        }
        at = child;
      }
    }
    return at;
  }

  /** Bytes of the files that have a name. */
  long usedBytes() {
    return folders.values().stream()
        .flatMap(names -> names.values().stream())
        .distinct()
        .mapToLong(inode -> data(inode).length)
        .sum();
  }

  /** Every file that can be reached, by its path. */
  public Map<String, byte[]> contents() {
    Map<String, byte[]> found = new TreeMap<>();
    collect(0, "", found);
    return found;
  }

  private void collect(int folder, String path, Map<String, byte[]> into) {
    entries(folder)
        .forEach(
            (name, inode) -> {
              if (isDirectory(inode)) {
                collect(inode, path + "/" + name, into);
              } else {
                into.put(path + "/" + name, data(inode));
              }
            });
  }

  /** Equal for equal files under equal names; folders that hold none do not count. */
  public long fingerprint() {
    long hash = 17;
    CRC32C crc = new CRC32C();
    for (Map.Entry<String, byte[]> file : contents().entrySet()) {
      crc.reset();
      crc.update(file.getValue());
      hash = hash * 1_000_003 + file.getKey().hashCode();
      hash = hash * 1_000_003 + crc.getValue();
      hash = hash * 1_000_003 + file.getValue().length;
    }
    return hash;
  }
}
