package io.github.raspberryspy.sink.tls;

import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.KeyFile;
import io.github.raspberryspy.sink.auth.MasterSecret;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;

/** Where the master's keys come from. */
final class KeyStock {

  private static final String FILE = "master.key";

  private KeyStock() {}

  /**
   * The key that a master has of its own, in {@code master.key}, open to its owner alone; made
   * where there is none yet. Two processes that do so at the same time get the same one.
   *
   * @param folder the master's folder of internals; created
   */
  static synchronized ServerKey own(Path folder, List<String> names) throws IOException {
    DurableFiles.createDirectories(folder);
    Path file = folder.resolve(FILE);
    try (FileChannel lock =
        FileChannel.open(
            folder.resolve(FILE + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      lock.lock(); // given back when the channel closes
      if (!Files.exists(file)) {
        KeyFile.write(file, Certificates.own(names).pem().getBytes(StandardCharsets.US_ASCII));
      }
    }
    return read(file);
  }

  /** The same of replicas, in the database that they share. */
  static ServerKey shared(MasterSecret.Note note, List<String> names) throws IOException {
    String pem = note.putIfAbsent(FILE, Certificates.own(names).pem());
    return ServerKey.parse(pem, "the note " + FILE + " in the index's database");
  }

  /** The one that the master's owner brought. */
  static ServerKey brought(TlsConfig.Files files) throws IOException {
    String key = new String(readKey(files.key()), StandardCharsets.US_ASCII);
    String chain = Files.readString(files.certificate(), StandardCharsets.ISO_8859_1);
    return ServerKey.parse(chain + "\n" + key, files.certificate() + " with " + files.key());
  }

  /** When what the owner brought was changed last. */
  static List<FileTime> changed(TlsConfig.Files files) throws IOException {
    return List.of(
        Files.getLastModifiedTime(files.certificate()), Files.getLastModifiedTime(files.key()));
  }

  private static ServerKey read(Path file) throws IOException {
    return ServerKey.parse(new String(readKey(file), StandardCharsets.US_ASCII), file.toString());
  }

  private static byte[] readKey(Path file) throws IOException {
    try {
      return KeyFile.read(file);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
