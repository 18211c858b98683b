package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DurableFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.commons.io.input.BoundedInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Footage as files of the footage folder: a key is the path below it. */
final class LocalFiles implements FootageFiles {

  private static final Logger log = LoggerFactory.getLogger(LocalFiles.class);

  private final Path root;
  private final FootageIdentity identity;

  LocalFiles(Path root, FootageIdentity identity) {
    this.root = root;
    this.identity = identity;
  }

  private Path path(String key) {
    return root.resolve(key);
  }

  @Override
  public OptionalLong size(String key) throws IOException {
    try {
      return OptionalLong.of(Files.size(path(key)));
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public InputStream open(String key, long from, long bytes) throws IOException {
    FileChannel channel = FileChannel.open(path(key), StandardOpenOption.READ);
    try {
      channel.position(from);
      return BoundedInputStream.builder()
          .setInputStream(Channels.newInputStream(channel))
          .setMaxCount(bytes)
          .get();
    } catch (IOException e) {
      try (channel) {
        throw e;
      }
    }
  }

  @Override
  public void place(Path file, String key, Content content) throws IOException {
    Path to = path(key);
    DurableFiles.createDirectories(to.getParent());
    DurableFiles.rename(file, to);
  }

  @Override
  public void write(String key, byte[] bytes) throws IOException {
    DurableFiles.write(path(key), bytes);
  }

  @Override
  public void delete(List<String> keys) throws IOException {
    for (String key : keys) {
      Files.deleteIfExists(path(key));
    }
    Path day = path(keys.get(0)).getParent();
    if (Files.isDirectory(day)) {
      DurableFiles.syncDirectory(day); // also where an earlier attempt came no further
    }
  }

  @Override
  public List<String> days() throws IOException {
    List<String> days = new ArrayList<>();
    for (Path camera : foldersIn(root)) {
      if (FootageKeys.isCamera(camera.getFileName().toString())) {
        foldersIn(camera).forEach(day -> days.add(key(day)));
      }
    }
    return days;
  }

  private static List<Path> foldersIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isDirectory).sorted().toList();
    }
  }

  @Override
  public List<Entry> list(String day) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (Stream<Path> files = Files.list(path(day))) {
      files.sorted().forEach(file -> entry(file).ifPresent(entries::add));
    } catch (NoSuchFileException e) {
      return List.of(); // the day's last footage was deleted meanwhile
    }
    return entries;
  }

  private Optional<Entry> entry(Path file) {
    try {
      BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(new Entry(key(file), facts.size(), facts.lastModifiedTime().toInstant()));
    } catch (NoSuchFileException e) {
      return Optional.empty(); // it was deleted meanwhile
    } catch (IOException e) {
      log.warn("{} is passed over: {}", file, e.getMessage());
      return Optional.empty();
    }
  }

  private String key(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  @Override
  public boolean isHere() {
    return identity.isHere();
  }

  @Override
  public String complaint() {
    return identity.complaint();
  }

  @Override
  public String name() {
    return "the master's disk";
  }

  @Override
  public String where() {
    return "on " + name();
  }
}
