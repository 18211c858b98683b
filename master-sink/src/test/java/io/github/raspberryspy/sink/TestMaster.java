package io.github.raspberryspy.sink;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A master on a free port of this machine, and what lies in its folder. */
public final class TestMaster implements AutoCloseable {

  private final Path footage;
  private final UnaryOperator<MasterConfig.Builder> settings;
  private MasterServer server;

  private TestMaster(Path footage, UnaryOperator<MasterConfig.Builder> settings)
      throws IOException {
    this.footage = footage;
    this.settings = settings;
    this.server = start();
  }

  /** One with the settings that a master has by itself. */
  public static TestMaster start(Path footage) throws IOException {
    return start(footage, UnaryOperator.identity());
  }

  /** One with other settings. */
  public static TestMaster start(Path footage, UnaryOperator<MasterConfig.Builder> settings)
      throws IOException {
    return new TestMaster(footage, settings);
  }

  private MasterServer start() throws IOException {
    return MasterServer.start(
        settings.apply(MasterConfig.into(footage).listen("127.0.0.1", 0)).build());
  }

  /** Stops it, and starts another over the same folder. */
  public void restart() throws IOException {
    server.close();
    server = start();
  }

  /** Itself. */
  public MasterServer server() {
    return server;
  }

  /** Its address. */
  public URI url() {
    return server.url();
  }

  /** A camera that it knows. */
  public TestCamera camera(String name) {
    return new TestCamera(url(), server.credentialFor(name));
  }

  /** The videos of camera {@code front}. */
  public List<Path> videos() throws IOException {
    Path camera = footage.resolve("front");
    if (!Files.exists(camera)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(camera)) {
      return files.filter(f -> f.toString().endsWith(".mp4")).toList();
    }
  }

  /** What is under way. */
  public List<Path> incoming() throws IOException {
    try (Stream<Path> files = Files.list(footage.resolve(".raspberryspy/incoming"))) {
      return files.toList();
    }
  }

  /** What is kept for a person to look at. */
  public List<Path> quarantined(String ending) throws IOException {
    try (Stream<Path> files = Files.list(footage.resolve(".raspberryspy/quarantine"))) {
      return files.filter(f -> f.toString().endsWith(ending)).toList();
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
